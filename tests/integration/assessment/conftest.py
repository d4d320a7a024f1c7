"""Assessment on the real database: its consumer, its timers, and what it told."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr

from contracts.events.assessment import RatingGiven, RatingWithdrawn, RecordedRating, SchemePublished
from contracts.events.base import EventData
from contracts.events.dead_letters import AssessmentDeadLetterRecorded
from kit.callers import Verifier
from kit.clock import ManualClock
from kit.consumer import BatchConsumer
from kit.database import Database
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Progress
from kit.http_api import application
from kit.sealing import Sealer
from kit.timers import Timers
from services.assessment.api.ratings import RatingRoutes
from services.assessment.api.schemes import SchemeRoutes
from services.assessment.handlers.editions import RatedAnew
from services.assessment.handlers.ratings import FACTS, RatedByFacts
from services.assessment.handlers.schemes import PROCESS
from services.assessment.repository.ratings import Kept, find_rating
from tests.conftest import MakeDatabase
from tests.integration.assessment.desk import Desk
from tests.integration.assessment.ledgers import NOW, Told, told
from tests.tokens import ISSUER, Issuer

KEY = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
MODELS = {one.event_type: one for one in (RatingGiven, RatingWithdrawn, SchemePublished)}


@dataclass(frozen=True, slots=True)
class Out:
    """An event in the outbox."""

    id: UUID
    event: EventData
    correlation_id: UUID
    causation_id: UUID | None


class Assessment:
    """One database of assessment, and what its processes do on it.

    Args:
        url: of the database.
        replicas: consumers, each with connections of its own.
    """

    def __init__(self, url: str, replicas: int = 2) -> None:
        self.url = url
        self.clock = ManualClock(NOW)
        self.database = Database(url, application_name="test", pool_size=4)
        self._replicas = [self._replica() for _ in range(replicas)]
        self._offset = 0

    def _replica(self) -> BatchConsumer[EventData]:
        return BatchConsumer(
            name="assessment.facts",
            decoder=Decoder[EventData](*FACTS),
            handler=RatedByFacts(self.clock),
            database=self.database,
            dead_letters=DeadLetters(AssessmentDeadLetterRecorded, Sealer(KEY), self.clock),
            progress=Progress("assessment.facts"),
        )

    async def hears(self, *events: EventData | Told) -> list[Told]:
        """Take a batch in, in this order; return its records."""
        records = [self._place(one) for one in events]
        await self._replicas[0].take(records)
        return records

    async def hears_at_once(self, *batches: Sequence[EventData | Told]) -> None:
        """Take batches in, each on a replica, all at the same moment."""
        placed = [[self._place(one) for one in batch] for batch in batches]
        await asyncio.gather(*(replica.take(batch) for replica, batch in zip(self._replicas, placed, strict=True)))

    def _place(self, one: EventData | Told) -> Told:
        self._offset += 1
        record = one if isinstance(one, Told) else told(one)
        # a batch is taken in the order of its places: one topic for the test's order, whatever the event's own
        return replace(record, topic="test", offset=self._offset)

    def timers(self, batch_size: int = 200, on_due: RatedAnew | None = None) -> Timers:
        """Return the timers that rate anew."""
        return Timers(
            service="assessment",
            database=self.database,
            clock=self.clock,
            processes={PROCESS: on_due or RatedAnew(self.clock, batch_size)},
            progress=Progress("editions"),
        )

    async def rating(self, organisation: UUID) -> Kept | None:
        """Return the rating of an organisation."""
        async with self.database.transaction() as transaction:
            return await find_rating(transaction.connection, organisation)

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        async with self.database.transaction() as transaction:
            return [tuple(row.values()) for row in await transaction.connection.fetch(query)]

    async def outbox(self) -> list[Out]:
        """Return everything told, in order."""
        connection = await asyncpg.connect(self.url)
        try:
            rows = await connection.fetch("SELECT * FROM outbox ORDER BY id")
        finally:
            await connection.close()
        return [
            Out(
                row["event_id"],
                MODELS[row["type"]].model_validate_json(row["payload"]),
                row["correlation_id"],
                row["causation_id"],
            )
            for row in rows
        ]

    async def ratings_told(self) -> list[RecordedRating]:
        """Return the ratings told, in order."""
        return [one.event for one in await self.outbox() if isinstance(one.event, RecordedRating)]


@pytest.fixture
async def assessment(make_database: MakeDatabase) -> AsyncIterator[Assessment]:
    place = Assessment(await make_database("assessment"))
    yield place
    await place.database.close()


@pytest.fixture
def desk(assessment: Assessment, tmp_path: Path) -> Desk:
    """A client of the same database."""
    issuer = Issuer()
    app = application("assessment", "", Verifier.of(ISSUER, str(issuer.publish(tmp_path))), [])
    app.include_router(SchemeRoutes(assessment.database, assessment.clock).router())
    app.include_router(RatingRoutes(assessment.database).router())
    return Desk(app, issuer)
