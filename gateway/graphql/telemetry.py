"""What is noted of an operation of the graph: its kind, its root fields, what became of it. Never a value."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from graphql import FieldNode, GraphQLError, OperationType
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind

from gateway.graphql.documents import Request
from gateway.graphql.errors import Code, is_of_server
from kit import metrics
from kit.telemetry import begin_step, failed, request_span

UNREADABLE: Final = "unreadable"
"""The kind of what is no valid request."""
OTHER: Final = "other"
MOST_FIELDS: Final = 10
_CODES: Final = frozenset(code.value for code in Code)


@contextmanager
def operation_span(request: Request, traceparent: str | None) -> Iterator[Span]:
    """Open the span of a mutation, and of a query whose caller traces it; other queries get none."""
    operation = request.operation
    if operation.operation is not OperationType.MUTATION and traceparent is None:
        yield trace.INVALID_SPAN
        return
    # names of the schema: the request is valid
    fields = [one.name.value for one in operation.selection_set.selections if isinstance(one, FieldNode)]
    kind = operation.operation.value
    attributes = {"graphql.operation.type": kind, "graphql.fields": ",".join(fields[:MOST_FIELDS])}
    with request_span(f"gateway {kind}", traceparent, attributes) as span:
        yield span


@contextmanager
def delivery(traceparent: str | None) -> Iterator[None]:
    """Note that a change is sent to a subscriber, in the change's own trace where it is traced.

    The block ends when the subscriber's connection has taken it; one that is broken off was not delivered.
    """
    step = begin_step("gateway deliver", traceparent, {"graphql.operation.type": "subscription"}, SpanKind.PRODUCER)
    delivered = False
    try:
        yield
        delivered = True
    finally:
        if delivered:
            metrics.CHANGES_DELIVERED.inc()
        if step is not None:
            step.end(None if delivered else "NotDelivered")


def note(span: Span, errors: Sequence[GraphQLError]) -> None:
    """Mark a span as failed where the server is the cause."""
    if broken := next((one for one in errors if is_of_server(one)), None):
        failed(span, code_of(broken))


def count(kind: str, errors: Sequence[GraphQLError]) -> None:
    """Count an operation, and its errors by their code."""
    outcome = "failed" if any(map(is_of_server, errors)) else "refused" if errors else "answered"
    metrics.GRAPH_REQUESTS.labels(kind, outcome).inc()
    for error in errors:
        metrics.GRAPH_ERRORS.labels(code_of(error)).inc()


def code_of(error: GraphQLError) -> str:
    """Return the code of an error; `other` for what is none of ours."""
    code = (error.extensions or {}).get("code")
    return code if isinstance(code, str) and code in _CODES else OTHER
