"""Members with names and numbers that occur nowhere else, through every command: they are in nothing that goes out."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest

from kit import log, telemetry
from services.ledgers.handlers import members
from tests.id_numbers import id_number
from tests.integration.ledgers.desk import TOWNSHIP, Desk
from tests.integration.ledgers.people import WHY, branch

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"
NAME, RENAMED, OTHER = "麒麟曌", "饕餮龘", "貔貅靐"
NUMBER, OTHER_NUMBER, WRONG_NUMBER = id_number("19870613", 271), id_number("19910919", 828), "99999919870613999"
PHONE, OTHER_PHONE, WRONG_PHONE = "13957294816", "02363948275", "1395729481"
REASON: Final = f"{NAME}本人来电查询"
CANARIES: Final = (
    *(NAME, RENAMED, OTHER, NAME[1:], RENAMED[1:], OTHER[1:]),
    *(NUMBER, OTHER_NUMBER, WRONG_NUMBER),
    *(PHONE, OTHER_PHONE, WRONG_PHONE),
    *("19870613", "1987-06-13", "19910919", "1991-09-19"),
)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What is exported, by a provider of this test alone: the global one can be set only once a process."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", lambda: provider.get_tracer("lianhe"))
    return exporter


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    """What the process would have logged, each level of it."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    log.set_up("ledgers", "DEBUG")
    structlog.configure(cache_logger_on_first_use=False)  # a logger that is kept would outlive this test
    written = StringIO()
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written.getvalue
    root.handlers, root.level = handlers, level
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()


def sung(text: str) -> list[str]:
    """Return the canaries in a text, as they are or as the bytes that PostgreSQL shows."""
    return [one for one in CANARIES if one in text or one.encode().hex() in text]


