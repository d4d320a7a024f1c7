"""Commands about entities over HTTP, on the real database: one effect a key, decided on the version that is there."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from contracts.events.registration import EntityChanged, EntityRegistered
from kit.clock import ManualClock
from kit.database import Database
from tests.conftest import MakeDatabase
from tests.integration.registration.desk import application_on
from tests.tokens import Issuer

pytestmark = pytest.mark.servers

NOW = datetime(2024, 2, 28, 2, 0, tzinfo=UTC)
A, B, C = "91999999MA0000001N", "91999999MA0000002R", "92999999MA0000003R"
FACTS: dict[str, Any] = {"uscc": A, "name": "龙水五金", "divisionCode": "500111101003", "registeredOn": "2011-06-17"}
FULL: dict[str, Any] = FACTS | {
    "legalForm": "小微企业",
    "capital": {"amount": "2000000.50"},
    "businessScope": "五金制品",
    "address": "龙水镇",
}


class Desk:
    """A client of registration's HTTP side, and a look into its outbox."""

    def __init__(self, app: FastAPI, issuer: Issuer, url: str) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://registration")
        self.issuer = issuer
        self._url = url

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        role: str = "DISTRICT",
        division: str = "500111000000",
        subject: str = "clerk-17",
    ) -> httpx.Response:
        headers = self.issuer.header(role, division, sub=subject)
        headers["Idempotency-Key"] = key or str(uuid4())
        return await self.client.request(method, path, json=body, headers=headers)

    async def register(self, **changed: object) -> UUID:
        answer = await self.send("POST", "/entities", FACTS | changed)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["aggregates"][0]["id"])

    async def told(self) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self._url)
        try:
            return list(await connection.fetch("SELECT * FROM outbox WHERE topic = 'registration-entity' ORDER BY id"))
        finally:
            await connection.close()


