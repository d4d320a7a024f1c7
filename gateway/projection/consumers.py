"""What the gateway hears from Kafka: a consumer a topic, so that a held topic holds no other."""

from collections.abc import Sequence
from typing import Final, TypeVar

from contracts.events.base import EventData
from gateway.projection.copying import Copy, Copying
from gateway.projection.entities import ENTITY, ENTITY_EVENTS, ENTITY_LEDGER, ENTITY_LEDGER_EVENTS
from kit.broker import Subscription
from kit.consumer import BatchConsumer
from kit.database import Database
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Health
from kit.settings import ServiceSettings

E = TypeVar("E", bound=EventData)

SCHEMA: Final = "model_1"
"""The build that the live projection writes to."""


def subscriptions(
    settings: ServiceSettings, database: Database, dead_letters: DeadLetters, health: Health
) -> list[Subscription]:
    """Return the subscriptions that keep the read model up to date."""

    def subscribe(name: str, copy: Copy[E], events: Sequence[type[E]]) -> Subscription:
        consumer = BatchConsumer(
            name=name,
            decoder=Decoder(*events),
            handler=Copying(copy, SCHEMA),
            database=database,
            dead_letters=dead_letters,
            progress=health.component(name),
            inbox=False,
        )
        return Subscription(consumer, [events[0].topic], settings)

    return [
        subscribe("gateway.entity", ENTITY, ENTITY_EVENTS),
        subscribe("gateway.entity-ledger", ENTITY_LEDGER, ENTITY_LEDGER_EVENTS),
    ]