class Cage:
    """Sends requests with canaries, and keeps what comes back but for what was asked to be shown."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.heard: list[httpx.Response] = []

    async def send(self, method: str, path: str, body: object, status: int, **options: Any) -> Any:
        answer = await self.desk.send(method, path, body, **options)
        assert answer.status_code == status, answer.text
        if not path.endswith("/reveal"):
            self.heard.append(answer)
        return answer.json()

    async def made(self, path: str, body: object, **options: Any) -> UUID:
        return UUID((await self.send("POST", path, body, 201, **options))["aggregates"][0]["id"])

    async def stray(self) -> None:
        """Put names and numbers where requests have no place for them: paths, methods, headers."""
        await self.send("GET", f"/{NAME}/{NUMBER}", None, 404)
        await self.send("PUT", f"/members/{NUMBER}/person", {"expectedVersion": 1, "name": RENAMED}, 422)
        await self.send("GET", f"/members/duplicates?name={NAME}&idNumber={NUMBER}", None, 200)
        strange = {"tracestate": f"name={NUMBER}", "traceparent": NUMBER, "Correlation-Id": NUMBER, "baggage": NUMBER}
        self.heard.append(await self.desk.client.request(f"X{NUMBER}", f"/members/{PHONE}", headers=strange))
        self.heard.append(await self.desk.client.post("/members", json={"name": NAME}, headers=strange))

    async def fly(self) -> None:
        """Go through every command that names a person, those that are refused too."""
        place, elsewhere = await branch(self.desk), await branch(self.desk, ELSEWHERE)
        facts = {"name": NAME, "standing": "FULL", "relationOrganisationId": str(place)}
        known = {"idNumber": NUMBER, "telephone": PHONE}
        member = await self.made("/members", facts | known, key="canary")
        other = await self.made("/members", facts | {"name": OTHER, "telephone": OTHER_PHONE})
        person = f"/members/{member}/person"

        await self.send("POST", "/members", facts, 422, key="canary")
        await self.send("POST", "/members", facts | known, 409)
        await self.send("POST", "/members", facts | known, 403, role="TOWNSHIP", division=TOWNSHIP)
        await self.send("POST", "/members", facts | {"idNumber": WRONG_NUMBER, "telephone": WRONG_PHONE}, 422)
        await self.send("POST", "/members", facts | known | {"bornIn": "1990-01"}, 422)
        await self.send("POST", "/members", facts | {"bornIn": "1987-06-13"}, 422)
        await self.send("POST", "/members", facts | {"name": [NAME], "idNumber": {"a": NUMBER}, "telephone": 1}, 422)
        await self.send("POST", "/members", facts | {"name": NAME * 40}, 422)
        await self.send("POST", "/members", facts | {"relationOrganisationId": NAME}, 422)
        await self.send("POST", "/members", facts | {"nickname": RENAMED}, 422)
        await self.send("POST", "/members", f"{NAME} {NUMBER}", 422)
        await self.send("PUT", person, {"expectedVersion": 9, "name": RENAMED}, 409)
        await self.send("PUT", person, {"expectedVersion": 1, "name": RENAMED, "idNumber": WRONG_NUMBER}, 422)
        await self.send("PUT", person, {"expectedVersion": 1, "telephone": PHONE, "without": ["TELEPHONE"]}, 422)
        await self.send("PUT", f"/members/{other}/person", {"expectedVersion": 1, "idNumber": NUMBER}, 409)
        await self.send("PUT", f"/members/{other}/person", {"expectedVersion": 1, "idNumber": OTHER_NUMBER}, 200)
        await self.send("PUT", f"/members/{other}/person", {"expectedVersion": 2, "without": ["ID_NUMBER"]}, 200)
        await self.send("PUT", person, {"expectedVersion": 1, "name": RENAMED}, 200)

        transfer = {"memberId": str(member), "toOrganisationId": str(elsewhere), "note": REASON, "onBehalfOf": NAME}
        moved = await self.made("/transfers", transfer, division=TOWNSHIP)
        step = {"expectedVersion": 1, "action": "WITHDRAW", "note": PHONE}
        await self.send("POST", f"/transfers/{moved}/steps", step, 200, division=TOWNSHIP)

        why = WHY | {"reason": REASON}
        everything = {"fields": ["NAME", "ID_NUMBER", "TELEPHONE"], **why}
        await self.send("POST", f"/members/{member}/reveal", everything, 200)
        await self.send("POST", f"/members/{uuid4()}/reveal", everything, 404)
        await self.send("POST", "/members/search", {"name": RENAMED, "telephone": PHONE, **why}, 200)
        await self.send("POST", "/members/search", {"idNumber": NUMBER, "purpose": NAME, "reason": REASON}, 422)
        await self.send("POST", "/members/search", {"idNumber": OTHER_NUMBER, **why}, 403, role="READER")
        await self.send("GET", "/members/duplicates", None, 200)

        merge = {"otherId": str(other), "standing": "FULL", "expectedVersion": 2, "otherExpectedVersion": 3}
        await self.send("POST", f"/members/{member}/merge", merge | {"name": NAME}, 422)
        await self.send("POST", f"/members/{member}/merge", merge, 200)
        await self.made("/cadres", {"name": OTHER, "divisionCode": TOWNSHIP})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(members, "store_member", _fail)
            await self.send("POST", "/members", facts | {"telephone": OTHER_PHONE}, 500)
            patch.setattr(members, "store_member", _away)
            await self.send("POST", "/members", facts | {"telephone": OTHER_PHONE}, 503)


async def _fail(*_: object) -> None:
    raise RuntimeError("a fault of ours")


async def _away(*_: object) -> None:
    raise asyncpg.ConnectionDoesNotExistError("away")


async def _dump(desk: Desk) -> dict[str, list[str]]:
    """Return every row of every table as text, bytes as hexadecimal digits."""
    tables = await desk.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    return {
        name: [row["whole"] for row in await desk.rows(f'SELECT t::text AS whole FROM "{name}" AS t')]  # noqa: S608 - names of the schema
        for (name,) in tables
    }


async def test_no_canary_gets_out(desk: Desk, spans: InMemorySpanExporter, logged: Callable[[], str]) -> None:
    cage = Cage(desk)
    await cage.fly()
    await cage.stray()

    dump = await _dump(desk)
    for table in ("person", "person_index", "person_look", "process_step", "outbox", "command", "member_history"):
        assert len(dump[table]) > 1, table
    assert {table: found for table, rows in dump.items() if (found := sung("\n".join(rows)))} == {}

    lines = logged()
    assert lines.count("looked at sealed data") == 2
    assert "a fault of ours" in lines
    assert sung(lines) == []

    told = [one.to_json() for one in spans.get_finished_spans()]
    assert len(told) > 20
    commands = {
        (f"{one.context.trace_id:032x}", str((one.attributes or {}).get("correlation_id")))
        for one in spans.get_finished_spans()
        if one.context is not None
    }
    failing = ('"command failed"', '"command not taken"')
    failed = [json.loads(line) for line in lines.splitlines() if any(event in line for event in failing)]
    assert len(failed) == 2
    assert {(line["trace_id"], line["correlation_id"]) for line in failed} <= commands, "a log line leads to its trace"
    routes = {str((one.attributes or {}).get("http.route")) for one in spans.get_finished_spans()}
    assert {"/members", "/members/{member_id}/person"} <= routes, "a route is its template"
    assert sung("\n".join(told)) == []
    assert sung(generate_latest().decode()) == []

    refused = [one for one in cage.heard if one.status_code >= 400]
    assert len(refused) > 15
    assert [(one.request.url.path, found) for one in cage.heard if (found := sung(one.text + str(one.headers)))] == []


async def test_a_canary_that_got_out_would_be_heard(desk: Desk) -> None:
    await desk.made("/organisations", {"name": NAME, "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP})
    dump = await _dump(desk)
    assert NAME in sung("\n".join(dump["organisation"])), "in plain"
    assert NAME in sung("\n".join(dump["outbox"])), "as bytes"