@pytest.fixture
async def desk(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    url = await make_database("registration")
    database = Database(url, application_name="test", pool_size=10)
    app, issuer = application_on(url, database, ManualClock(NOW), tmp_path)
    yield Desk(app, issuer, url)
    await database.close()


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    assert any("\u4e00" <= character <= "\u9fff" for character in body["detailZh"])
    return answer.status_code, body["type"].removeprefix("urn:lianhe:problem:")


async def test_an_entity_is_registered_told_and_can_be_read(desk: Desk) -> None:
    answer = await desk.send("POST", "/entities", FULL)

    assert answer.status_code == 201
    changed, form = answer.json()["aggregates"]
    assert (form["aggregate"], form["version"]) == ("registration-form", 1)
    assert changed == {"aggregate": "registration-entity", "id": changed["id"], "version": 1}
    [told] = await desk.told()
    assert (told["type"], told["key"]) == (EntityRegistered.event_type, changed["id"])
    assert str(told["correlation_id"]) == answer.json()["correlationId"]
    event = EntityRegistered.model_validate_json(told["payload"])
    assert (event.uscc, event.kind, str(event.effective_on)) == (A, "MICRO_SMALL_ENTERPRISE", "2011-06-17")
    read = await desk.send("GET", f"/entities/{changed['id']}")
    assert read.json() == FULL | {
        "id": changed["id"],
        "version": 1,
        "state": "ACTIVE",
        "kind": "MICRO_SMALL_ENTERPRISE",
        "bureau": "MARKET_REGULATION",
        "capital": {"amount": "2000000.5000", "currency": "CNY"},
        "effectiveOn": "2011-06-17",
        "recordedAt": "2024-02-28T02:00:00Z",
    }


class RunningClock(ManualClock):
    """A clock that moves on each time it is looked at."""

    def now(self) -> datetime:
        self.advance(timedelta(seconds=1))
        return super().now()


async def test_what_is_told_was_recorded_at_the_moment_that_is_stored(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    url = await make_database("registration")
    database = Database(url, application_name="test")
    app, issuer = application_on(url, database, RunningClock(NOW), tmp_path)
    desk = Desk(app, issuer, url)
    entity = await desk.register()
    stored = []
    for method, path, body in (
        ("PUT", f"/entities/{entity}", FACTS | {"name": "改", "expectedVersion": 1}),
        ("POST", f"/entities/{entity}/deregistration", {"expectedVersion": 2}),
    ):
        stored.append((await desk.send("GET", f"/entities/{entity}")).json()["recordedAt"])
        assert (await desk.send(method, path, body)).status_code == 200
    stored.append((await desk.send("GET", f"/entities/{entity}")).json()["recordedAt"])
    await database.close()
    assert [json.loads(one["payload"])["recorded_at"] for one in await desk.told()] == stored


async def test_a_retry_has_no_second_effect_and_the_same_answer(desk: Desk) -> None:
    first = await desk.send("POST", "/entities", FACTS, key="k1")
    again = await desk.send("POST", "/entities", FACTS, key="k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert len(await desk.told()) == 1


async def test_retries_at_the_same_moment_have_one_effect_and_one_answer(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.send("POST", "/entities", FACTS, key="k1") for _ in range(8)))
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert len(await desk.told()) == 1


async def test_a_key_is_its_caller_s_and_belongs_to_one_command(desk: Desk) -> None:
    await desk.send("POST", "/entities", FACTS, key="k1")
    other = FACTS | {"uscc": B}
    assert problem(await desk.send("POST", "/entities", other, key="k1")) == (422, "idempotency-key-reused")
    assert (await desk.send("POST", "/entities", other, key="k1", subject="clerk-18")).status_code == 201
    assert problem(await desk.send("POST", "/entities", FACTS | {"uscc": C}, key="k" * 201)) == (422, "invalid")


async def test_a_command_without_a_key_is_refused(desk: Desk) -> None:
    answer = await desk.client.post("/entities", json=FACTS, headers=desk.issuer.header())
    assert problem(answer) == (422, "invalid")
    assert "Idempotency-Key" in answer.json()["detail"]
    assert await desk.told() == []


async def test_a_refused_command_is_decided_anew_under_the_same_key(desk: Desk) -> None:
    entity = await desk.register()
    change = FACTS | {"name": "改名", "expectedVersion": 2}
    assert problem(await desk.send("PUT", f"/entities/{entity}", change, key="k2")) == (409, "version-conflict")
    await desk.send("PUT", f"/entities/{entity}", FACTS | {"address": "新址", "expectedVersion": 1})
    assert (await desk.send("PUT", f"/entities/{entity}", change, key="k2")).status_code == 200


async def test_a_known_code_is_not_registered_again(desk: Desk) -> None:
    entity = await desk.register()
    for facts in (FACTS, FACTS | {"name": "另一名称"}):
        answer = await desk.send("POST", "/entities", facts)
        assert problem(answer) == (409, "conflict")
        assert (answer.json()["entityId"], answer.json()["currentVersion"]) == (str(entity), 1)
    assert len(await desk.told()) == 1


async def test_a_change_is_decided_on_the_version_that_is_there(desk: Desk) -> None:
    entity = await desk.register()
    change = FULL | {"uscc": B, "expectedVersion": 1, "effectiveOn": "2024-02-01"}
    assert (await desk.send("PUT", f"/entities/{entity}", change)).json()["aggregates"][0]["version"] == 2
    stale = await desk.send("PUT", f"/entities/{entity}", change | {"name": "别名"})
    assert problem(stale) == (409, "version-conflict")
    assert stale.json()["currentVersion"] == 2
    told = await desk.told()
    event = EntityChanged.model_validate_json(told[-1]["payload"])
    assert [one["type"] for one in told] == [EntityRegistered.event_type, EntityChanged.event_type]
    assert (event.entity_id, event.uscc, event.version, str(event.effective_on)) == (entity, B, 2, "2024-02-01")


async def test_of_changes_at_the_same_moment_one_is_taken(desk: Desk) -> None:
    entity = await desk.register()
    answers = await asyncio.gather(
        *(desk.send("PUT", f"/entities/{entity}", FACTS | {"name": f"名{n}", "expectedVersion": 1}) for n in range(8))
    )
    assert sorted(one.status_code for one in answers) == [200] + [409] * 7
    assert [one["version"] for one in map(_payload, await desk.told())] == [1, 2]


async def test_a_change_that_changes_nothing_tells_nothing(desk: Desk) -> None:
    entity = await desk.register()
    answer = await desk.send("PUT", f"/entities/{entity}", FACTS | {"expectedVersion": 1})
    assert (answer.status_code, answer.json()["aggregates"]) == (200, [])
    assert len(await desk.told()) == 1


async def test_a_code_of_another_entity_is_refused(desk: Desk) -> None:
    await desk.register()
    other = await desk.register(uscc=B)
    assert problem(await desk.send("PUT", f"/entities/{other}", FACTS | {"expectedVersion": 1})) == (409, "conflict")


async def test_a_deregistered_entity_stays_and_can_no_longer_be_changed(desk: Desk) -> None:
    entity = await desk.register()
    path = f"/entities/{entity}/deregistration"
    assert (await desk.send("POST", path, {"expectedVersion": 1})).json()["aggregates"][0]["version"] == 2
    told = _payload((await desk.told())[-1])
    assert (told["state"], told["version"], told["effective_on"], told["uscc"]) == ("DEREGISTERED", 2, "2024-02-28", A)
    assert problem(await desk.send("POST", path, {"expectedVersion": 2})) == (409, "conflict")
    change = FACTS | {"name": "改名", "expectedVersion": 2}
    assert problem(await desk.send("PUT", f"/entities/{entity}", change)) == (409, "conflict")
    assert (await desk.send("GET", f"/entities/{entity}")).json()["state"] == "DEREGISTERED"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"uscc": "91999999MA0000001X"}, "/uscc"),
        ({"uscc": "9199"}, "/uscc"),
        ({"name": " "}, "/name"),
        ({"divisionCode": "500111"}, "/divisionCode"),
        ({"registeredOn": "yesterday"}, "/registeredOn"),
        ({"capital": {"amount": "-1"}}, "/capital/amount"),
        ({"effectiveOn": "2024-02-29"}, "/effectiveOn"),
        ({"legalRepresentative": "王小明"}, "/legalRepresentative"),
    ],
)
async def test_what_breaks_a_rule_is_named_by_its_place(desk: Desk, changed: dict[str, object], pointer: str) -> None:
    answer = await desk.send("POST", "/entities", FACTS | changed)
    assert problem(answer) == (422, "invalid")
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert all(one["reason"] and one["reasonZh"] != "不符合规则" for one in answer.json()["errors"])
    assert "王小明" not in answer.text
    assert await desk.told() == []


