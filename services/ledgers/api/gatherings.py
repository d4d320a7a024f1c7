"""Commands about gatherings over HTTP, and a gathering as the ledger has it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.ledgers.life import MOST_PRESENT, RecordedGathering
from contracts.events.processes import MOST_EVIDENCE
from contracts.vocabulary import Audience, CallerRole, GatheringKind, GatheringPlace, GatheringState, GatheringTopic
from kit.callers import Caller
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from kit.process_routes import LONGEST_NAME, LONGEST_NOTE
from kit.sealing import Sealer
from services.ledgers.api.line_bodies import Expected
from services.ledgers.domain.gathering import GatheringFacts
from services.ledgers.handlers.gatherings import (
    RECORDERS,
    Gatherings,
    KeptGathering,
    OpenedStatement,
    StatedGathering,
    opened_statements,
)
from services.ledgers.repository.life import find_gathering

FIRST_DAY: Final = date(1949, 1, 1)
LAST_DAY: Final = date(2999, 12, 31)
"""Days of organisational life; another is a slip of the finger."""

FreeText = Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]


class GatheringBody(Body):
    """The facts of a gathering, and what comes with them."""

    kind: Annotated[GatheringKind, Field(description="What it was 类别.")]
    audience: Annotated[Audience | None, Field(description="For whom it was 参加对象; a training says it.")] = None
    held_on: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY, description="Day on which it was held 开展日期.")]
    place: Annotated[GatheringPlace, Field(description="Kind of place 地点类型.")]
    topics: Annotated[
        Sequence[GatheringTopic], Field(max_length=len(GatheringTopic), description="What it was about 议题类别.")
    ] = ()
    expected: Annotated[int, Field(ge=0, le=MOST_PRESENT, description="How many were to come 应到人数.")]
    present: Annotated[int, Field(ge=0, le=MOST_PRESENT, description="How many came 实到人数.")]
    term_until: Annotated[
        date | None,
        Field(
            ge=FIRST_DAY, le=LAST_DAY, description="Of elections: last day of the term; by the rule where not given."
        ),
    ] = None
    postponed_until: Annotated[
        date | None,
        Field(ge=FIRST_DAY, le=LAST_DAY, description="Of elections: to when the superior lets the next one be late."),
    ] = None
    agenda: Annotated[FreeText | None, Field(description="议程, free text; kept sealed.")] = None
    on_behalf_of: Annotated[
        str | None,
        Field(min_length=1, max_length=LONGEST_NAME, description="For whom it is recorded 代办; kept sealed."),
    ] = None
    evidence_ids: Annotated[
        Sequence[UUID], Field(max_length=MOST_EVIDENCE, description="Files uploaded before 佐证材料.")
    ] = ()

    def facts(self) -> GatheringFacts:
        """Return the facts."""
        return GatheringFacts(
            kind=self.kind,
            audience=self.audience,
            held_on=self.held_on,
            place=self.place,
            topics=self.topics,
            expected=self.expected,
            present=self.present,
            term_until=self.term_until,
            postponed_until=self.postponed_until,
        )


class RecordGathering(GatheringBody):
    """Command: record a gathering of an organisation."""

    organisation_id: Annotated[UUID, Field(description="The organisation that held it.")]


class CorrectGathering(GatheringBody):
    """Command: replace the facts of a gathering. Files that it carries stay."""

    expected_version: Expected
    note: Annotated[FreeText | None, Field(description="Why 更正理由; kept sealed.")] = None


class WithdrawGathering(Body):
    """Command: withdraw the record of a gathering."""

    expected_version: Expected
    note: Annotated[FreeText, Field(description="Why 撤回理由; kept sealed.")]
    on_behalf_of: Annotated[
        str | None,
        Field(min_length=1, max_length=LONGEST_NAME, description="For whom it is withdrawn 代办; kept sealed."),
    ] = None


class StatementNow(Body):
    """A state of a gathering and who stated it; free text for who may record such."""

    version: int
    state: GatheringState
    stated_by: str
    stated_as: str
    recorded_at: datetime
    agenda: str | None = None
    on_behalf_of: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, opened: OpenedStatement) -> "StatementNow":
        """Return it as it goes over HTTP."""
        stored = opened.stored
        return cls(
            version=stored.version,
            state=GatheringState(stored.state),
            stated_by=stored.statement.stated_by,
            stated_as=stored.statement.stated_as,
            recorded_at=stored.recorded_at,
            agenda=opened.agenda,
            on_behalf_of=opened.on_behalf_of,
            note=opened.note,
        )


class GatheringNow(RecordedGathering):
    """A gathering as it is now."""

    model_config = STATE

    statements: Annotated[
        Sequence[StatementNow],
        Field(description="What was stated, for who may record such; empty for others 记录过程."),
    ]


class GatheringRoutes:
    """The routes under `/gatherings`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        sealer: seals free text.
    """

    def __init__(self, database: Database, commands: Commands, sealer: Sealer) -> None:
        self._database = database
        self._commands = commands
        self._sealer = sealer

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/gatherings", tags=["gatherings 组织生活"], responses=PROBLEMS)
        one = "/{gathering_id}"
        for path, method, endpoint, status, summary in (
            ("", "POST", self.record, 201, "Record a gathering 记录组织生活"),
            (one, "PUT", self.correct, 200, "Replace the facts of a gathering 更正组织生活记录"),
            (f"{one}/withdrawal", "POST", self.withdraw, 200, "Withdraw a record 撤回组织生活记录"),
        ):
            routes.add_api_route(
                path, endpoint, methods=[method], status_code=status, response_model=Answer, summary=summary
            )
        routes.add_api_route(one, self.gathering, summary="A gathering as the ledger has it 查询组织生活记录")
        return routes

    async def record(
        self, request: Request, caller: TheCaller, body: RecordGathering, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record a gathering; what is owed follows from it at once."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            gatherings = Gatherings(commanded, self._sealer)
            return 201, _answer(commanded, await gatherings.record(body.organisation_id, body.facts(), _stated(body)))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def correct(
        self,
        request: Request,
        caller: TheCaller,
        gathering_id: UUID,
        body: CorrectGathering,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace the facts of a gathering, decided on the version that is expected."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            gatherings = Gatherings(commanded, self._sealer)
            corrected = await gatherings.correct(
                gathering_id, body.expected_version, body.facts(), _stated(body, body.note)
            )
            return 200, _answer(commanded, corrected)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def withdraw(
        self,
        request: Request,
        caller: TheCaller,
        gathering_id: UUID,
        body: WithdrawGathering,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Withdraw the record of a gathering: it counts no more."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            gatherings = Gatherings(commanded, self._sealer)
            stated = StatedGathering(on_behalf_of=body.on_behalf_of, note=body.note)
            return 200, _answer(commanded, await gatherings.withdraw(gathering_id, body.expected_version, stated))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def gathering(self, caller: TheCaller, gathering_id: UUID) -> GatheringNow:
        """Return a gathering, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            found = await find_gathering(transaction.connection, gathering_id)
            if found is None:
                raise Problem(NOT_FOUND, "There is no such gathering.", "没有该组织生活记录。")
            allow(caller, frozenset(CallerRole), found.division_code)
            opened = (
                await opened_statements(transaction.connection, self._sealer, gathering_id)
                if caller.role in RECORDERS
                else []
            )
        return GatheringNow.model_validate(
            found.model_dump() | {"statements": [StatementNow.of(one) for one in opened]}
        )

    async def may_see_files(self, connection: Connection, caller: Caller, gathering_id: str) -> bool:
        """Tell whether a caller may be given the files that a gathering carries: who may record such, there."""
        known = await find_gathering(connection, UUID(gathering_id))
        return known is not None and caller.role in RECORDERS and caller.speaks_for(known.division_code)


def _stated(body: GatheringBody, note: str | None = None) -> StatedGathering:
    return StatedGathering(body.agenda, body.on_behalf_of, note, body.evidence_ids)


def _answer(commanded: Commanded, kept: KeptGathering | None) -> Answer:
    if kept is None:
        return commanded.answer()
    states = (kept.gathering, kept.organisation)
    return commanded.answer(
        *(Changed(aggregate=one.topic, id=one.key, version=one.version) for one in states if one is not None)
    )
