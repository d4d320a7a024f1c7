"""Annual reports over HTTP: filed, corrected, and who has not filed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.registration.annual_reports import AnnualReportRecorded, DiscrepancyMoved
from contracts.processes.reporting import ReportingTerm
from contracts.vocabulary import (
    FORM_KEEPERS,
    UNASSIGNED_DIVISION,
    AnnualReportState,
    Bureau,
    EntityKind,
    EntityState,
    ReportingState,
    divisions_under,
)
from kit.clock import Clock, today
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from kit.process_routes import LONGEST_NAME, LONGEST_NOTE
from kit.processes import Processes
from kit.sealing import Sealer
from services.registration.api.party_building import PartyBuildingBody
from services.registration.handlers.annual_reports import AnnualReports, Filed, Reported, Stated, filed, term_of
from services.registration.handlers.entities import READERS
from services.registration.repository.annual_reports import REPORTS, Missing, missing

PAGE: Final = 100
MOST: Final = 1000
_FIRST: Final = UUID(int=0)


class FiledBody(Body):
    """What a report states."""

    party_building: Annotated[PartyBuildingBody, Field(description="Answers to the Party-building questions 党建信息.")]
    note: Annotated[
        str | None, Field(min_length=1, max_length=LONGEST_NOTE, description="The reason, free text; kept sealed.")
    ] = None
    on_behalf_of: Annotated[
        str | None,
        Field(min_length=1, max_length=LONGEST_NAME, description="For whom it is filed 代办; kept sealed."),
    ] = None

    def stated(self) -> Stated:
        """Return it as the handler takes it."""
        return Stated(self.party_building.answers(), self.note, self.on_behalf_of)


class FileReport(FiledBody):
    """Command: file the annual report of an entity."""

    entity_id: Annotated[UUID, Field(description="The entity.")]
    year: Annotated[int, Field(ge=2000, le=9998, description="The year that is reported on; it is over 报告年度.")]
    filed_on: Annotated[date | None, Field(description="Day on which it was filed; today where absent 报送日期.")] = (
        None
    )


class CorrectReport(FiledBody):
    """Command: correct an annual report by filing it again."""

    expected_version: Annotated[int, Field(ge=1, description="The version on which this was decided.")]


class FilingNow(Body):
    """A filing: by whom, for whom, why, and what it stated."""

    version: int
    state: AnnualReportState
    filed_by: str
    filed_as: str
    note: str | None = None
    on_behalf_of: str | None = None
    party_building: PartyBuildingBody
    effective_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, one: Filed) -> "FilingNow":
        """Return it as it goes over HTTP."""
        filing, report = one.filing, one.filing.report
        return cls(
            version=report.version,
            state=report.state,
            filed_by=filing.filed_by,
            filed_as=filing.filed_as,
            note=one.note,
            on_behalf_of=one.on_behalf_of,
            party_building=PartyBuildingBody.model_validate(
                report.model_dump(include=set(PartyBuildingBody.model_fields))
            ),
            effective_on=report.effective_on,
            recorded_at=report.recorded_at,
        )


class ReportNow(AnnualReportRecorded):
    """An annual report as it is now, and how it came to be so."""

    model_config = STATE

    filings: Annotated[Sequence[FilingNow], Field(description="The first filing, and each correction 报送过程.")]


class MissingNow(Body):
    """An entity that has not filed."""

    entity_id: UUID
    uscc: str
    name: str
    kind: EntityKind
    state: EntityState
    division_code: str
    bureau: Bureau
    registered_on: date | None = None

    @classmethod
    def of(cls, one: Missing) -> "MissingNow":
        """Return it as it goes over HTTP."""
        return cls(
            entity_id=one.id,
            uscc=one.uscc,
            name=one.name,
            kind=one.kind,
            state=one.state,
            division_code=one.division_code,
            bureau=one.bureau,
            registered_on=one.registered_on,
        )


class MissingReports(Body):
    """A page of the entities that have not filed."""

    year: int
    reporting: Annotated[
        ReportingState, Field(description="Whether reports are taken in, and whether it is late 阶段.")
    ]
    due_on: Annotated[date, Field(description="Last day in time 截止日期.")]
    source: Annotated[str, Field(description="Of the rule 依据.")]
    text: Annotated[str, Field(description="What the list means.")]
    text_zh: Annotated[str, Field(description="说明.")]
    missing: Annotated[Sequence[MissingNow], Field(description="In order of id.")]
    next: Annotated[UUID | None, Field(description="`after` of the next page; absent on the last one.")] = None


class AnnualReportRoutes:
    """The routes under `/annual-reports`.

    Args:
        database: registration's.
        commands: carries commands out.
        discrepancies: the processes.
        sealer: seals what may name people.
        clock: tells today.
    """

    def __init__(
        self,
        database: Database,
        commands: Commands,
        discrepancies: Processes[DiscrepancyMoved],
        sealer: Sealer,
        clock: Clock,
    ) -> None:
        self._database = database
        self._commands = commands
        self._discrepancies = discrepancies
        self._sealer = sealer
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/annual-reports", tags=["annual reports 年报"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.file,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="File the annual report of an entity 报送年报",
        )
        routes.add_api_route(
            "/missing",
            self.missing,
            response_model=MissingReports,
            response_model_exclude_none=True,
            summary="Entities that have not filed 未报年报主体",
        )
        routes.add_api_route(
            "/{report_id}",
            self.correct,
            methods=["PUT"],
            response_model=Answer,
            summary="Correct an annual report 更正年报",
        )
        routes.add_api_route(
            "/{report_id}",
            self.report,
            response_model=ReportNow,
            response_model_exclude_none=True,
            summary="An annual report and its filings 查询年报",
        )
        return routes

    async def file(
        self, request: Request, caller: TheCaller, body: FileReport, key: Key = None, saga: Saga = None
    ) -> Response:
        """File a report; what differs from the ledgers is opened as a discrepancy."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            reports = AnnualReports(commanded, self._discrepancies, self._sealer)
            reported = await reports.file(body.entity_id, body.year, body.filed_on, body.stated())
            return 201, _answer(commanded, reported)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def correct(
        self,
        request: Request,
        caller: TheCaller,
        report_id: UUID,
        body: CorrectReport,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Correct a report; discrepancies that are none any more are corrected with it."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            reports = AnnualReports(commanded, self._discrepancies, self._sealer)
            return 200, _answer(commanded, await reports.correct(report_id, body.expected_version, body.stated()))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def report(self, caller: TheCaller, report_id: UUID) -> ReportNow:
        """Return a report with its filings, to who may see Party-building forms."""
        async with self._database.transaction() as transaction:
            known = await REPORTS.find(transaction.connection, report_id)
            taken = await filed(transaction.connection, self._sealer, report_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such annual report.", "没有该年报。")
        allow(caller, FORM_KEEPERS, known.division_code)
        return ReportNow.model_validate(known.model_dump() | {"filings": [FilingNow.of(one) for one in taken]})

    async def missing(
        self,
        caller: TheCaller,
        year: Annotated[int, Query(ge=2000, le=9998, description="The year that is reported on 报告年度.")],
        division: Annotated[
            str | None, Query(pattern=r"^[0-9]{12}$", description="This division and all under it; the caller's own.")
        ] = None,
        after: Annotated[UUID, Query(description="`next` of the page before.")] = _FIRST,
        limit: Annotated[int, Query(ge=1, le=MOST, description="Most entities of the page.")] = PAGE,
    ) -> MissingReports:
        """Return who was active at the end of a year and has no report on it; nobody before the year is over."""
        under = division or caller.division_code
        allow(caller, READERS, under)
        term = term_of(year)
        state = term.state(today(self._clock))
        found: list[Missing] = []
        if state is not ReportingState.NOT_BEGUN:
            everywhere = divisions_under(under) == divisions_under(caller.division_code)
            async with self._database.transaction() as transaction:
                found = await missing(
                    transaction.connection,
                    term,
                    under=under,
                    with_unassigned=everywhere and caller.speaks_for(UNASSIGNED_DIVISION),
                    behind=after,
                    limit=limit + 1,
                )
        page = found[:limit]
        text, text_zh = _told(term, state, after, page)
        return MissingReports(
            year=year,
            reporting=state,
            due_on=term.last,
            source=term.source,
            text=text,
            text_zh=text_zh,
            missing=[MissingNow.of(one) for one in page],
            next=page[-1].id if len(found) > limit else None,
        )


def _told(term: ReportingTerm, state: ReportingState, after: UUID, page: Sequence[Missing]) -> tuple[str, str]:
    if state is ReportingState.NOT_BEGUN:
        return (
            f"{term.year} is not over: nothing can be missing before {term.first}.",
            f"{term.year}年度尚未结束，{term.first}前无需报送。",
        )
    if not page and after == _FIRST:
        return "All who are to file have filed.", "应报主体均已报送。"
    if state is ReportingState.RUNNING:
        return (
            f"These have not filed; they are in time until {term.last}.",
            f"以下主体尚未报送，{term.last}前报送均不逾期。",
        )
    return f"These have not filed; they were to until {term.last}.", f"以下主体逾期未报，截止日期为{term.last}。"


def _answer(commanded: Commanded, reported: Reported) -> Answer:
    if not reported.changed:
        return commanded.answer()
    report = reported.report
    changed = [Changed(aggregate=report.topic, id=report.key, version=report.version)]
    changed += [Changed(aggregate=one.topic, id=one.key, version=one.version) for one in reported.discrepancies]
    return commanded.answer(*changed)
