"""Annual reports: filed once a year, corrected by filing again, and compared with the ledgers each time.

Locks: the entity as a subject with its discrepancies, its row, its report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.registration.annual_reports import AnnualReportRecorded, DiscrepancyMoved
from contracts.processes.reporting import ReportingTerm, reporting_term
from contracts.vocabulary import REGISTRARS, AnnualReportState, EntityState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.database import Connection
from kit.ids import new_id
from kit.problems import CONFLICT, NOT_FOUND, Problem
from kit.processes import Processes
from kit.records import next_state
from kit.sealing import Sealer
from services.registration.domain.misfit import Misfit
from services.registration.domain.party_building import EDITIONS, Answers, Edition, edition_of, misfits
from services.registration.handlers.discrepancies import compare, hold
from services.registration.handlers.forms import ANSWERS
from services.registration.handlers.refusals import refuse_future, refuse_misfits
from services.registration.repository.annual_reports import REPORTS, Filing, filings, keep_filing, report_of_year
from services.registration.repository.entities import Known, lock

NOTE: Final = b"annual report note"
ON_BEHALF_OF: Final = b"annual report on behalf of"
"""What the seals of a filing are bound to, behind the id of its report."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is filed.

    Attributes:
        answers: to the Party-building questions.
        note: the reason, in free text. It is sealed.
        on_behalf_of: the person for whom it is filed, where that is not the caller. It is sealed.
    """

    answers: Answers
    note: str | None = None
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What a command did: the report, whether it is another than before, and the discrepancies that moved."""

    report: AnnualReportRecorded
    changed: bool
    discrepancies: Sequence[DiscrepancyMoved] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """A filing as who may see the report sees it."""

    filing: Filing
    note: str | None
    on_behalf_of: str | None


class AnnualReports:
    """Carries out commands about annual reports.

    Args:
        commanded: the command under way.
        discrepancies: the processes.
        sealer: seals what may name people.
    """

    def __init__(self, commanded: Commanded, discrepancies: Processes[DiscrepancyMoved], sealer: Sealer) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._discrepancies = discrepancies
        self._sealer = sealer

    async def file(self, entity_id: UUID, year: int, filed_on: date | None, stated: Stated) -> Reported:
        """File the report of an entity on a year.

        Raises:
            Problem: `forbidden`, `invalid` with each place, or `conflict` with `reportId` where there is one already.
        """
        before = await hold(self._connection, self._discrepancies, [entity_id])
        entity = await lock(self._connection, entity_id)
        if entity is None:
            refuse_misfits([Misfit("/entityId", "is no entity that is registered", "不是已登记的市场主体")])
            raise LookupError(entity_id)
        allow(self._commanded.caller, REGISTRARS, entity.division_code)
        day = today(self._commanded.clock)
        term = _term(year, day)
        _refuse_absent(entity, term)
        edition, filed = _edition(term, filed_on, day), filed_on or day
        refuse_misfits(misfits(edition, stated.answers, ANSWERS))
        known = await report_of_year(self._connection, entity_id, year)
        if known is not None:
            raise Problem(
                CONFLICT,
                f"The entity has filed its report on {year} already: {known}. Correct that one.",
                f"该市场主体已报送{year}年度年报（{known}），请更正该年报。",
                {"reportId": str(known)},
            )
        facts = {
            "report_id": new_id(),
            "version": 1,
            "entity_id": entity_id,
            "year": year,
            "state": AnnualReportState.FILED,
            "filed_on": filed,
            "due_on": term.last,
            "late": term.is_late(filed),
            "edition": edition.edition,
            "division_code": entity.division_code,
            "bureau": entity.bureau,
            "effective_on": filed,
            "recorded_at": self._commanded.clock.now(),
        }
        report = AnnualReportRecorded.model_validate(facts | stated.answers.stated())
        return await self._store(report, stated, before)

    async def correct(self, report_id: UUID, expected_version: int, stated: Stated) -> Reported:
        """Correct a report by filing it again; whether it was late stays as it was.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `invalid` with each place.
        """
        found = await REPORTS.find(self._connection, report_id)
        if found is None:
            raise Problem(NOT_FOUND, "There is no such annual report.", "没有该年报。")
        before = await hold(self._connection, self._discrepancies, [found.entity_id])
        known = await REPORTS.lock(self._connection, report_id)
        expect(known, expected_version, "annual report", "年报")
        if known is None:
            raise LookupError(report_id)
        allow(self._commanded.caller, REGISTRARS, known.division_code)
        edition = next(one for one in EDITIONS if one.edition == known.edition)
        refuse_misfits(misfits(edition, stated.answers, ANSWERS))
        answers = stated.answers.stated()
        if answers == known.model_dump(include=set(answers)):
            return Reported(known, changed=False)
        report = next_state(self._commanded, known, state=AnnualReportState.CORRECTED, **answers)
        return await self._store(report, stated, before)

    async def _store(
        self, report: AnnualReportRecorded, stated: Stated, before: Sequence[DiscrepancyMoved]
    ) -> Reported:
        await REPORTS.store(self._commanded, [report])
        caller, place = self._commanded.caller, report.report_id.bytes
        await keep_filing(
            self._connection,
            Filing(
                caller.subject,
                caller.role.value,
                self._sealed(stated.note, place + NOTE),
                self._sealed(stated.on_behalf_of, place + ON_BEHALF_OF),
                report,
            ),
        )
        moved = await compare(self._commanded, self._discrepancies, report, before)
        return Reported(report, changed=True, discrepancies=moved)

    def _sealed(self, text: str | None, place: bytes) -> bytes | None:
        return None if text is None else self._sealer.seal(text.encode(), place=place)


