"""Traces: one span a batch, and for sampled records a span in the record's own trace, from file or command to graph.

A record that is traced carries a W3C `traceparent`; one that isn't carries none, which costs nothing on the way.
Spans are sent over OTLP where `OTEL_EXPORTER_OTLP_ENDPOINT` (or the one for traces) is set, and as Zipkin's JSON where
`OTEL_EXPORTER_ZIPKIN_ENDPOINT` is, as the OpenTelemetry SDK reads them. Nothing personal goes into an attribute, and no
exception's text: it may hold values of a record.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT: Final = "traceparent"
"""The header of W3C Trace Context, over HTTP and on a record."""
ERROR_TYPE: Final = "error.type"

ZIPKIN_ENDPOINT: Final = "OTEL_EXPORTER_ZIPKIN_ENDPOINT"
"""Where Zipkin takes spans, `http://…/api/v2/spans`."""

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_OTLP: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

Attributes = Mapping[str, str | int | float | bool]


def set_up(process: str) -> TracerProvider:
    """Make this process's tracer provider the global one; the caller shuts it down, which sends what is left."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: f"lianhe-{process}"}))
    for exporter in _exporters():
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider


def are_sent() -> bool:
    """Tell whether spans go anywhere, by the settings."""
    return any(os.environ.get(name) for name in (*_OTLP, ZIPKIN_ENDPOINT))


def _exporters() -> Iterator[SpanExporter]:
    if any(os.environ.get(name) for name in _OTLP):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - 0.1 s

        yield OTLPSpanExporter()
    if endpoint := os.environ.get(ZIPKIN_ENDPOINT):
        import requests  # noqa: PLC0415 - as above
        from opentelemetry.exporter.zipkin.json import ZipkinExporter  # noqa: PLC0415 - as above

        session = requests.Session()
        # A proxy of the environment can't reach this machine's loopback.
        session.trust_env = not _is_loopback(urlsplit(endpoint).hostname or "")
        yield ZipkinExporter(endpoint=endpoint, session=session)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tracer() -> trace.Tracer:
    return trace.get_tracer("lianhe")


@contextmanager
def batch_span(name: str, traceparents: Sequence[str], attributes: Attributes, kind: SpanKind) -> Iterator[Span]:
    """Open the span of a batch, linked to the traces of its sampled records."""
    links = [Link(context) for one in traceparents if (context := _context(one)) is not None]
    with _current(name, trace.INVALID_SPAN, attributes, kind, links) as span:
        yield span


@contextmanager
def request_span(name: str, traceparent: str | None, attributes: Attributes) -> Iterator[Span]:
    """Open the span of a request that changes something, in its caller's trace where that is sampled, else in its own.

    A caller who gives a trace that is not sampled gets none here: the choice is theirs.
    """
    parent: Span = trace.INVALID_SPAN
    if traceparent and (given := _read(traceparent)).is_valid:
        parent = trace.NonRecordingSpan(given)
    with _current(name, parent, attributes, SpanKind.SERVER, ()) as span:
        yield span


@contextmanager
def step_span(name: str, attributes: Attributes, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
    """Open a span for a part of the current one; where none is current, none is opened."""
    current = trace.get_current_span()
    if not current.get_span_context().is_valid:
        yield trace.INVALID_SPAN
        return
    with _current(name, current, attributes, kind, ()) as span:
        yield span


@contextmanager
def _current(name: str, parent: Span, attributes: Attributes, kind: SpanKind, links: Sequence[Link]) -> Iterator[Span]:
    with _tracer().start_as_current_span(
        name,
        context=trace.set_span_in_context(parent),
        kind=kind,
        links=links,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except Exception as error:
            failed(span, type(error).__name__)
            raise


def failed(span: Span, kind: str) -> None:
    """Mark a span as failed; `kind` is a type of error or a reason, never a text that holds values."""
    span.set_attribute(ERROR_TYPE, kind)
    span.set_status(Status(StatusCode.ERROR, kind))


def answered(span: Span, status: int) -> None:
    """Note how a request was answered over HTTP; 5xx is a failure, a refusal is none."""
    span.set_attribute("http.response.status_code", int(status))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        failed(span, str(int(status)))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of one record, under way.

    Attributes:
        span: in the record's own trace.
        traceparent: what follows from this record carries it on.
    """

    span: Span
    traceparent: str | None

    def end(self, error: str | None = None) -> None:
        """End it; with the kind of error where it failed."""
        if error is not None:
            failed(self.span, error)
        self.span.end()


def begin_step(name: str, traceparent: str | None, attributes: Attributes, kind: SpanKind) -> Step | None:
    """Begin a step of one record in the record's own trace, linked to the current batch span; the caller ends it.

    Returns:
        The step, or None where the record is not traced.
    """
    parent = _context(traceparent) if traceparent else None
    if parent is None:
        return None
    batch = trace.get_current_span().get_span_context()
    span = _tracer().start_span(
        name,
        context=trace.set_span_in_context(trace.NonRecordingSpan(parent)),
        kind=kind,
        links=[Link(batch)] if batch.is_valid else [],
        attributes=attributes,
    )
    return Step(span, _traceparent(span))


def record_span(name: str, traceparent: str | None, attributes: Attributes, kind: SpanKind) -> str | None:
    """Note a step of one record in the record's own trace, linked to the current batch span.

    Returns:
        The `traceparent` that what follows from this record carries on, or None where the record is not traced.
    """
    step = begin_step(name, traceparent, attributes, kind)
    if step is None:
        return None
    step.end()
    return step.traceparent


def new_trace(name: str, attributes: Attributes) -> str | None:
    """Begin a record's own trace with a first span, and return the `traceparent` it travels under."""
    span = _tracer().start_span(
        name, context=trace.set_span_in_context(trace.INVALID_SPAN), kind=SpanKind.INTERNAL, attributes=attributes
    )
    span.end()
    return _traceparent(span)


def current_traceparent() -> str | None:
    """Return the `traceparent` of the current span, or None where none is current or it is not sampled."""
    span = trace.get_current_span()
    return _traceparent(span) if span.get_span_context().trace_flags & TraceFlags.SAMPLED else None


def ids_of(span: Span) -> dict[str, str]:
    """Return the ids by which log lines lead to a span; empty where it is none."""
    context = span.get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": trace.format_trace_id(context.trace_id), "span_id": trace.format_span_id(context.span_id)}


def trace_id_of(traceparent: str) -> str:
    """Return the id, in hexadecimal digits, under which a trace viewer shows the trace of a `traceparent`."""
    return traceparent.split("-")[1]


def _read(traceparent: str) -> trace.SpanContext:
    return trace.get_current_span(_PROPAGATOR.extract({TRACEPARENT: traceparent})).get_span_context()


def _context(traceparent: str) -> trace.SpanContext | None:
    found = _read(traceparent)
    return found if found.is_valid and found.trace_flags & TraceFlags.SAMPLED else None


def _traceparent(span: Span) -> str | None:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span))
    return carrier.get(TRACEPARENT)
