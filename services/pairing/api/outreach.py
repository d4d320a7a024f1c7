"""Commands about visits, namings and questionnaires over HTTP, and each as pairing knows it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.base import EventData
from contracts.events.pairing import NamingRecorded, QuestionnaireRecorded, VisitRecorded
from contracts.vocabulary import AssignmentTarget, NamingKind, VisitPurpose
from kit.clock import Clock
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from kit.records import Records
from services.pairing.handlers.namings import Decision, Namings
from services.pairing.handlers.questionnaires import HandedOut, Questionnaires
from services.pairing.handlers.refusals import READERS
from services.pairing.handlers.visits import Round, Visits
from services.pairing.repository.outreach import NAMINGS, QUESTIONNAIRES, VISITS

MOST_AT_ONCE: Final = 200
"""Targets of a round, or entities of a decision, at the most."""
MOST_COPIES: Final = 10_000_000

E = TypeVar("E", VisitRecorded, NamingRecorded, QuestionnaireRecorded)

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
_Expected = Annotated[int, Field(ge=1, description="The version on which this was decided.")]


class RecordVisits(Body):
    """Command: a cadre's round of visits 走访."""

    cadre_id: Annotated[UUID, Field(description="The cadre 干部.")]
    target: Annotated[AssignmentTarget, Field(description="Entities or organisations.")]
    target_ids: Annotated[Sequence[UUID], Field(min_length=1, max_length=MOST_AT_ONCE, description="What was visited.")]
    purpose: Annotated[VisitPurpose, Field(description="What for 走访事由.")]
    visited_on: Annotated[date | None, Field(description="Day 走访日期; today where not given.")] = None


class NameEntities(Body):
    """Command: a decision that names entities 命名."""

    kind: Annotated[NamingKind, Field(description="As what.")]
    entity_ids: Annotated[Sequence[UUID], Field(min_length=1, max_length=MOST_AT_ONCE, description="Whom.")]
    document: Annotated[_Text | None, Field(description="The decision, by title 文件.")] = None
    named_on: Annotated[date | None, Field(description="From which day 命名日期; today where not given.")] = None


class HandOut(Body):
    """Command: a questionnaire was handed out 发放问卷."""

    association_id: Annotated[UUID, Field(description="The association that hands it out 协会.")]
    subject: Annotated[_Text, Field(description="主题.")]
    handed_out: Annotated[int, Field(ge=1, le=MOST_COPIES, description="发放份数.")]
    handed_out_on: Annotated[date | None, Field(description="Day; today where not given.")] = None


class Withdraw(Body):
    """Command: take back a record that was made by mistake."""

    expected_version: _Expected


class WithdrawNaming(Withdraw):
    """Command: take a name back 撤销命名."""

    withdrawn_on: Annotated[date | None, Field(description="From which day; today where not given.")] = None


class CountReturns(Body):
    """Command: how many questionnaires came back 回收份数."""

    expected_version: _Expected
    returned: Annotated[int, Field(ge=0, le=MOST_COPIES, description="回收份数, at most those handed out.")]


class VisitNow(VisitRecorded):
    """A visit as it is now."""

    model_config = STATE


class NamingNow(NamingRecorded):
    """A naming as it is now."""

    model_config = STATE


class QuestionnaireNow(QuestionnaireRecorded):
    """A questionnaire as it is now."""

    model_config = STATE


