"""An operation of the graph in the trace of its caller, to the owner of a command; and how operations are counted."""

import logging
from io import StringIO
from typing import Any

import asyncpg
import httpx
import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import REGISTRY, generate_latest

from gateway.commands import Commands, Owner
from gateway.graphql.http import graphql_app
from kit import log, telemetry
from kit.problems import FORBIDDEN, Problem
from tests.integration.gateway.graphql.conftest import EntityRow
from tests.integration.gateway.graphql.test_mutations import CHANGE, Registration, done
from tests.unit.kit.records import SAMPLED

pytestmark = pytest.mark.servers

NAME, NUMBER = "麒麟曌", "500111198706132715"
TRACE, CALLER = SAMPLED.split("-")[1:3]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What is exported, by a provider of this test alone: the global one can be set only once a process."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", lambda: provider.get_tracer("lianhe"))
    return exporter


async def ask(
    pool: asyncpg.Pool, owner: Registration, query: str, headers: dict[str, str] | None = None, **variables: object
) -> Any:
    client = httpx.AsyncClient(transport=httpx.MockTransport(owner))
    app = graphql_app(pool, commands=Commands({Owner.REGISTRATION: "http://registration"}, client, pool))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as graph:
        answer = await graph.post("/graphql", json={"query": query, "variables": variables}, headers=headers or {})
    return answer.json()


def ids(span: ReadableSpan) -> tuple[str, str, str | None]:
    """Return trace, span and parent."""
    assert span.context is not None
    parent = None if span.parent is None else f"{span.parent.span_id:016x}"
    return f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}", parent


def operations() -> dict[tuple[str, str], float]:
    """Return the operations so far, by kind and outcome."""
    return {
        (sample.labels["kind"], sample.labels["outcome"]): sample.value
        for family in REGISTRY.collect()
        for sample in family.samples
        if sample.name == "lianhe_graph_requests_total"
    }


async def test_a_command_is_in_its_callers_trace_and_its_owner_goes_on_with_it(
    pool: asyncpg.Pool, rows: list[EntityRow], spans: InMemorySpanExporter
) -> None:
    owner, entity = done(rows[0].entity_id, rows[0].version), str(rows[0].entity_id)
    answer = await ask(pool, owner, CHANGE, {"traceparent": SAMPLED}, id=entity, version=1)
    assert answer["data"]["changeEntity"]["status"] == "APPLIED"
    command, wait, mutation = spans.get_finished_spans()
    assert [command.name, wait.name, mutation.name] == ["gateway command", "gateway wait", "gateway mutation"]
    trace, asked, parent = ids(mutation)
    assert (trace, parent, mutation.kind) == (TRACE, CALLER, SpanKind.SERVER)
    assert ids(command)[::2] == ids(wait)[::2] == (TRACE, asked)
    assert owner.heard[0].headers["traceparent"] == f"00-{TRACE}-{ids(command)[1]}-01"
    assert dict(mutation.attributes or {}) == {"graphql.operation.type": "mutation", "graphql.fields": "changeEntity"}
    assert (dict(command.attributes or {}), command.kind) == ({"peer.service": "registration"}, SpanKind.CLIENT)
    assert dict(wait.attributes or {}) == {"lianhe.seen": "applied"}


async def test_a_refusal_is_no_failure_of_the_gateway(
    pool: asyncpg.Pool, rows: list[EntityRow], spans: InMemorySpanExporter
) -> None:
    problem = Problem(FORBIDDEN, "You may not.", "无权操作。")
    owner = Registration(lambda _: httpx.Response(403, content=problem.body()))
    await ask(pool, owner, CHANGE, id=str(rows[0].entity_id), version=1)
    command, mutation = spans.get_finished_spans()
    assert (command.attributes or {})["http.response.status_code"] == 403
    assert mutation.status.is_unset
    assert mutation.parent is None, "a command without a trace begins one"


