"""Two hundred entities that came and went, each with periods of coverage, made up by a seed."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid5

from contracts.events.base import EventData
from contracts.events.ledgers.coverage import CoverageChanged, CoveragePeriod
from contracts.events.ledgers.development import QuotaRecorded
from contracts.events.ledgers.organisations import OrganisationFounded
from contracts.events.registration import EntityRegistered, RegisteredEntity
from contracts.events.registration.annual_reports import AnnualReportRecorded
from contracts.events.registration.forms import FormMoved
from contracts.vocabulary import (
    AnnualReportState,
    Bureau,
    CoverageDuty,
    EntityKind,
    EntityState,
    FormAction,
    FormationMode,
    FormOccasion,
    FormState,
    OrganisationCoverage,
    OrganisationForm,
    OrganisationState,
)
from tests.integration.gateway.graphql.district.makers import GRID, LONGSHUI, WANGU
from tests.integration.gateway.hearing import NOW

_NAMESPACE: Final = UUID("5b4f7a52-0000-4000-8000-000000000002")
_FIRST: Final = date(2022, 1, 1)
_DAYS: Final = 900
"""Days after the first within which all begins and ends."""
_DICE: Final = Random(20240228)  # noqa: S311 - made-up facts, the same each time


def _day(after: int = 0) -> int:
    return _DICE.randint(after, _DAYS)


def _periods() -> tuple[CoveragePeriod, ...]:
    starts = sorted({_day() for _ in range(_DICE.randint(1, 5))})
    made = []
    for place, start in enumerate(starts):
        latest = starts[place + 1] if place + 1 < len(starts) else None
        ends = None if latest is None and _DICE.random() < 0.7 else _DICE.randint(start, (latest or _DAYS + 1) - 1)
        coverage = _DICE.choice(list(OrganisationCoverage))
        made.append(
            CoveragePeriod(
                since=_FIRST + timedelta(days=start),
                until=None if ends is None else _FIRST + timedelta(days=ends),
                full_members=_DICE.randint(0, 4),
                probationary_members=_DICE.randint(0, 1),
                organisation_coverage=coverage,
                organisation_ids=() if coverage is OrganisationCoverage.NONE else (uuid5(_NAMESPACE, "O"),),
                work_coverage=_DICE.random() < 0.5,
            )
        )
    return tuple(made)


def _entity(number: int) -> RegisteredEntity:
    registered = None if number % 10 == 0 else _day()
    gone = number % 4 == 0
    return EntityRegistered(
        entity_id=uuid5(_NAMESPACE, str(number)),
        version=1,
        uscc=f"91500111MA{number:08d}",
        name=f"主体{number}",
        kind=_DICE.choice(list(EntityKind)),
        state=EntityState.DEREGISTERED if gone else EntityState.ACTIVE,
        division_code=_DICE.choice([LONGSHUI, GRID, WANGU]),
        bureau=_DICE.choice([Bureau.MARKET_REGULATION, Bureau.CIVIL_AFFAIRS]),
        registered_on=None if registered is None else _FIRST + timedelta(days=registered),
        effective_on=_FIRST + timedelta(days=_day(registered or 0)),
        recorded_at=NOW,
    )


def _coverage(entity: RegisteredEntity, periods: Sequence[CoveragePeriod]) -> CoverageChanged:
    """Tell a coverage whose state now is that of its last period, where that has no end."""
    now = periods[-1] if periods[-1].until is None else None
    return CoverageChanged(
        entity_id=entity.entity_id,
        uscc=entity.uscc,
        version=1,
        kind=entity.kind,
        state=entity.state,
        full_members=0 if now is None else now.full_members,
        probationary_members=0 if now is None else now.probationary_members,
        organisation_coverage=OrganisationCoverage.NONE if now is None else now.organisation_coverage,
        organisation_ids=() if now is None else now.organisation_ids,
        work_coverage=now is not None and now.work_coverage,
        duty=CoverageDuty.MET,
        periods=tuple(periods),
        division_code=entity.division_code,
        bureau=entity.bureau,
        effective_on=periods[-1].since,
        recorded_at=NOW,
    )


ENTITIES: Final = tuple(_entity(number) for number in range(200))
COVERAGES: Final = tuple(_coverage(one, _periods()) for one in ENTITIES if _DICE.random() < 0.6)
GONE, THERE = ENTITIES[4].entity_id, ENTITIES[5].entity_id
UNHEARD_OF: Final = uuid5(_NAMESPACE, "unheard of")


def _organisation(name: str, division: str, *covers: UUID) -> OrganisationFounded:
    return OrganisationFounded(
        organisation_id=uuid5(_NAMESPACE, name),
        version=1,
        name=f"组织{name}",
        form=OrganisationForm.BRANCH,
        external=False,
        mode=FormationMode.CATCH_ALL,
        entity_ids=covers,
        division_code=division,
        bureau=Bureau.MARKET_REGULATION,
        state=OrganisationState.ACTIVE,
        effective_on=_FIRST,
        recorded_at=NOW,
    )


ORGANISATIONS: Final = (
    _organisation("O6", LONGSHUI, GONE),
    _organisation("O7", "500112000000", GONE, THERE),
    _organisation("O8", WANGU, GONE, UNHEARD_OF),
    _organisation("O9", WANGU),
)


def _report(entity: RegisteredEntity, year: int) -> AnnualReportRecorded:
    return AnnualReportRecorded(
        report_id=uuid5(_NAMESPACE, f"{entity.uscc} {year}"),
        version=1,
        entity_id=entity.entity_id,
        year=year,
        state=AnnualReportState.FILED,
        filed_on=date(year + 1, 3, 1),
        due_on=date(year + 1, 6, 30),
        late=False,
        edition="2024",
        employees=None if _DICE.random() < 0.1 else _DICE.randint(0, 60),
        division_code=WANGU,  # where it was filed, be the entity elsewhere by now
        bureau=entity.bureau,
        effective_on=date(year + 1, 3, 1),
        recorded_at=NOW,
    )


def _form(entity: RegisteredEntity, number: int) -> FormMoved:
    answered = _DICE.random() < 0.8
    return FormMoved(
        process_id=uuid5(_NAMESPACE, f"{entity.uscc} form {number}"),
        version=2,
        entity_id=entity.entity_id,
        occasion=FormOccasion.CHANGE,
        edition="2024",
        asked_on=_FIRST,
        employees=_DICE.randint(0, 60) if answered else None,
        state=FormState.ANSWERED if answered else FormState.OPEN,
        action=FormAction.ANSWER if answered else FormAction.ASK,
        evidence_ids=(),
        division_code=entity.division_code,
        bureau=entity.bureau,
        effective_on=_FIRST + timedelta(days=_day()),
        recorded_at=NOW,
    )


def _quota(number: int) -> QuotaRecorded:
    places = _DICE.randint(0, 5)
    return QuotaRecorded(
        quota_id=uuid5(_NAMESPACE, f"quota {number}"),
        version=1,
        organisation_id=uuid5(_NAMESPACE, f"organisation {number}"),
        year=2022 + number % 3,
        places=places,
        taken=_DICE.randint(0, places),
        division_code=_DICE.choice([LONGSHUI, GRID, WANGU]),
        bureau=_DICE.choice([Bureau.MARKET_REGULATION, Bureau.CIVIL_AFFAIRS]),
        effective_on=_FIRST,
        recorded_at=NOW,
    )


REPORTS: Final = tuple(_report(one, year) for one in ENTITIES for year in (2021, 2022, 2023) if _DICE.random() < 0.5)
FORMS: Final = tuple(_form(one, number) for one in ENTITIES for number in range(2) if _DICE.random() < 0.4)
QUOTAS: Final = tuple(_quota(number) for number in range(30))
EVENTS: Final[Sequence[EventData]] = (*ENTITIES, *COVERAGES, *ORGANISATIONS, *REPORTS, *FORMS, *QUOTAS)