async def test_what_the_database_can_t_hold_is_refused_with_its_reason(desk: Desk) -> None:
    assert problem(await desk.send("POST", "/entities", FACTS | {"name": "a\u0000b"})) == (422, "invalid")


async def test_no_body_and_no_json_are_refused(desk: Desk) -> None:
    headers = desk.issuer.header() | {"Idempotency-Key": "k", "content-type": "application/json"}
    for content in (b"", b"{", b"[]", b"\xff"):
        answer = await desk.client.post("/entities", content=content, headers=headers)
        assert problem(answer) == (422, "invalid")


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        ("STATION", "500111101000", 201),
        ("SYSTEM", "500111000000", 201),
        ("STATION", "500111102000", 403),
        ("TOWNSHIP", "500111101000", 403),
        ("READER", "500111000000", 403),
    ],
)
async def test_who_may_register_and_where(desk: Desk, role: str, division: str, status: int) -> None:
    answer = await desk.send("POST", "/entities", FACTS, role=role, division=division)
    assert answer.status_code == status
    assert len(await desk.told()) == (1 if status == 201 else 0)


async def test_a_caller_can_neither_see_nor_take_an_entity_of_another_division(desk: Desk) -> None:
    entity = await desk.register()
    elsewhere = {"role": "STATION", "division": "500111102000"}
    change = FACTS | {"divisionCode": "500111102000", "expectedVersion": 1}
    assert problem(await desk.send("PUT", f"/entities/{entity}", change, **elsewhere)) == (403, "forbidden")
    assert problem(await desk.send("GET", f"/entities/{entity}", **elsewhere)) == (403, "forbidden")


async def test_without_a_token_nothing_is_answered(desk: Desk) -> None:
    answer = await desk.client.get(f"/entities/{uuid4()}")
    assert problem(answer) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    nobody = uuid4()
    for method, path, body in (
        ("GET", f"/entities/{nobody}", None),
        ("PUT", f"/entities/{nobody}", FACTS | {"expectedVersion": 1}),
        ("POST", f"/entities/{nobody}/deregistration", {"expectedVersion": 1}),
        ("GET", "/nowhere", None),
    ):
        assert problem(await desk.send(method, path, body)) == (404, "not-found")
    assert (await desk.send("DELETE", f"/entities/{nobody}")).status_code == 405


