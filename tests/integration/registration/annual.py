"""The ledgers as registration hears them, and annual reports filed at its front door."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from contracts.envelope import Envelope
from contracts.events.dead_letters import RegistrationDeadLetterRecorded
from contracts.events.ledgers.coverage import CoverageChanged, RecordedCoverage
from contracts.vocabulary import Bureau, CoverageDuty, EntityKind, EntityState, OrganisationCoverage
from kit.consumer import BatchConsumer
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Progress
from kit.ids import new_id
from kit.sealing import Sealer
from services.registration.copies import COVERAGE
from services.registration.handlers.discrepancies import CoverageHeard, discrepancies
from tests.integration.registration.desk import ANSWERS, KEY, NOW, TOWNSHIP, A, Desk

YEAR: Final = 2023


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


class Ledgers:
    """What the ledgers tell, taken in by registration's consumer.

    Args:
        front: of registration, on the same database.
    """

    def __init__(self, front: Desk) -> None:
        self._front = front
        self._versions: dict[UUID, int] = {}
        self._offset = 0
        sealer = Sealer(KEY)
        self.consumer = BatchConsumer[RecordedCoverage](
            name="registration.coverage",
            decoder=Decoder(*COVERAGE.events),
            handler=CoverageHeard(discrepancies(sealer), front.clock),
            database=front.database,
            dead_letters=DeadLetters(RegistrationDeadLetterRecorded, sealer, front.clock),
            progress=Progress("registration.coverage"),
        )

    def coverage(
        self, entity: UUID, full: int, probationary: int, covered: OrganisationCoverage = OrganisationCoverage.OWN
    ) -> RecordedCoverage:
        """Return the next state of an entity's coverage."""
        version = self._versions[entity] = self._versions.get(entity, 0) + 1
        return CoverageChanged(
            entity_id=entity,
            uscc=A,
            version=version,
            kind=EntityKind.MICRO_SMALL_ENTERPRISE,
            state=EntityState.ACTIVE,
            full_members=full,
            probationary_members=probationary,
            organisation_coverage=covered,
            organisation_ids=() if covered is OrganisationCoverage.NONE else (UUID(int=7),),
            work_coverage=False,
            duty=CoverageDuty.MET,
            division_code=TOWNSHIP,
            bureau=Bureau.MARKET_REGULATION,
            effective_on=NOW.date(),
            recorded_at=NOW,
        )

    def record(self, event: RecordedCoverage, **attributes: Any) -> Arrived:
        """Return the record of an event, next in the order of everything."""
        envelope = Envelope(
            id=new_id(), source="/lianhe/ledgers", type=event.event_type, time=NOW, subject=event.key
        )._replace(**attributes)
        self._offset += 1
        value = event.model_dump_json(exclude_none=True).encode()
        return Arrived(event.key.encode(), value, tuple(envelope.encode()), event.topic, self._offset)

    async def take(self, records: Sequence[Arrived]) -> None:
        """Let registration take in a batch; nothing of it may be set aside."""
        await self.consumer.take(records)
        assert await self._front.rows("SELECT reason, detail FROM dead_letter") == []

    async def tell(self, entity: UUID, full: int, probationary: int, **how: OrganisationCoverage) -> None:
        """Let registration hear the next state of an entity's coverage."""
        await self.take([self.record(self.coverage(entity, full, probationary, **how))])


def report(entity: UUID, **changed: object) -> dict[str, object]:
    """A report that states 3 full members, 1 probationary one, and an organisation."""
    return {"entityId": str(entity), "year": YEAR, "partyBuilding": ANSWERS} | changed


async def corrects(front: Desk, report_id: UUID, version: int, **answers: object) -> httpx.Response:
    """File a report again, with other answers."""
    body = {"expectedVersion": version, "partyBuilding": ANSWERS | answers}
    return await front.send("PUT", f"/annual-reports/{report_id}", body)


async def step(front: Desk, discrepancy: UUID, version: int, action: str, **given: Any) -> httpx.Response:
    """Take a step of a discrepancy."""
    role = given.pop("role", "BUREAU")
    body = {"expectedVersion": version, "action": action, **given}
    return await front.send("POST", f"/discrepancies/{discrepancy}/steps", body, role=role)
