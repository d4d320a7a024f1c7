"""Discrepancies of annual reports and the ledgers: found when a report is filed, resolved by somebody, or by the facts.

Locks: the entity as a subject, its discrepancies, what they rest on. Who files and who hears of the ledgers hold the
entity before either looks at what the other writes, so no difference and no correction is missed between the two.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from contracts.events.ledgers.coverage import RecordedCoverage
from contracts.events.registration.annual_reports import AnnualReportRecorded, DiscrepancyMoved
from contracts.processes.discrepancy import DISCREPANCY
from contracts.vocabulary import DiscrepancyAction, DiscrepancyField, DiscrepancyState
from kit.causes import Cause
from kit.clock import Clock
from kit.command_routes import Commanded
from kit.consumer import Heard
from kit.copying import Copying
from kit.database import Connection, Transaction
from kit.problems import CONFLICT, Problem
from kit.processes import Given, Processes
from kit.sealing import Sealer
from services.registration.copies import COVERAGE
from services.registration.domain.discrepancy import NOTHING, Pair, compared
from services.registration.publish import Following
from services.registration.repository.annual_reports import ledger_facts
from services.registration.repository.subjects import hold_subjects

_UNSETTLED: Final = frozenset({DiscrepancyState.OPEN, DiscrepancyState.EXPLAINED})


def discrepancies(sealer: Sealer) -> Processes[DiscrepancyMoved]:
    """Return the processes of this kind."""
    return Processes(DISCREPANCY, DiscrepancyMoved, lambda moved: moved.entity_id, sealer)


async def hold(
    connection: Connection, processes: Processes[DiscrepancyMoved], entity_ids: Sequence[UUID]
) -> list[DiscrepancyMoved]:
    """Lock entities against who else compares them, and return their discrepancies, locked, closed ones too."""
    await hold_subjects(connection, entity_ids)
    return await processes.under_way(connection, entity_ids)


async def compare(
    commanded: Commanded,
    processes: Processes[DiscrepancyMoved],
    report: AnnualReportRecorded,
    before: Sequence[DiscrepancyMoved],
) -> list[DiscrepancyMoved]:
    """Hold a report that was filed, or corrected, against what the ledgers know now; return what moved.

    Args:
        commanded: the command that filed it.
        processes: of this kind.
        report: as it is now.
        before: the discrepancies of its entity, by `hold`.
    """
    known = (await ledger_facts(commanded.connection, [report.entity_id])).get(report.entity_id, NOTHING)
    there = {one.field: one for one in before if one.report_id == report.report_id}
    pairs = compared(
        full_members=report.full_members,
        probationary_members=report.probationary_members,
        has_organisation=report.has_organisation,
        facts=known,
    )
    moved, found = [], []
    for field, pair in pairs.items():
        one = there.get(field)
        if one is None:
            if pair.differs:
                found.append(_facts(report, field, pair))
        elif pair.differs and pair.stated != _stated(one):
            restated = DiscrepancyAction.RESTATE
            moved.append(await processes.take_by_the_clock(commanded, one, restated, **_values(field, pair)))
        elif not pair.differs and one.state in _UNSETTLED:
            moved.append(await _correct(commanded, processes, one, pair))
    return moved + (await processes.begin_all(commanded, found) if found else [])


async def resolve(
    commanded: Commanded,
    processes: Processes[DiscrepancyMoved],
    process_id: UUID,
    expected_version: int,
    action: DiscrepancyAction,
    given: Given,
) -> DiscrepancyMoved:
    """Take a step of a discrepancy.

    Raises:
        Problem: `not-found`, `version-conflict`, `illegal-step`, `forbidden`, `invalid`, or `conflict` where it is to
            be opened again and the two are the same.
    """
    known, step = await processes.expected(commanded, process_id, expected_version, action, given)
    if action is DiscrepancyAction.REOPEN and _stated(known) == _known(known):
        raise Problem(
            CONFLICT,
            "The report and the ledgers are the same here; there is nothing to look into. Correct the report first.",
            "年报与台账此项一致，无需重新核实。如年报有误，请先更正年报。",
        )
    return await processes.take(commanded, known, step, given)


class CoverageHeard:
    """Keeps what the ledgers tell of coverages; a discrepancy that is no more thereby is corrected.

    Later facts open nothing: the report is on a year that is over, and was compared when it was filed.

    Args:
        processes: of this kind.
        clock: tells when it was decided.
    """

    def __init__(self, processes: Processes[DiscrepancyMoved], clock: Clock) -> None:
        self._processes = processes
        self._clock = clock
        self._copying: Copying[RecordedCoverage] = Copying(COVERAGE)

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[RecordedCoverage]]) -> None:
        """Copy all, and correct what is the same now; each as it follows from the last that was heard of its entity."""
        connection = transaction.connection
        causes = {one.event.entity_id: one for one in heard}
        entity_ids = sorted(causes)
        unsettled = [one for one in await hold(connection, self._processes, entity_ids) if one.state in _UNSETTLED]
        await self._copying(transaction, heard)
        facts = await ledger_facts(connection, sorted({one.entity_id for one in unsettled}))
        for one in unsettled:
            known = facts[one.entity_id].of(one.field)
            if known == _stated(one):
                cause = Following(connection, self._clock, causes[one.entity_id])
                await _correct(cause, self._processes, one, Pair(known, known))


async def _correct(
    cause: Cause, processes: Processes[DiscrepancyMoved], one: DiscrepancyMoved, pair: Pair
) -> DiscrepancyMoved:
    return await processes.take_by_the_clock(cause, one, DiscrepancyAction.CORRECT, **_values(one.field, pair))


def _stated(one: DiscrepancyMoved) -> int | bool | None:
    return one.stated_organisation if one.field is DiscrepancyField.ORGANISATION else one.stated_count


def _known(one: DiscrepancyMoved) -> int | bool | None:
    return one.known_organisation if one.field is DiscrepancyField.ORGANISATION else one.known_count


def _values(field: DiscrepancyField, pair: Pair) -> dict[str, int | bool]:
    what = "organisation" if field is DiscrepancyField.ORGANISATION else "count"
    return {f"stated_{what}": pair.stated, f"known_{what}": pair.known}


def _facts(report: AnnualReportRecorded, field: DiscrepancyField, pair: Pair) -> dict[str, object]:
    return {
        "entity_id": report.entity_id,
        "report_id": report.report_id,
        "year": report.year,
        "field": field,
        "division_code": report.division_code,
        "bureau": report.bureau,
        **_values(field, pair),
    }
