"""Traces: one span a batch, and for sampled records a span in the record's own trace, from file to graph.

A record that is traced carries a W3C `traceparent`; one that isn't carries none, which costs nothing on the way.
Spans are sent over OTLP where `OTEL_EXPORTER_OTLP_ENDPOINT` (or the one for traces) is set, as the OpenTelemetry SDK
reads it. Nothing personal goes into an attribute.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

Attributes = Mapping[str, str | int | float | bool]


def set_up(process: str) -> TracerProvider:
    """Make this process's tracer provider the global one; the caller shuts it down, which sends what is left."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: f"lianhe-{process}"}))
    if any(os.environ.get(name) for name in _ENDPOINTS):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - 0.1 s

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


def _tracer() -> trace.Tracer:
    return trace.get_tracer("lianhe")


@contextmanager
def batch_span(name: str, traceparents: Sequence[str], attributes: Attributes, kind: SpanKind) -> Iterator[Span]:
    """Open the span of a batch, linked to the traces of its sampled records."""
    links = [Link(context) for one in traceparents if (context := _context(one)) is not None]
    with _tracer().start_as_current_span(
        name, context=trace.set_span_in_context(trace.INVALID_SPAN), kind=kind, links=links, attributes=attributes
    ) as span:
        yield span


def record_span(name: str, traceparent: str | None, attributes: Attributes, kind: SpanKind) -> str | None:
    """Note a step of one record in the record's own trace, linked to the current batch span.

    Returns:
        The `traceparent` that what follows from this record carries on, or None where the record is not traced.
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
    span.end()
    return _traceparent(span)


def new_trace(name: str, attributes: Attributes) -> str | None:
    """Begin a record's own trace with a first span, and return the `traceparent` it travels under."""
    span = _tracer().start_span(
        name, context=trace.set_span_in_context(trace.INVALID_SPAN), kind=SpanKind.INTERNAL, attributes=attributes
    )
    span.end()
    return _traceparent(span)


def _context(traceparent: str) -> trace.SpanContext | None:
    found = trace.get_current_span(_PROPAGATOR.extract({"traceparent": traceparent})).get_span_context()
    return found if found.is_valid and found.trace_flags & TraceFlags.SAMPLED else None


def _traceparent(span: Span) -> str | None:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span))
    return carrier.get("traceparent")
