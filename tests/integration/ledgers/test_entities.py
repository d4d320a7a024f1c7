"""The ledgers' consumer of registrations, through Kafka: newest state, whole history, one record told a change."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from contracts.envelope import Envelope
from contracts.events.dead_letters import LedgersDeadLetterRecorded
from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.registration import EntityChanged, EntityRegistered, RegisteredEntity
from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.broker import Subscription
from kit.clock import ManualClock
from kit.consumer import BatchConsumer
from kit.database import Database
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Progress
from kit.ids import derived_id, new_id
from kit.sealing import Sealer
from services.ledgers.handlers.entities import EntityLedger
from services.ledgers.handlers.reorganisations import reorganisations
from services.ledgers.settings import LedgersSettings
from tests.conftest import Eventually, MakeDatabase, RunningServers

pytestmark = pytest.mark.servers

KEY = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
NOW = datetime(2026, 7, 2, 1, 2, 3, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Heard:
    """One event as registration tells it: a state, and the event's own id."""

    event: RegisteredEntity
    event_id: UUID


def state(entity: UUID, version: int, name: str | None = None) -> Heard:
    model = EntityRegistered if version == 1 else EntityChanged
    event = model(
        entity_id=entity,
        version=version,
        uscc="91350211M000100Y43",
        name=name or f"五金店 {version}",
        kind=EntityKind.INDIVIDUAL_HOUSEHOLD,
        state=EntityState.ACTIVE,
        division_code="350211001000",
        bureau=Bureau.MARKET_REGULATION,
        effective_on=FIRST_DAY + timedelta(days=version),
        recorded_at=NOW,
    )
    return Heard(event, new_id())


