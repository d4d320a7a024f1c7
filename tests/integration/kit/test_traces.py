"""The step of a record ends with its batch, and fails where it was set aside; the log line of that leads there."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO

import pytest
import structlog
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from prometheus_client import REGISTRY

from kit import log, telemetry
from kit.ids import new_id
from tests.integration.kit.tally import AmountGiven, Place, Replica
from tests.integration.kit.wire import Wire, wire
from tests.unit.kit.records import SAMPLED

pytestmark = pytest.mark.servers

TRACE = SAMPLED.split("-")[1]
NAME = "王小明"


@dataclass(frozen=True, slots=True)
class OnTopic:
    """A record as the broker gives it."""

    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    topic: str = AmountGiven.topic
    partition: int = 0
    timestamp: int = 0


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What is exported, by a provider of this test alone: the global one can be set only once a process."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", lambda: provider.get_tracer("lianhe"))
    return exporter


@pytest.fixture
def logged() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """What the process would have logged, a line each."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    log.set_up("tally", "INFO")
    structlog.configure(cache_logger_on_first_use=False)  # a logger that is kept would outlive this test
    written = StringIO()
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers, root.level = handlers, level
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()


def record(offset: int, amount: int, traceparent: str | None = None) -> tuple[Wire, OnTopic]:
    one = wire(AmountGiven(account=new_id(), amount=amount, note=NAME))
    headers = one.headers if traceparent is None else (*one.headers, ("traceparent", traceparent.encode()))
    return one, OnTopic(offset, one.key, one.value, headers)


def steps(spans: InMemorySpanExporter) -> dict[object, ReadableSpan]:
    """Return the steps of records, by their offset."""
    found = [one for one in spans.get_finished_spans() if one.name.endswith(" apply")]
    return {(one.attributes or {})["messaging.kafka.offset"]: one for one in found}


async def test_the_step_of_a_record_set_aside_fails_and_its_log_line_has_its_trace(
    place: Place, spans: InMemorySpanExporter, logged: Callable[[], list[dict[str, object]]]
) -> None:
    (_, good), (bad, broken), (_, plain) = record(0, 1, SAMPLED), record(1, -1, SAMPLED), record(2, 3)
    replica = Replica(place)
    try:
        await replica.consumer.take([good, broken, plain])
    finally:
        await replica.database.close()
    found = steps(spans)
    assert set(found) == {0, 1}, "what is not sampled has no span"
    assert found[0].status.is_unset
    assert (found[1].status.status_code, found[1].status.description) == (StatusCode.ERROR, "RULE_BROKEN")
    [batch] = [one for one in spans.get_finished_spans() if one.name.endswith(" take")]
    for step in found.values():
        assert step.context is not None
        assert f"{step.context.trace_id:032x}" == TRACE
        assert step.start_time is not None
        assert step.end_time is not None
        assert batch.end_time is not None
        assert step.start_time < step.end_time <= batch.end_time
    [line] = [one for one in logged() if one["event"] == "set aside"]
    assert found[1].context is not None
    assert (line["trace_id"], line["span_id"]) == (TRACE, f"{found[1].context.span_id:016x}")
    assert line["event_id"] == str(bad.event_id)
    assert line["correlation_id"] is not None
    assert NAME not in json.dumps(line, ensure_ascii=False)
    assert NAME not in "".join(one.to_json() for one in spans.get_finished_spans())


async def test_the_delay_of_a_batch_is_the_age_of_its_oldest_fact_when_it_is_committed(place: Place) -> None:
    replica = Replica(place)
    labels = {"consumer": replica.name}

    def delays() -> tuple[float, float]:
        values = [REGISTRY.get_sample_value(f"lianhe_event_delay_seconds_{part}", labels) for part in ("count", "sum")]
        return values[0] or 0.0, values[1] or 0.0

    records = [record(offset, 1)[1] for offset in range(3)]
    count, total = delays()
    try:
        await replica.consumer.take(records)
        first = delays()
        assert first[0] - count == 1, "once a batch"
        assert first[1] - total > 86400, "the facts of these tests are of another year"
        await replica.consumer.take(records)
        assert delays() == first, "what is known already delays nobody"
    finally:
        await replica.database.close()
