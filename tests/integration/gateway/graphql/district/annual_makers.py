"""Makes annual reports, and what in them differs from the ledgers, in the made-up district."""

from datetime import UTC, date, datetime
from typing import Final

from contracts.events.base import EventData
from contracts.events.registration.annual_reports import AnnualReportRecorded, DiscrepancyMoved
from contracts.vocabulary import (
    AnnualReportState,
    DiscrepancyAction,
    DiscrepancyField,
    DiscrepancyState,
)
from tests.integration.gateway.graphql.district.makers import DAY, GRID, LONGSHUI, MARKET, WANGU, id_of
from tests.integration.gateway.hearing import NOW

_ACTIONS: Final = {
    DiscrepancyState.OPEN: DiscrepancyAction.OPEN,
    DiscrepancyState.EXPLAINED: DiscrepancyAction.EXPLAIN,
    DiscrepancyState.CLOSED: DiscrepancyAction.CLOSE,
}


def report(name: str, entity: str, division: str, year: int, members: tuple[int, int], filed_on: date) -> EventData:
    """A report with full and probationary members, and no organisation."""
    return AnnualReportRecorded(
        report_id=id_of(name),
        version=1,
        entity_id=id_of(entity),
        year=year,
        state=AnnualReportState.FILED,
        filed_on=filed_on,
        due_on=date(year + 1, 6, 30),
        late=filed_on > date(year + 1, 6, 30),
        edition="2024",
        employees=20,
        full_members=members[0],
        probationary_members=members[1],
        has_organisation=False,
        wishes_guidance=True,
        division_code=division,
        bureau=MARKET,
        effective_on=filed_on,
        recorded_at=NOW,
    )


def discrepancy(
    name: str,
    of: tuple[str, str, str],
    field: DiscrepancyField,
    values: tuple[int, int],
    state: DiscrepancyState,
) -> EventData:
    """A discrepancy of (report, entity, division) on 2023, of (stated, known); open until 29 March."""
    organisation = field is DiscrepancyField.ORGANISATION
    stated, known = values
    return DiscrepancyMoved(
        process_id=id_of(name),
        version=1 if state is DiscrepancyState.OPEN else 2,
        due_at=datetime(2024, 3, 29, 16, tzinfo=UTC) if state is DiscrepancyState.OPEN else None,
        evidence_ids=(),
        division_code=of[2],
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
        report_id=id_of(of[0]),
        entity_id=id_of(of[1]),
        year=2023,
        field=field,
        stated_count=None if organisation else stated,
        known_count=None if organisation else known,
        stated_organisation=bool(stated) if organisation else None,
        known_organisation=bool(known) if organisation else None,
        state=state,
        action=_ACTIONS[state],
    )


_W1: Final = ("W1", "E1", LONGSHUI)
_W2: Final = ("W2", "E2", GRID)

ANNUAL: Final = (
    report("W1", "E1", LONGSHUI, 2023, (5, 1), date(2024, 2, 20)),
    report("W2", "E2", GRID, 2023, (1, 0), date(2024, 7, 1)),
    report("W3", "E8", WANGU, 2023, (3, 0), date(2024, 2, 27)),
    report("W4", "E1", LONGSHUI, 2022, (4, 1), date(2024, 1, 5)),
    discrepancy("Z1", _W1, DiscrepancyField.FULL_MEMBERS, (5, 4), DiscrepancyState.OPEN),
    discrepancy("Z2", _W1, DiscrepancyField.ORGANISATION, (0, 1), DiscrepancyState.EXPLAINED),
    discrepancy("Z3", _W2, DiscrepancyField.FULL_MEMBERS, (1, 3), DiscrepancyState.OPEN),
    discrepancy("Z4", ("W3", "E8", WANGU), DiscrepancyField.ORGANISATION, (0, 1), DiscrepancyState.CLOSED),
)
"""Four reports, four discrepancies."""
