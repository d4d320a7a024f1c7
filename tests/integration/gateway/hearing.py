"""The gateway's consumers as they are wired, fed with records by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

import asyncpg
from pydantic import SecretStr

from contracts.envelope import Envelope
from contracts.events.base import EventData
from contracts.events.dead_letters import GatewayDeadLetterRecorded
from contracts.examples import Example
from gateway.projection.consumers import subscribe
from gateway.settings import GatewaySettings
from kit.clock import ManualClock
from kit.consumer import BatchConsumer, Handler
from kit.database import Database
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Health, Progress
from kit.hearing import Hearing
from kit.ids import new_id
from kit.sealing import Sealer

E = TypeVar("E", bound=EventData)

KEY = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
NOW = datetime(2026, 7, 2, 1, 2, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OnTopic:
    """A record as the broker gives it."""

    topic: str
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    partition: int = 0
    timestamp: int = 0


class Wired(Hearing):
    """Keeps the consumers that are added, by the topics they hear."""

    def __init__(self, url: str, database: Database) -> None:
        settings = GatewaySettings(kafka_bootstrap_servers="localhost:1", dead_letter_key=KEY, database_url=url)
        clock = ManualClock(NOW)
        super().__init__(
            settings,
            database_url=url,
            database=database,
            dead_letter=GatewayDeadLetterRecorded,
            clock=clock,
            health=Health(),
        )
        self.consumers: dict[str, BatchConsumer[Any]] = {}
        self._open = database
        self._letters = DeadLetters(GatewayDeadLetterRecorded, Sealer(KEY), clock)

    def subscribe(self, what: str, events: Sequence[type[E]], handler: Handler[E], *, inbox: bool = True) -> None:
        """Keep the consumer."""
        consumer = BatchConsumer(
            name=f"gateway.{what}",
            decoder=Decoder[E](*events),
            handler=handler,
            database=self._open,
            dead_letters=self._letters,
            progress=Progress(what),
            inbox=inbox,
        )
        for topic in {event.topic for event in events}:
            assert topic not in self.consumers
            self.consumers[topic] = consumer


class Projection:
    """The read model of one database, as its consumers build it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._database = Database(url, application_name="gateway", pool_size=1)
        self._consumers = Wired(url, self._database)
        subscribe(self._consumers)
        self._offsets = count()

    @property
    def topics(self) -> set[str]:
        """The topics that are heard."""
        return set(self._consumers.consumers)

    async def hears(self, *events: EventData) -> None:
        """Take in events, in their order, in one batch a consumer."""
        await self.takes([self.record(event) for event in events])

    def record(self, told: EventData | Example) -> OnTopic:
        """Return the record of an event or an example, at the next offset."""
        offset = next(self._offsets)
        if isinstance(told, Example):
            service, aggregate = told.event_type.split(".")[2:4]
            return OnTopic(f"{service}-{aggregate}", offset, told.key, told.raw, told.headers)
        envelope = Envelope(id=new_id(), source="/lianhe/tests", type=told.event_type, time=NOW, subject=told.key)
        value = told.model_dump_json(exclude_none=True).encode()
        return OnTopic(told.topic, offset, told.key.encode(), value, tuple(envelope.encode()))

    async def takes(self, records: Sequence[OnTopic]) -> None:
        """Take in records, in one batch a consumer; a record that is set aside fails the test."""
        by_consumer: dict[str, list[OnTopic]] = {}
        for record in records:
            by_consumer.setdefault(self._consumers.consumers[record.topic].name, []).append(record)
        for batch in by_consumer.values():
            await self._consumers.consumers[batch[0].topic].take(batch)
        assert await self.rows("SELECT detail FROM public.dead_letter") == []

    async def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        connection = await asyncpg.connect(self._url)
        try:
            return [tuple(row.values()) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._database.close()
