"""Traces: a batch is one span with links, a sampled record is followed in its own trace, others cost nothing."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from kit import telemetry
from kit.telemetry import (
    batch_span,
    begin_step,
    current_traceparent,
    new_trace,
    record_span,
    request_span,
    step_span,
    trace_id_of,
)
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


def test_a_request_is_in_its_callers_trace_and_what_it_asks_of_others_is_below_it(spans: InMemorySpanExporter) -> None:
    with request_span("command", SAMPLED, {"http.route": "/members"}), step_span("asks", {}, SpanKind.CLIENT):
        carried = current_traceparent()
    asks, command = spans.get_finished_spans()
    assert command.parent is not None
    assert (_context(command).trace_id, command.parent.span_id, command.kind) == (TRACE_ID, SPAN_ID, SpanKind.SERVER)
    assert asks.parent is not None
    assert asks.parent.span_id == _context(command).span_id
    assert carried == f"00-{TRACE_ID:032x}-{_context(asks).span_id:016x}-01"
    assert trace_id_of(carried) == f"{TRACE_ID:032x}"


@pytest.mark.parametrize("traceparent", [None, "rubbish", "00-" + "0" * 32 + "-b7ad6b7169203331-01"])
def test_a_request_without_a_trace_begins_one(spans: InMemorySpanExporter, traceparent: str | None) -> None:
    with request_span("command", traceparent, {}):
        assert current_traceparent() is not None
    [command] = spans.get_finished_spans()
    assert command.parent is None


def test_a_caller_who_does_not_sample_is_not_traced(spans: InMemorySpanExporter) -> None:
    with request_span("command", UNSAMPLED, {}), step_span("asks", {}):
        assert current_traceparent() is None
    assert spans.get_finished_spans() == ()


def test_a_part_of_nothing_has_no_span(spans: InMemorySpanExporter) -> None:
    with step_span("asks", {}):
        assert current_traceparent() is None
    assert spans.get_finished_spans() == ()


def test_a_failure_is_told_by_its_type_and_never_by_its_text(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="王小明"), batch_span("take", [], {}, SpanKind.CONSUMER):
        raise ValueError("王小明 is no number")
    step = begin_step("apply", SAMPLED, {}, SpanKind.CONSUMER)
    assert step is not None
    step.end("RULE_BROKEN")
    take, apply = spans.get_finished_spans()
    assert (take.status.status_code, take.status.description) == (StatusCode.ERROR, "ValueError")
    assert (apply.status.status_code, apply.status.description) == (StatusCode.ERROR, "RULE_BROKEN")
    assert (take.attributes or {})["error.type"] == "ValueError"
    assert "王小明" not in take.to_json() + apply.to_json()


def test_spans_are_sent_to_zipkin_where_it_is_set_past_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    posted: list[tuple[str, list[dict[str, object]]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            posted.append((self.path, json.loads(body)))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(telemetry.ZIPKIN_ENDPOINT, f"http://127.0.0.1:{server.server_port}/api/v2/spans")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setattr(trace, "set_tracer_provider", lambda _provider: None)
    assert telemetry.are_sent()
    provider = telemetry.set_up("test")
    provider.get_tracer("lianhe").start_span("one").end()
    provider.shutdown()
    server.shutdown()
    server.server_close()
    [(path, [span])] = posted
    assert (path, span["name"], span["localEndpoint"]) == ("/api/v2/spans", "one", {"serviceName": "lianhe-test"})


def test_where_nothing_is_set_nothing_is_sent() -> None:
    assert not telemetry.are_sent()