async def filed(connection: Connection, sealer: Sealer, report_id: UUID) -> list[Filed]:
    """Return the filings of a report, the first one first, with what was given with each."""

    def opened(sealed: bytes | None, place: bytes) -> str | None:
        return None if sealed is None else sealer.open(sealed, place=place).decode()

    place = report_id.bytes
    return [
        Filed(one, opened(one.sealed_note, place + NOTE), opened(one.sealed_on_behalf_of, place + ON_BEHALF_OF))
        for one in await filings(connection, report_id)
    ]


def term_of(year: int) -> ReportingTerm:
    """Return the term of the reports on a year.

    Raises:
        Problem: `invalid` where no rule asks for any.
    """
    term = reporting_term(year)
    if term is None:
        refuse_misfits([Misfit("/year", "is a year on which no reports are asked for", "该年度不要求报送年报")])
        raise LookupError(year)
    return term


def _term(year: int, day: date) -> ReportingTerm:
    term = term_of(year)
    if day < term.first:
        reason = f"is not over yet; reports on it are taken in from {term.first} on"
        refuse_misfits([Misfit("/year", reason, f"该年度尚未结束，自{term.first}起报送")])
    return term


def _refuse_absent(entity: Known, term: ReportingTerm) -> None:
    end = term.year_end
    if entity.registered_on is not None and entity.registered_on > end:
        reason = f"is before the entity was registered, on {entity.registered_on}"
        refuse_misfits([Misfit("/year", reason, f"早于该主体的登记日期{entity.registered_on}")])
    if entity.state is EntityState.DEREGISTERED and entity.effective_on <= end:
        reason = f"ended after the entity was deregistered, on {entity.effective_on}"
        refuse_misfits([Misfit("/year", reason, f"该主体已于{entity.effective_on}注销，无需报送该年度年报")])


def _edition(term: ReportingTerm, filed_on: date | None, day: date) -> Edition:
    refuse_future(filed_on, day, "/filedOn")
    if filed_on is not None and filed_on < term.first:
        reason = f"is before the reports on that year are taken in, from {term.first} on"
        refuse_misfits([Misfit("/filedOn", reason, f"早于该年度年报的报送起始日{term.first}")])
    edition = edition_of(filed_on or day)
    if edition is None:
        reason = "is before the first Party-building questions were asked"
        refuse_misfits([Misfit("/filedOn", reason, "早于首版党建信息采集表")])
        raise LookupError(filed_on)
    return edition
