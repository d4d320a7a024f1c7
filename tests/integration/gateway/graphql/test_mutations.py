"""Mutations: what goes to the owner, what comes back of its answer, and when the graph shows it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from gateway import commands
from gateway.commands import Commands, Owner
from gateway.graphql.http import graphql_app
from kit.problems import VERSION_CONFLICT, Problem
from tests.integration.gateway.graphql.conftest import EntityRow

pytestmark = pytest.mark.servers

SAGA = "018de2fb-636e-7103-9d5c-1ac451bbcfb9"
CHANGE = """
    mutation ($id: ID!, $version: Int!) {
      changeEntity(id: $id, expectedVersion: $version, idempotencyKey: "k1", effectiveOn: "2024-02-28",
                   entity: {uscc: "91999999MA0000001N", name: "改", capital: {amount: "50.5"}}) {
        status correlationId aggregates { aggregate id version }
        problem { type titleZh detail currentVersion entityId errors { pointer reasonZh } }
      }
    }
"""


class Registration:
    """Stands for registration at the other end of the line."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.heard: list[httpx.Request] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        return self._answer(request)

    async def change(self, pool: asyncpg.Pool, entity_id: str, version: int = 1) -> dict[str, Any]:
        """Change an entity through the graph; return the mutation's answer."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        app = graphql_app(pool, commands=Commands({Owner.REGISTRATION: "http://registration"}, client, pool))
        content = {"query": CHANGE, "variables": {"id": entity_id, "version": version}}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as graph:
            answer = await graph.post("/graphql", json=content, headers={"Authorization": "Bearer of-the-caller"})
        assert "errors" not in answer.json(), answer.text
        found: dict[str, Any] = answer.json()["data"]["changeEntity"]
        return found


def done(entity_id: UUID, version: int) -> Registration:
    aggregates = [{"aggregate": "registration-entity", "id": str(entity_id), "version": version}]
    return Registration(lambda _: httpx.Response(200, json={"aggregates": aggregates, "correlationId": SAGA}))


async def test_the_owner_gets_what_was_commanded_by_whom(pool: asyncpg.Pool, rows: list[EntityRow]) -> None:
    owner = done(rows[0].entity_id, 1)
    await owner.change(pool, str(rows[0].entity_id))
    [request] = owner.heard
    assert (request.method, str(request.url)) == ("PUT", f"http://registration/entities/{rows[0].entity_id}")
    assert (request.headers["authorization"], request.headers["idempotency-key"]) == ("Bearer of-the-caller", "k1")
    assert json.loads(request.content) == {
        "uscc": "91999999MA0000001N",
        "name": "改",
        "capital": {"amount": "50.5", "currency": "CNY"},
        "expectedVersion": 1,
        "effectiveOn": "2024-02-28",
    }


async def test_an_id_is_one_segment_of_the_path_whatever_is_in_it(pool: asyncpg.Pool, rows: list[EntityRow]) -> None:
    owner = done(rows[0].entity_id, 1)
    await owner.change(pool, "../imports?x=1#y")
    assert owner.heard[0].url.raw_path == b"/entities/..%2Fimports%3Fx%3D1%23y"


async def test_what_the_read_model_has_is_applied(pool: asyncpg.Pool, rows: list[EntityRow]) -> None:
    entity = rows[0]
    answer = await done(entity.entity_id, entity.version).change(pool, str(entity.entity_id))
    assert answer == {
        "status": "APPLIED",
        "correlationId": SAGA,
        "aggregates": [{"aggregate": "registration-entity", "id": str(entity.entity_id), "version": entity.version}],
        "problem": None,
    }


async def test_what_the_read_model_has_not_in_time_is_pending(
    pool: asyncpg.Pool, rows: list[EntityRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "SEEN_SECONDS", 0.1)
    answer = await done(rows[0].entity_id, rows[0].version + 1).change(pool, str(rows[0].entity_id))
    assert (answer["status"], answer["aggregates"][0]["version"]) == ("PENDING", rows[0].version + 1)


async def test_what_is_done_is_answered_also_where_the_read_model_cannot_be_asked(
    pool: asyncpg.Pool, rows: list[EntityRow]
) -> None:
    await pool.close()
    answer = await done(rows[0].entity_id, 2).change(pool, str(rows[0].entity_id))
    assert (answer["status"], answer["aggregates"][0]["version"]) == ("PENDING", 2)


async def test_a_refusal_is_handed_on(pool: asyncpg.Pool, rows: list[EntityRow]) -> None:
    problem = Problem(VERSION_CONFLICT, "It has version 7.", "当前版本为7。", {"currentVersion": 7})
    owner = Registration(lambda _: httpx.Response(409, content=problem.body()))
    answer = await owner.change(pool, str(rows[0].entity_id))
    assert answer == {
        "status": "REFUSED",
        "correlationId": None,
        "aggregates": [],
        "problem": {
            "type": "urn:lianhe:problem:version-conflict",
            "titleZh": VERSION_CONFLICT.title_zh,
            "detail": "It has version 7.",
            "currentVersion": 7,
            "entityId": None,
            "errors": [],
        },
    }


def _refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


@pytest.mark.parametrize(
    "answer",
    [
        _refused,
        lambda _: httpx.Response(502, text="<html>bad gateway</html>"),
        lambda _: httpx.Response(200, text="hello"),
        lambda _: httpx.Response(500, json={"detail": "no problem of ours"}),
    ],
)
async def test_an_owner_that_does_not_answer_as_one_is_unavailable(
    pool: asyncpg.Pool, rows: list[EntityRow], answer: Callable[[httpx.Request], httpx.Response]
) -> None:
    found = await Registration(answer).change(pool, str(rows[0].entity_id))
    assert (found["status"], found["problem"]["type"]) == ("REFUSED", "urn:lianhe:problem:unavailable")
    assert "idempotencyKey" in found["problem"]["detail"]


async def test_what_the_gateway_set_aside_has_failed_until_it_is_redriven(
    pool: asyncpg.Pool, rows: list[EntityRow], database_url: str
) -> None:
    entity, now = rows[1], datetime.now(UTC)
    letter = (
        uuid4(),
        "gateway.entity",
        "registration-entity",
        0,
        7,
        str(entity.entity_id),
        "BODY_INVALID",
        "name",
        b"",
    )
    writer = await asyncpg.connect(database_url)
    try:
        for recorded_at, status in ((now - timedelta(days=1), "PENDING"), (now + timedelta(minutes=1), "FAILED")):
            await writer.execute(
                "INSERT INTO dead_letter (id, consumer, topic, partition, record_offset, record_key, reason, detail, "
                "sealed, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                *letter,
                recorded_at,
            )
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(commands, "SEEN_SECONDS", 0.5)
                answer = await done(entity.entity_id, entity.version + 1).change(pool, str(entity.entity_id))
            assert answer["status"] == status
            await writer.execute("DELETE FROM dead_letter")
    finally:
        await writer.close()


async def test_a_command_joins_the_saga_it_follows_from(pool: asyncpg.Pool, rows: list[EntityRow]) -> None:
    owner = done(rows[0].entity_id, 1)
    client = httpx.AsyncClient(transport=httpx.MockTransport(owner))
    app = graphql_app(pool, commands=Commands({Owner.LEDGERS: "http://ledgers"}, client, pool))
    query = (
        'mutation { foundOrganisation(idempotencyKey: "k", correlationId: "%s", organisation: {name: "支部", '  # noqa: UP031 - braces are GraphQL's
        'form: BRANCH, mode: SINGLE, entityIds: ["a"]}) { status } }' % SAGA
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as graph:
        answer = await graph.post("/graphql", json={"query": query})
    assert "errors" not in answer.json(), answer.text
    [request] = owner.heard
    assert (str(request.url), request.headers["correlation-id"]) == ("http://ledgers/organisations", SAGA)
    assert json.loads(request.content) == {
        "name": "支部",
        "form": "BRANCH",
        "external": False,
        "mode": "SINGLE",
        "entityIds": ["a"],
        "bureau": "MARKET_REGULATION",
    }


async def test_an_owner_whose_address_is_not_set_is_away(pool: asyncpg.Pool) -> None:
    app = graphql_app(pool, commands=Commands({}, httpx.AsyncClient(), pool))
    query = 'mutation { eraseMember(id: "a", expectedVersion: 1, idempotencyKey: "k") { status problem { type } } }'
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as graph:
        answer = (await graph.post("/graphql", json={"query": query})).json()["data"]["eraseMember"]
    assert answer == {"status": "REFUSED", "problem": {"type": "urn:lianhe:problem:unavailable"}}


async def test_an_owner_that_hangs_is_away_and_so_it_is_for_those_who_wait_for_a_turn(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "TIMEOUT_SECONDS", 0.3)
    under_way: list[str] = []
    seen: list[tuple[str, int]] = []

    async def hang(request: httpx.Request) -> httpx.Response:
        under_way.append(request.url.host)
        seen.append((request.url.host, len(under_way)))
        try:
            await asyncio.sleep(60)
        finally:
            under_way.remove(request.url.host)
        return httpx.Response(200)

    client = httpx.AsyncClient(transport=httpx.MockTransport(hang))
    given = Commands({Owner.REGISTRATION: "http://registration", Owner.LEDGERS: "http://ledgers"}, client, pool)
    command = commands.Command(Owner.REGISTRATION, "POST", "/entities", {}, "k", None)
    answers = await asyncio.gather(*(given.send(command) for _ in range(commands.MOST_AT_ONCE + 5)))
    assert {one.status for one in answers if isinstance(one, commands.Refused)} == {503}
    assert len(answers) == commands.MOST_AT_ONCE + 5
    assert max(count for _, count in seen) == commands.MOST_AT_ONCE
    await given.send(replace(command, owner=Owner.LEDGERS))
    assert seen[-1] == ("ledgers", 1)