class Ledger:
    """The ledgers' consumer, and what a test does around it."""

    def __init__(self, kafka: str, prefix: str, url: str) -> None:
        self._kafka, self._prefix, self._url = kafka, prefix, url
        self._settings = LedgersSettings(
            kafka_bootstrap_servers=kafka, kafka_topic_prefix=prefix, dead_letter_key=KEY, database_url=url
        )

    async def hears(self, told: Sequence[Heard]) -> None:
        """Append events to registration's topic."""
        producer = AIOKafkaProducer(bootstrap_servers=self._kafka)
        await producer.start()
        try:
            for one in told:
                envelope = Envelope(
                    id=one.event_id,
                    source="/lianhe/registration",
                    type=one.event.event_type,
                    time=NOW,
                    subject=one.event.key,
                )
                await producer.send_and_wait(
                    self._prefix + RegisteredEntity.topic,
                    one.event.model_dump_json(exclude_none=True).encode(),
                    key=one.event.key.encode(),
                    headers=envelope.encode(),
                )
        finally:
            await producer.stop()

    async def catches_up(self, events: int, eventually: Eventually) -> None:
        """Run the consumer until so many different events are in the inbox and it has no lag."""
        database = Database(self._url, application_name="ledgers", pool_size=2)
        clock = ManualClock(NOW)
        progress = Progress("ledgers.entity")
        consumer = BatchConsumer(
            name=progress.name,
            decoder=Decoder[RegisteredEntity](EntityRegistered, EntityChanged),
            handler=EntityLedger(clock, reorganisations(Sealer(KEY))),
            database=database,
            dead_letters=DeadLetters(LedgersDeadLetterRecorded, Sealer(KEY), clock),
            progress=progress,
        )
        stop = asyncio.Event()
        running = asyncio.create_task(Subscription(consumer, [RegisteredEntity.topic], self._settings).run(stop))

        async def caught_up() -> bool:
            found = await self.rows("SELECT count(*) FROM inbox")
            return found == [(events,)] and progress.ready and progress.pending == 0

        await eventually(caught_up)
        stop.set()
        await running
        await database.close()

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        connection = await asyncpg.connect(self._url)
        try:
            return [tuple(row.values()) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def told(self) -> list[tuple[UUID, UUID | None, EntityRecorded]]:
        """Return what the ledgers told: event id, cause, event."""
        found = await self.rows("SELECT event_id, causation_id, payload FROM outbox ORDER BY id")
        return [
            (UUID(str(key)), UUID(str(cause)), EntityRecorded.model_validate_json(bytes(payload)))  # type: ignore[call-overload]
            for key, cause, payload in found
        ]

    async def versions(self) -> list[tuple[object, ...]]:
        """Return of each entity: id, the ledger's version, registration's version."""
        return await self.rows("SELECT entity_id, version, registration_version FROM entity ORDER BY entity_id")

    async def history(self) -> list[tuple[object, ...]]:
        """Return every state kept: id, registration's version, name, the day from which it holds."""
        return await self.rows(
            "SELECT entity_id, registration_version, name, effective_on FROM entity_history ORDER BY 1, 2"
        )


@pytest.fixture
async def ledger(servers: RunningServers, make_database: MakeDatabase, topic_prefix: str) -> Ledger:
    return Ledger(servers.kafka, topic_prefix, await make_database("ledgers"))


def kept(entity: UUID, *versions: int) -> list[tuple[object, ...]]:
    return [(entity, one, f"五金店 {one}", FIRST_DAY + timedelta(days=one)) for one in versions]


async def test_the_newest_state_of_a_batch_wins_and_history_keeps_every_state(
    ledger: Ledger, eventually: Eventually
) -> None:
    first, second = sorted([new_id(), new_id()])
    told = [state(first, 1), state(second, 1), state(first, 3), state(first, 2), state(second, 2)]
    await ledger.hears(told)
    await ledger.catches_up(5, eventually)
    assert await ledger.versions() == [(first, 1, 3), (second, 1, 2)]
    assert await ledger.history() == kept(first, 1, 2, 3) + kept(second, 1, 2)
    causes = {told[2].event_id: told[2].event, told[4].event_id: told[4].event}
    for event_id, cause, event in await ledger.told():
        assert cause is not None
        fact = causes.pop(cause)
        assert event_id == derived_id(cause, EntityRecorded.event_type, fact.key)
        assert (event.entity_id, event.registration_version, event.version) == (fact.entity_id, fact.version, 1)
        assert (event.name, event.effective_on, event.recorded_at) == (fact.name, fact.effective_on, NOW)
    assert causes == {}


async def test_across_batches_an_older_state_is_kept_in_history_alone(ledger: Ledger, eventually: Eventually) -> None:
    entity = new_id()
    await ledger.hears([state(entity, 1), state(entity, 3)])
    await ledger.catches_up(2, eventually)
    await ledger.hears([state(entity, 2)])
    await ledger.catches_up(3, eventually)
    assert await ledger.versions() == [(entity, 1, 3)]
    assert await ledger.history() == kept(entity, 1, 2, 3)
    assert [event.registration_version for _, _, event in await ledger.told()] == [3]
    await ledger.hears([state(entity, 4)])
    await ledger.catches_up(4, eventually)
    assert await ledger.versions() == [(entity, 2, 4)]
    assert [(event.version, event.registration_version) for _, _, event in await ledger.told()] == [(1, 3), (2, 4)]


async def test_the_same_version_told_anew_is_taken_and_told_again(ledger: Ledger, eventually: Eventually) -> None:
    entity = new_id()
    await ledger.hears([state(entity, 1)])
    await ledger.catches_up(1, eventually)
    again = state(entity, 1, "五金商行")
    await ledger.hears([again])
    await ledger.catches_up(2, eventually)
    assert await ledger.rows("SELECT version, registration_version, name FROM entity") == [(2, 1, "五金商行")]
    assert [(event.version, cause == again.event_id) for _, cause, event in await ledger.told()] == [
        (1, False),
        (2, True),
    ]


async def test_of_the_same_version_twice_in_a_batch_the_entity_is_what_its_event_tells(
    ledger: Ledger, eventually: Eventually
) -> None:
    entity = new_id()
    await ledger.hears([state(entity, 1, "旧名"), state(entity, 1, "新名")])
    await ledger.catches_up(2, eventually)
    [(name,)] = await ledger.rows("SELECT name FROM entity")
    [(_, _, event)] = await ledger.told()
    assert name == event.name == "新名"


async def test_an_event_that_comes_again_changes_and_tells_nothing(ledger: Ledger, eventually: Eventually) -> None:
    entity = new_id()
    told = [state(entity, 1), state(entity, 2)]
    await ledger.hears([*told, *told])
    await ledger.catches_up(2, eventually)
    await ledger.hears(told)
    await ledger.catches_up(2, eventually)
    assert await ledger.versions() == [(entity, 1, 2)]
    assert len(await ledger.told()) == 1
    assert await ledger.rows("SELECT count(*) FROM dead_letter") == [(0,)]
