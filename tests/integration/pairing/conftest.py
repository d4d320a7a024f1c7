"""Pairing on a database of the test's own: its consumers, driven batch by batch, and what it told."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr

from contracts.envelope import Envelope
from contracts.events import pairing
from contracts.events.base import EventData
from contracts.events.dead_letters import PairingDeadLetterRecorded
from kit.callers import Verifier
from kit.clock import ManualClock
from kit.consumer import BatchConsumer, Handler
from kit.copying import CopyingEach
from kit.database import Database
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Progress
from kit.http_api import application
from kit.ids import new_id
from kit.lines import LINES
from kit.sealing import Sealer
from services.pairing.api.alliances import AllianceRoutes
from services.pairing.api.assignments import AssignmentRoutes
from services.pairing.api.outreach import OutreachRoutes
from services.pairing.consumers import COVERAGE, FACT_EVENTS
from services.pairing.handlers.suggestions import CoverageHeard, FactsHeard
from tests.conftest import MakeDatabase
from tests.integration.pairing.desk import Desk
from tests.integration.pairing.facts import NOW
from tests.tokens import ISSUER, Issuer

KEY: Final = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
_LINE_EVENTS: Final = tuple(event for copy in LINES for event in copy.events)
_TOLD: Final = {
    event.event_type: event
    for event in (
        pairing.AssignmentMade,
        pairing.AssignmentEnded,
        pairing.SuggestionMade,
        pairing.SuggestionSettled,
        pairing.AllianceFormed,
        pairing.AllianceDissolved,
        pairing.VisitRecorded,
        pairing.NamingRecorded,
        pairing.QuestionnaireRecorded,
    )
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record as the broker hands it over."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    topic: str
    offset: int
    partition: int = 0
    timestamp: int = 1_709_000_000_000


@dataclass(frozen=True, slots=True)
class Out:
    """An event in the outbox."""

    event_id: UUID
    event: EventData
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str | None


class Pairing:
    """Pairing's consumers and its database.

    Args:
        url: of the database.
    """

    def __init__(self, url: str) -> None:
        self.clock = ManualClock(NOW)
        self.database = Database(url, application_name="test", pool_size=10)
        self.consumers = {
            "lines": self._consumer("lines", _LINE_EVENTS, CopyingEach(LINES), inbox=False),
            "coverage": self._consumer("coverage", COVERAGE, CoverageHeard(self.clock)),
            "facts": self._consumer("facts", FACT_EVENTS, FactsHeard(self.clock)),
        }
        self._offset = 0

    def _consumer(
        self, what: str, events: Sequence[type[EventData]], handler: Handler[Any], *, inbox: bool = True
    ) -> BatchConsumer[Any]:
        return BatchConsumer(
            name=f"pairing.{what}",
            decoder=Decoder(*events),
            handler=handler,
            database=self.database,
            dead_letters=DeadLetters(PairingDeadLetterRecorded, Sealer(KEY), self.clock),
            progress=Progress(f"pairing.{what}"),
            inbox=inbox,
        )

    def record(self, event: EventData, **attributes: Any) -> Arrived:
        """Return the record of an event, next in the order of everything."""
        envelope = Envelope(
            id=new_id(),
            source="/lianhe/" + event.event_type.split(".")[2],
            type=event.event_type,
            time=NOW,
            subject=event.key,
        )._replace(**attributes)
        self._offset += 1
        value = event.model_dump_json(exclude_none=True).encode()
        return Arrived(event.key.encode(), value, tuple(envelope.encode()), event.topic, self._offset)

    async def takes(self, what: str, *records: Arrived) -> None:
        """Let a consumer take in a batch."""
        await self.consumers[what].take(records)

    async def hears(self, *events: EventData) -> None:
        """Let each consumer take in its events, each event a batch."""
        for event in events:
            kinds = {"lines": _LINE_EVENTS, "coverage": COVERAGE, "facts": FACT_EVENTS}
            [what] = [name for name, types in kinds.items() if isinstance(event, types)]
            await self.takes(what, self.record(event))

    async def rows(self, query: str, *args: object) -> list[asyncpg.Record]:
        """Return the rows of a query."""
        async with self.database.transaction() as transaction:
            return await transaction.connection.fetch(query, *args)

    async def told(self) -> list[Out]:
        """Return what is in the outbox, in order; nothing may be in the dead letters."""
        assert await self.rows("SELECT reason, detail FROM dead_letter") == []
        return [
            Out(
                row["event_id"],
                _TOLD[row["type"]].model_validate_json(row["payload"]),
                row["correlation_id"],
                row["causation_id"],
                row["traceparent"],
            )
            for row in await self.rows("SELECT * FROM outbox ORDER BY id")
        ]

    async def suggestions(self) -> list[pairing.RecordedSuggestion]:
        """Return the suggestions that were told, in order."""
        return [one.event for one in await self.told() if isinstance(one.event, pairing.RecordedSuggestion)]

    async def forgets(self) -> None:
        """Empty every table that the tests fill."""
        async with self.database.transaction() as transaction:
            await transaction.connection.execute("TRUNCATE suggestion, organisation, rating, inbox, outbox")


@pytest.fixture
async def service(make_database: MakeDatabase) -> AsyncIterator[Pairing]:
    """Pairing, with an empty database."""
    made = Pairing(await make_database("pairing"))
    yield made
    await made.database.close()


@pytest.fixture
async def desk(service: Pairing, tmp_path: Path) -> AsyncIterator[Desk]:
    """Pairing's HTTP side, on the same database."""
    issuer = Issuer()
    app = application("pairing", "", Verifier.of(ISSUER, str(issuer.publish(tmp_path))), [])
    app.include_router(AssignmentRoutes(service.database, service.clock).router())
    app.include_router(AllianceRoutes(service.database, service.clock).router())
    app.include_router(OutreachRoutes(service.database, service.clock).router())
    made = Desk(app, issuer)
    yield made
    await made.client.aclose()