async def test_a_batch_answers_for_each_place_and_tells_what_it_took_in(desk: Desk) -> None:
    await desk.register()
    batch = {
        "entities": [
            FACTS | {"name": "改名"},
            FACTS | {"uscc": B},
            FACTS | {"uscc": B, "name": "重复"},
            FACTS | {"uscc": "91999999MA0000001X"},
            FACTS | {"uscc": C, "divisionCode": "510104001000"},
        ]
    }
    answer = await desk.send("POST", "/entities/batch", batch, key="k1")
    outcomes = [(one["index"], one["outcome"], one.get("version")) for one in answer.json()["outcomes"]]
    assert outcomes == [
        (0, "CHANGED", 2),
        (1, "NEW", 1),
        (2, "REJECTED", None),
        (3, "REJECTED", None),
        (4, "REJECTED", None),
    ]
    assert (await desk.send("POST", "/entities/batch", batch, key="k1")).content == answer.content
    again = await desk.send("POST", "/entities/batch", {"entities": batch["entities"][:2]}, key="k2")
    assert [one["outcome"] for one in again.json()["outcomes"]] == ["UNCHANGED", "UNCHANGED"]
    told = await desk.told()
    assert [str(one["correlation_id"]) for one in told[1:]] == [answer.json()["correlationId"]] * 2
    too_many = {"entities": [FACTS] * 501}
    assert problem(await desk.send("POST", "/entities/batch", too_many)) == (422, "invalid")


async def test_a_batch_takes_no_entity_out_of_another_division_and_changes_none_that_is_deregistered(
    desk: Desk,
) -> None:
    await desk.register(divisionCode="500111102000")
    gone = await desk.register(uscc=B)
    await desk.send("POST", f"/entities/{gone}/deregistration", {"expectedVersion": 1})
    before = await desk.told()
    batch = {"entities": [FACTS, FACTS | {"uscc": B, "name": "改名"}]}
    answer = await desk.send("POST", "/entities/batch", batch, role="STATION", division="500111101000")
    assert [one["outcome"] for one in answer.json()["outcomes"]] == ["REJECTED", "REJECTED"]
    assert "500111102000" in answer.json()["outcomes"][0]["reason"]
    assert "已注销" in answer.json()["outcomes"][1]["reasonZh"]
    assert await desk.told() == before


async def test_a_trace_is_joined_and_a_broken_one_is_left(desk: Desk) -> None:
    trace = "00-778a82bb48c3a8201e39d9a1072fac0b-a7fb88e444e3e7a6-01"
    headers = desk.issuer.header() | {"Idempotency-Key": "a", "traceparent": trace}
    await desk.client.post("/entities", json=FACTS, headers=headers)
    headers |= {"Idempotency-Key": "b", "traceparent": "broken"}
    await desk.client.post("/entities", json=FACTS | {"uscc": B}, headers=headers)
    assert "broken" not in [one["traceparent"] for one in await desk.told()]


async def test_a_database_that_is_away_is_told_and_nothing_changes(tmp_path: Path) -> None:
    away = "postgresql://a:b@127.0.0.1:1/c"
    app, issuer = application_on(away, Database(away, application_name="t"), ManualClock(NOW), tmp_path)
    desk = Desk(app, issuer, "")
    answer = await desk.send("POST", "/entities", FACTS)
    assert problem(answer) == (503, "unavailable")
    assert "127.0.0.1" not in answer.text


async def test_the_commands_are_described(desk: Desk) -> None:
    described = (await desk.client.get("/openapi.json")).json()
    assert {path for path in described["paths"] if path.startswith("/entities")} == {
        "/entities",
        "/entities/batch",
        "/entities/{entity_id}",
        "/entities/{entity_id}/classification",
        "/entities/{entity_id}/deregistration",
    }
    refused = described["paths"]["/entities"]["post"]["responses"]["409"]["content"]
    assert refused == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert "expectedVersion" in described["components"]["schemas"]["Change"]["required"]


def _payload(row: asyncpg.Record) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["payload"])
    return found