class OutreachRoutes:
    """The routes under `/visits`, `/namings` and `/questionnaires`.

    Args:
        database: pairing's.
        clock: tells now.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._commands = Commands("pairing", database, clock)

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(tags=["visits, namings, questionnaires 走访、命名、问卷"], responses=PROBLEMS)
        for path, endpoint, status, summary in (
            ("/visits", self.record, 201, "A cadre's round of visits 登记走访"),
            ("/visits/{visit_id}/withdrawal", self.withdraw_visit, 200, "The visit was none 撤回走访记录"),
            ("/namings", self.name, 201, "Name entities 命名"),
            ("/namings/{naming_id}/withdrawal", self.withdraw_naming, 200, "Take a name back 撤销命名"),
            ("/questionnaires", self.hand_out, 201, "A questionnaire was handed out 发放问卷"),
            ("/questionnaires/{questionnaire_id}/returns", self.count, 200, "How many came back 登记回收"),
        ):
            routes.add_api_route(
                path, endpoint, methods=["POST"], status_code=status, response_model=Answer, summary=summary
            )
        routes.add_api_route(
            "/visits/{visit_id}", self.visit, response_model_exclude_none=True, summary="A visit 查询走访"
        )
        routes.add_api_route(
            "/namings/{naming_id}", self.naming, response_model_exclude_none=True, summary="A naming 查询命名"
        )
        routes.add_api_route(
            "/questionnaires/{questionnaire_id}",
            self.questionnaire,
            response_model_exclude_none=True,
            summary="A questionnaire 查询问卷",
        )
        return routes

    async def record(
        self, request: Request, caller: TheCaller, body: RecordVisits, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record what a cadre visited: all of it, or nothing."""
        stated = Round(body.cadre_id, body.target, body.target_ids, body.purpose, body.visited_on)

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, _answer(commanded, await Visits(commanded).record(stated))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def withdraw_visit(
        self, request: Request, caller: TheCaller, visit_id: UUID, body: Withdraw, key: Key = None, saga: Saga = None
    ) -> Response:
        """Take back the record of a visit. It stays, as withdrawn."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 200, _answer(commanded, [await Visits(commanded).withdraw(visit_id, body.expected_version)])

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def name(
        self, request: Request, caller: TheCaller, body: NameEntities, key: Key = None, saga: Saga = None
    ) -> Response:
        """Name entities: all of them, or none."""
        stated = Decision(body.kind, body.entity_ids, body.document, body.named_on)

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, _answer(commanded, await Namings(commanded).name(stated))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def withdraw_naming(
        self,
        request: Request,
        caller: TheCaller,
        naming_id: UUID,
        body: WithdrawNaming,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Take a name back. The record stays."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            done = await Namings(commanded).withdraw(naming_id, body.expected_version, body.withdrawn_on)
            return 200, _answer(commanded, [done])

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def hand_out(
        self, request: Request, caller: TheCaller, body: HandOut, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record that a questionnaire was handed out."""
        stated = HandedOut(body.association_id, body.subject, body.handed_out, body.handed_out_on)

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, _answer(commanded, [await Questionnaires(commanded).hand_out(stated)])

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def count(
        self,
        request: Request,
        caller: TheCaller,
        questionnaire_id: UUID,
        body: CountReturns,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Record how many came back."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            done = await Questionnaires(commanded).count(questionnaire_id, body.expected_version, body.returned)
            return 200, _answer(commanded, [done])

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def visit(self, caller: TheCaller, visit_id: UUID) -> VisitNow:
        """Return a visit, with the version that a command expects."""
        found = await self._found(VISITS, caller, visit_id, "visit", "走访记录")
        return VisitNow.model_validate(found, from_attributes=True)

    async def naming(self, caller: TheCaller, naming_id: UUID) -> NamingNow:
        """Return a naming, with the version that a command expects."""
        found = await self._found(NAMINGS, caller, naming_id, "naming", "命名")
        return NamingNow.model_validate(found, from_attributes=True)

    async def questionnaire(self, caller: TheCaller, questionnaire_id: UUID) -> QuestionnaireNow:
        """Return a questionnaire, with the version that a command expects."""
        found = await self._found(QUESTIONNAIRES, caller, questionnaire_id, "questionnaire", "问卷")
        return QuestionnaireNow.model_validate(found, from_attributes=True)

    async def _found(self, records: Records[E], caller: TheCaller, key: UUID, what: str, what_zh: str) -> E:
        async with self._database.transaction() as transaction:
            found = await records.find(transaction.connection, key)
        if found is None:
            raise Problem(NOT_FOUND, f"There is no such {what}.", f"没有该{what_zh}。")
        allow(caller, READERS, found.division_code)
        return found


def _answer(commanded: Commanded, states: Sequence[EventData]) -> Answer:
    changed = [Changed(aggregate=one.topic, id=one.key, version=one.model_dump()["version"]) for one in states]
    return commanded.answer(*changed)
