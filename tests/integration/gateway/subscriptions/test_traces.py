"""A change is followed in its own trace to each subscriber it is sent to; and what is open is counted."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from contracts.events.base import EventData
from kit import telemetry
from tests.conftest import Eventually
from tests.integration.gateway.subscriptions.conftest import Gateway
from tests.integration.gateway.subscriptions.test_changes import CHANGED, changed, heard, of
from tests.unit.kit.records import SAMPLED, UNSAMPLED

pytestmark = pytest.mark.servers


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What is exported, by a provider of this test alone: the global one can be set only once a process."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", lambda: provider.get_tracer("lianhe"))
    return exporter


async def tell(gateway: Gateway, event: EventData, traceparent: str) -> None:
    """Let the projection hear an event in a trace."""
    record = gateway.projection.record(event)
    traced = replace(record, headers=(*record.headers, ("traceparent", traceparent.encode())))
    await gateway.projection.takes([traced])


def named(spans: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [one for one in spans.get_finished_spans() if one.name == name]


def value(name: str, labels: Mapping[str, str] | None = None) -> float:
    return REGISTRY.get_sample_value(name, dict(labels or {})) or 0.0


async def test_sending_a_change_is_the_last_span_of_its_trace_a_span_a_subscriber(
    gateway: Gateway, spans: InMemorySpanExporter, eventually: Eventually
) -> None:
    begun, delivered = await gateway.position(), value("lianhe_changes_delivered_total")
    subscriptions, connections = value("lianhe_subscriptions"), value("lianhe_websocket_connections")
    async with gateway.socket() as first, gateway.socket() as second:
        for socket in (first, second):
            await socket.begin()
            await socket.subscribe(CHANGED, after=begun)
        await tell(gateway, changed("E1"), SAMPLED)
        for socket in (first, second):
            assert await heard(socket, 1) == of(("E1", 1))
        assert value("lianhe_subscriptions") - subscriptions == 2
        assert value("lianhe_websocket_connections") - connections == 2

        async def both() -> bool:
            return len(named(spans, "gateway deliver")) == 2

        await eventually(both)
    [apply] = named(spans, "gateway.ledgers apply")
    for deliver in named(spans, "gateway deliver"):
        assert deliver.parent is not None
        assert apply.context is not None
        assert (deliver.parent.trace_id, deliver.parent.span_id) == (apply.context.trace_id, apply.context.span_id)
        assert dict(deliver.attributes or {}) == {"graphql.operation.type": "subscription"}
        assert deliver.status.is_unset
    assert value("lianhe_changes_delivered_total") - delivered == 2
    assert value("lianhe_subscriptions") == subscriptions
    assert value("lianhe_websocket_connections") == connections


async def test_who_comes_back_has_what_they_missed_in_its_trace_too(
    gateway: Gateway, spans: InMemorySpanExporter, eventually: Eventually
) -> None:
    begun = await gateway.position()
    await tell(gateway, changed("E1"), SAMPLED)
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=begun)
        assert await heard(socket, 1) == of(("E1", 1))

        async def delivered() -> bool:
            return bool(named(spans, "gateway deliver"))

        await eventually(delivered)


async def test_a_change_that_is_not_traced_costs_no_span_and_is_counted_all_the_same(
    gateway: Gateway, spans: InMemorySpanExporter, eventually: Eventually
) -> None:
    before = value("lianhe_changes_delivered_total")
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=await gateway.position())
        await tell(gateway, changed("E1"), UNSAMPLED)
        assert await heard(socket, 1) == of(("E1", 1))

        async def counted() -> bool:
            return value("lianhe_changes_delivered_total") - before == 1

        await eventually(counted)
    assert named(spans, "gateway deliver") == []
    assert await gateway.rows("SELECT traceparent FROM public.change") == [(None,)]
