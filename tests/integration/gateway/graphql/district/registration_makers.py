"""Makes what comes with registrations in the made-up district: forms, commitments, applications, markets, stalls."""

from datetime import UTC, date, datetime
from typing import Any, Final

from contracts.events.base import EventData
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from contracts.events.registration.markets import MarketClosed, MarketRecorded, StallOccupied, StallVacated
from contracts.vocabulary import (
    ApplicationAction,
    ApplicationState,
    CommitmentAction,
    CommitmentKind,
    CommitmentState,
    FormAction,
    FormOccasion,
    FormState,
    MarketState,
    StallState,
)
from tests.integration.gateway.graphql.district.makers import DAY, GRID, LONGSHUI, MARKET, WANGU, code_of, id_of
from tests.integration.gateway.hearing import NOW


def _due(month: int, day: int) -> datetime:
    """The moment at which a day of 2024 ends in Asia/Shanghai."""
    return datetime(2024, month, day, 16, tzinfo=UTC)


def _common(name: str, division: str, due_at: datetime | None) -> dict[str, Any]:
    return {
        "process_id": id_of(name),
        "version": 2,
        "due_at": due_at,
        "evidence_ids": (),
        "division_code": division,
        "bureau": MARKET,
        "effective_on": DAY,
        "recorded_at": NOW,
    }


def form(name: str, entity: str, division: str, members: tuple[int, int] | None) -> EventData:
    """A form, answered with full and probationary members or open until 29 March."""
    answers = (
        {}
        if members is None
        else {
            "employees": 20,
            "full_members": members[0],
            "probationary_members": members[1],
            "has_organisation": False,
            "wishes_guidance": True,
        }
    )
    return FormMoved(
        **_common(name, division, _due(3, 29) if members is None else None),
        **answers,
        entity_id=id_of(entity),
        occasion=FormOccasion.REGISTRATION if members is None else FormOccasion.CHANGE,
        edition="2024",
        asked_on=DAY,
        state=FormState.OPEN if members is None else FormState.ANSWERED,
        action=FormAction.ASK if members is None else FormAction.ANSWER,
    )


def commitment(name: str, entity: str, division: str, state: CommitmentState) -> EventData:
    """A commitment until 15 March."""
    signed = state is CommitmentState.SIGNED
    return CommitmentMoved(
        **_common(name, division, _due(3, 15) if signed else None),
        entity_id=id_of(entity),
        kind=CommitmentKind.MISSING_PAPERS if signed else CommitmentKind.PUBLIC,
        promised_until=date(2024, 3, 15),
        state=state,
        action=CommitmentAction.SIGN if signed else CommitmentAction.BREAK,
    )


def application(name: str, division: str, entity: str | None = None) -> EventData:
    """An application that is accepted until 4 March, or registered."""
    return ApplicationMoved(
        **_common(name, division, _due(3, 4) if entity is None else None),
        entity_id=entity and id_of(entity),
        uscc=entity and code_of(entity),
        state=ApplicationState.ACCEPTED if entity is None else ApplicationState.REGISTERED,
        action=ApplicationAction.ACCEPT if entity is None else ApplicationAction.REGISTER,
    )


def market(name: str, operator: str, division: str, *, closed: bool = False) -> EventData:
    """A market."""
    return (MarketClosed if closed else MarketRecorded)(
        market_id=id_of(name),
        version=2 if closed else 1,
        name=f"市场{name}",
        operator_entity_id=id_of(operator),
        operator_uscc=code_of(operator),
        state=MarketState.CLOSED if closed else MarketState.OPEN,
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def stall(name: str, place: str, holder: str, since: date, until: date | None = None) -> EventData:
    """A stall in Longshui, occupied or vacated."""
    return (StallVacated if until else StallOccupied)(
        stall_id=id_of(name),
        version=2 if until else 1,
        market_id=id_of(place),
        entity_id=id_of(holder),
        number=name,
        since=since,
        until=until,
        state=StallState.VACATED if until else StallState.OCCUPIED,
        division_code=LONGSHUI,
        bureau=MARKET,
        effective_on=until or since,
        recorded_at=NOW,
    )


REGISTRATION: Final = (
    form("F1", "E1", LONGSHUI, None),
    form("F2", "E2", GRID, (2, 0)),
    form("F3", "E8", WANGU, (3, 1)),
    commitment("K1", "E1", LONGSHUI, CommitmentState.SIGNED),
    commitment("K2", "E1", LONGSHUI, CommitmentState.BROKEN),
    commitment("K3", "E8", WANGU, CommitmentState.SIGNED),
    application("Y1", LONGSHUI),
    application("Y2", WANGU, "E8"),
    market("P1", "E1", LONGSHUI),
    market("P2", "E8", WANGU, closed=True),
    stall("Q1", "P1", "E2", date(2024, 2, 1)),
    stall("Q2", "P1", "E2", date(2024, 1, 1), date(2024, 2, 1)),
    stall("Q3", "P1", "E3", date(2024, 2, 20)),
)
"""Three forms, three commitments, two applications, two markets, three stalls."""