async def test_a_query_has_a_span_only_where_its_caller_traces_it(
    pool: asyncpg.Pool, rows: list[EntityRow], spans: InMemorySpanExporter
) -> None:
    query = "query ($id: ID!) { entity(id: $id) { name } }"
    owner, entity = done(rows[0].entity_id, 1), str(rows[0].entity_id)
    await ask(pool, owner, query, id=entity)
    assert spans.get_finished_spans() == ()
    await ask(pool, owner, query, {"traceparent": SAMPLED}, id=entity)
    [span] = spans.get_finished_spans()
    assert (span.name, ids(span)[2]) == ("gateway query", CALLER)


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("{ __typename }", ("query", "answered")),
        ("{ nothing }", ("unreadable", "refused")),
        ("{", ("unreadable", "refused")),
        ('{ entity(id: "x") { name } }', ("query", "refused")),
    ],
)
async def test_an_operation_is_counted_once(
    pool: asyncpg.Pool, rows: list[EntityRow], query: str, counted: tuple[str, str]
) -> None:
    before = operations()
    answer = await ask(pool, done(rows[0].entity_id, 1), query)
    after = operations()
    assert {key: n - before.get(key, 0) for key, n in after.items() if n != before.get(key)} == {counted: 1}, answer


async def test_what_the_server_fails_is_counted_as_failed_by_its_code(
    pool: asyncpg.Pool, rows: list[EntityRow], spans: InMemorySpanExporter
) -> None:
    before = operations()
    labels = {"code": "SERVICE_UNAVAILABLE"}
    errors = REGISTRY.get_sample_value("lianhe_graph_errors_total", labels) or 0.0
    await pool.close()
    query = "query ($id: ID!) { entity(id: $id) { name } }"
    answer = await ask(pool, done(rows[0].entity_id, 1), query, {"traceparent": SAMPLED}, id=str(rows[0].entity_id))
    assert answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    assert answer["errors"][0]["extensions"]["requestId"] == TRACE, "what the caller sees leads to the trace"
    assert operations()["query", "failed"] - before.get(("query", "failed"), 0) == 1
    assert REGISTRY.get_sample_value("lianhe_graph_errors_total", labels) == errors + 1
    [span] = spans.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "SERVICE_UNAVAILABLE")


async def test_nothing_that_somebody_wrote_gets_into_spans_metrics_or_logs(
    pool: asyncpg.Pool,
    rows: list[EntityRow],
    spans: InMemorySpanExporter,
) -> None:
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    log.set_up("gateway", "DEBUG")
    structlog.configure(cache_logger_on_first_use=False)  # a logger that is kept would outlive this test
    written = StringIO()
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    try:
        await _write_everywhere(pool, rows[0])
    finally:
        root.handlers, root.level = handlers, level
        structlog.configure(**before)
        structlog.contextvars.clear_contextvars()
    told = [one.to_json() for one in spans.get_finished_spans()]
    assert len(told) >= 6
    metrics, logged = generate_latest().decode(), written.getvalue()
    assert "graph_request_failed" in logged
    for canary in (NAME, NUMBER, NAME.encode("unicode_escape").decode()):
        assert canary not in "".join(told)
        assert canary not in metrics
        assert canary not in logged


async def _write_everywhere(pool: asyncpg.Pool, row: EntityRow) -> None:
    """Send operations with a name and an ID number in each place that takes something."""
    traced = {"traceparent": SAMPLED, "tracestate": f"name={NUMBER}", "baggage": f"id={NUMBER}"}
    owner, entity = done(row.entity_id, row.version), str(row.entity_id)
    renamed = CHANGE.replace('"改"', f'"{NAME}"').replace("k1", NUMBER)
    await ask(pool, owner, renamed, traced, id=entity, version=1)
    await ask(pool, owner, renamed.replace("changeEntity(", f"n{NUMBER}: changeEntity("), traced, id=entity, version=1)
    await ask(pool, owner, f"query n{NUMBER} {{ n{NUMBER}: __typename }}", traced)
    await ask(pool, owner, f'query {{ entity(id: "{NAME}") {{ name }} }}', traced)
    await ask(pool, owner, f"{{ n{NUMBER} }}", traced)
    await ask(pool, owner, "query ($id: ID!) { entity(id: $id) { name } }", {"traceparent": NUMBER}, id=NAME)
    refusing = Registration(lambda _: httpx.Response(500, text=f"{NAME} {NUMBER}"))
    await ask(pool, refusing, renamed, traced, id=entity, version=1)
    await pool.close()
    await ask(pool, owner, "query ($id: ID!) { entity(id: $id) { name } }", traced, id=entity)
