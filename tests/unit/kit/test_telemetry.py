"""Traces: a batch is one span with links, a sampled record is followed in its own trace, others cost nothing."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from kit import telemetry
from kit.telemetry import batch_span, new_trace, record_span
from tests.unit.kit.records import SAMPLED, UNSAMPLED

TRACE_ID = 0x4BF92F3577B34DA6A3CE929D0E0E4736
SPAN_ID = 0x00F067AA0BA902B7
OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What is exported, by a provider of this test alone: the global one can be set only once a process."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", lambda: provider.get_tracer("lianhe"))
    return exporter


def _context(span: ReadableSpan) -> trace.SpanContext:
    context: trace.SpanContext | None = span.get_span_context()
    assert context is not None
    return context


def test_a_batch_is_a_trace_of_its_own_with_a_link_to_each_sampled_record(spans: InMemorySpanExporter) -> None:
    with batch_span("tally take", [SAMPLED, UNSAMPLED, "rubbish", OTHER], {"count": 4}, SpanKind.CONSUMER):
        pass
    [batch] = spans.get_finished_spans()
    assert (batch.name, batch.kind, batch.parent) == ("tally take", SpanKind.CONSUMER, None)
    assert [link.context.trace_id for link in batch.links] == [TRACE_ID, 0x0AF7651916CD43DD8448EB211C80319C]
    assert batch.links[0].context.span_id == SPAN_ID
    assert dict(batch.attributes or {}) == {"count": 4}


def test_a_batch_inside_another_span_still_begins_its_own_trace(spans: InMemorySpanExporter) -> None:
    with (
        batch_span("outer", [], {}, SpanKind.CONSUMER),
        batch_span("inner", [], {}, SpanKind.CONSUMER),
    ):
        pass
    inner, outer = spans.get_finished_spans()
    assert inner.parent is None
    assert _context(inner).trace_id != _context(outer).trace_id


def test_a_sampled_record_gets_a_child_span_in_its_own_trace_linked_to_the_batch(spans: InMemorySpanExporter) -> None:
    with batch_span("tally take", [SAMPLED], {}, SpanKind.CONSUMER):
        carried = record_span("tally apply", SAMPLED, {"offset": 7}, SpanKind.CONSUMER)
    step, batch = spans.get_finished_spans()
    context = _context(step)
    assert step.parent is not None
    assert (context.trace_id, step.parent.span_id) == (TRACE_ID, SPAN_ID)
    assert [link.context for link in step.links] == [_context(batch)]
    assert dict(step.attributes or {}) == {"offset": 7}
    assert carried == f"00-{TRACE_ID:032x}-{context.span_id:016x}-01"


def test_a_row_is_followed_from_its_first_span_over_every_step(spans: InMemorySpanExporter) -> None:
    begun = new_trace("import row", {"row": 1})
    assert begun is not None
    with batch_span("relay", [begun], {}, SpanKind.PRODUCER):
        sent = record_span("relay send", begun, {}, SpanKind.PRODUCER)
    assert sent is not None
    with batch_span("take", [sent], {}, SpanKind.CONSUMER):
        record_span("apply", sent, {}, SpanKind.CONSUMER)
    by_name = {span.name: span for span in spans.get_finished_spans()}
    row, send, apply = by_name["import row"], by_name["relay send"], by_name["apply"]
    assert row.parent is None
    assert send.parent is not None
    assert send.parent.span_id == _context(row).span_id
    assert apply.parent is not None
    assert apply.parent.span_id == _context(send).span_id
    assert len({_context(span).trace_id for span in (row, send, apply)}) == 1


@pytest.mark.parametrize("traceparent", [None, "", UNSAMPLED, "rubbish", SAMPLED[:-3]])
def test_a_record_that_is_not_sampled_costs_no_span_and_carries_nothing_on(
    spans: InMemorySpanExporter, traceparent: str | None
) -> None:
    assert record_span("tally apply", traceparent, {}, SpanKind.CONSUMER) is None
    assert spans.get_finished_spans() == ()


def test_where_nothing_is_exported_a_trace_still_travels_on() -> None:
    carried = record_span("tally apply", SAMPLED, {}, SpanKind.CONSUMER)
    assert carried is not None
    assert carried.split("-")[1] == f"{TRACE_ID:032x}"
