"""What pairing hears in its tests: facts of the ledgers and of assessment, as few words as they need."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from contracts.events.assessment import RatingGiven, RatingWithdrawn, RecordedRating
from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired, FoundingSettled, RecordedCoverage
from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.ledgers.lines import AssociationRecorded, CadreRecorded, DivisionRecorded, MandateRecorded
from contracts.events.ledgers.organisations import (
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
    RecordedOrganisation,
)
from contracts.vocabulary import (
    Bureau,
    CadreState,
    CallerRole,
    CoverageDuty,
    DivisionLevel,
    EntityKind,
    EntityState,
    MandateState,
    OrganisationCoverage,
    OrganisationForm,
    OrganisationState,
    RatingBand,
    RatingState,
    UnitState,
)

NOW: Final = datetime(2024, 2, 28, 2, 0, tzinfo=UTC)
DAY: Final = date(2024, 2, 26)
USCC: Final = "91500111MADUMMY12D"
HOME: Final = "500111101003"
TOWNSHIP: Final = "500111101000"
ELSEWHERE: Final = "500112101000"
LINE: Final = Bureau.MARKET_REGULATION


def coverage(
    entity: UUID, version: int, *, must_found: bool = True, division: str = HOME, on: date = DAY
) -> RecordedCoverage:
    """Return a coverage: first of its duty, or settled."""
    model: type[RecordedCoverage] = FoundingRequired if must_found else FoundingSettled
    return _coverage(model, entity, version, CoverageDuty.MUST_FOUND if must_found else CoverageDuty.MET, division, on)


def coverage_changed(entity: UUID, version: int, duty: CoverageDuty, division: str = HOME) -> RecordedCoverage:
    """Return a coverage in which the duty to found is as it was."""
    return _coverage(CoverageChanged, entity, version, duty, division, DAY)


def _coverage(
    model: type[RecordedCoverage], entity: UUID, version: int, duty: CoverageDuty, division: str, on: date
) -> RecordedCoverage:
    return model(
        entity_id=entity,
        uscc=USCC,
        version=version,
        kind=EntityKind.MICRO_SMALL_ENTERPRISE,
        state=EntityState.ACTIVE,
        full_members=3,
        probationary_members=0,
        organisation_coverage=OrganisationCoverage.NONE,
        organisation_ids=(),
        work_coverage=False,
        duty=duty,
        division_code=division,
        bureau=LINE,
        effective_on=on,
        recorded_at=NOW,
    )


def organisation(
    organisation_id: UUID,
    version: int = 1,
    *,
    division: str = TOWNSHIP,
    state: OrganisationState = OrganisationState.ACTIVE,
    external: bool = False,
    covers: Sequence[UUID] = (),
    on: date = DAY,
) -> RecordedOrganisation:
    """Return an organisation."""
    model: type[RecordedOrganisation] = OrganisationFounded if version == 1 else OrganisationChanged
    if state is OrganisationState.DISSOLVED:
        model = OrganisationDissolved
    return model(
        organisation_id=organisation_id,
        version=version,
        name="龙水五金联合党支部",
        form=OrganisationForm.JOINT_BRANCH,
        external=external,
        entity_ids=tuple(covers),
        division_code=division,
        bureau=LINE,
        state=state,
        effective_on=on,
        recorded_at=NOW,
    )


def rating(
    organisation_id: UUID,
    band: RatingBand,
    version: int = 1,
    *,
    rating_id: UUID | None = None,
    state: RatingState = RatingState.CURRENT,
    on: date = DAY,
) -> RecordedRating:
    """Return a rating, by default the one whose id is the organisation's."""
    model: type[RecordedRating] = RatingGiven if state is RatingState.CURRENT else RatingWithdrawn
    return model(
        rating_id=rating_id or organisation_id,
        version=version,
        organisation_id=organisation_id,
        scheme_id=UUID(int=5),
        scheme_version=1,
        points=Decimal("86.67"),
        band=band,
        evidence=(),
        state=state,
        division_code=TOWNSHIP,
        bureau=LINE,
        effective_on=on,
        recorded_at=NOW,
    )


def entity(
    entity_id: UUID, version: int = 1, *, state: EntityState = EntityState.ACTIVE, division: str = HOME
) -> EntityRecorded:
    """Return the ledgers' record of an entity."""
    return EntityRecorded(
        entity_id=entity_id,
        version=version,
        registration_version=version,
        uscc=USCC,
        name="龙水五金",
        kind=EntityKind.MICRO_SMALL_ENTERPRISE,
        state=state,
        division_code=division,
        bureau=LINE,
        effective_on=DAY,
        recorded_at=NOW,
    )


def cadre(cadre_id: UUID, version: int = 1, *, state: CadreState = CadreState.ACTIVE) -> CadreRecorded:
    """Return a cadre."""
    return CadreRecorded(
        cadre_id=cadre_id,
        version=version,
        bureau=LINE,
        division_code=TOWNSHIP,
        state=state,
        effective_on=DAY,
        recorded_at=NOW,
    )


def division(
    code: str, *, level: DivisionLevel = DivisionLevel.TOWNSHIP, state: UnitState = UnitState.ACTIVE
) -> DivisionRecorded:
    """Return a division."""
    return DivisionRecorded(
        division_code=code, version=1, name="龙水镇", level=level, state=state, effective_on=DAY, recorded_at=NOW
    )


def association(association_id: UUID, *, state: UnitState = UnitState.ACTIVE) -> AssociationRecorded:
    """Return an association."""
    return AssociationRecorded(
        association_id=association_id,
        version=1,
        name="个体私营经济协会龙水分会",
        bureau=Bureau.CIVIL_AFFAIRS,
        division_code=TOWNSHIP,
        state=state,
        effective_on=DAY,
        recorded_at=NOW,
    )


def revoked_mandate(subject: str) -> MandateRecorded:
    """Return a mandate that is not in force any more."""
    return MandateRecorded(
        mandate_id=UUID(int=6),
        version=2,
        subject=subject,
        role=CallerRole.DISTRICT,
        division_code="500111000000",
        valid_from=DAY,
        state=MandateState.REVOKED,
        effective_on=DAY,
        recorded_at=NOW,
    )
