"""Commands about members over HTTP, and a member as the ledger has them, the name masked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.ledgers.coverage import CoveragePeriod, RecordedCoverage
from contracts.events.ledgers.members import MemberErased, MemberRecorded
from contracts.vocabulary import MEMBER_KEEPERS
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.ledgers.api.member_bodies import EraseMember, MemberLeaves, PlaceMember, RecordMember
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.members import Members
from services.ledgers.persons import Persons
from services.ledgers.repository.coverage import find_coverage
from services.ledgers.repository.members import find_member


class MemberNow(MemberRecorded):
    """A member as they are now, the name masked."""

    model_config = STATE


class CoveragePeriodNow(CoveragePeriod):
    """Days on which the coverage was the same."""

    model_config = STATE


class CoverageNow(RecordedCoverage):
    """The coverage of an entity as it is now."""

    model_config = STATE

    periods: Annotated[
        tuple[CoveragePeriodNow, ...] | None, Field(description="Since when it was covered by what 覆盖期间.")
    ] = None


class MemberRoutes:
    """The routes under `/members`, and the coverage that follows.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        persons: keeps names.
        about: the processes about members.
    """

    def __init__(self, database: Database, commands: Commands, persons: Persons, about: AboutMembers) -> None:
        self._database = database
        self._commands = commands
        self._persons = persons
        self._about = about

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(responses=PROBLEMS)
        for path, method, endpoint, status, summary in (
            ("/members", "POST", self.record, 201, "Take a member into the ledger 党员入账"),
            ("/members/{member_id}", "PUT", self.place, 200, "Replace standing and places 变更党员三项归属"),
            ("/members/{member_id}/leaving", "POST", self.leave, 200, "A member counts here no more 党员出册"),
            ("/members/{member_id}/erasure", "POST", self.erase, 200, "Erase all that is kept 删除个人信息"),
        ):
            routes.add_api_route(
                path,
                endpoint,
                methods=[method],
                status_code=status,
                response_model=Answer,
                summary=summary,
                tags=["members 党员"],
            )
        routes.add_api_route(
            "/members/{member_id}", self.member, summary="A member, the name masked 查询党员", tags=["members 党员"]
        )
        routes.add_api_route(
            "/coverages/{entity_id}",
            self.coverage,
            summary="The coverage of an entity 查询两个覆盖",
            tags=["coverage 两个覆盖"],
        )
        return routes

    async def record(
        self, request: Request, caller: TheCaller, body: RecordMember, key: Key = None, saga: Saga = None
    ) -> Response:
        """Take a member into the ledger; the coverage of the workplace follows at once."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            members = Members(commanded, self._persons, self._about)
            return 201, _answer(commanded, await members.record(body.person(), body.stated_places(), body.effective_on))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def place(
        self,
        request: Request,
        caller: TheCaller,
        member_id: UUID,
        body: PlaceMember,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace standing and places of a member; a fact that stays keeps its day."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            placed = await Members(commanded, self._persons, self._about).place(
                member_id, body.expected_version, body.stated_places(), body.effective_on
            )
            return 200, _answer(commanded, placed)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def leave(
        self,
        request: Request,
        caller: TheCaller,
        member_id: UUID,
        body: MemberLeaves,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Note that a member counts here no more. The record stays, with its history."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            members = Members(commanded, self._persons, self._about)
            left = await members.leave(member_id, body.expected_version, body.reason, body.effective_on)
            return 200, _answer(commanded, left)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def erase(
        self,
        request: Request,
        caller: TheCaller,
        member_id: UUID,
        body: EraseMember,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Erase all that is kept of a member; every reader is told to do so too."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            members = Members(commanded, self._persons, self._about)
            return 200, _answer(commanded, *await members.erase(member_id, body.expected_version))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def member(self, caller: TheCaller, member_id: UUID) -> MemberNow:
        """Return a member, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            found = await find_member(transaction.connection, member_id)
        if found is None:
            raise Problem(NOT_FOUND, "There is no such member.", "没有该党员。")
        allow(caller, MEMBER_KEEPERS, found.division_code)
        return MemberNow.model_validate(found, from_attributes=True)

    async def coverage(self, caller: TheCaller, entity_id: UUID) -> CoverageNow:
        """Return the coverage of an entity that has a member, an organisation or a cadre."""
        async with self._database.transaction() as transaction:
            found = await find_coverage(transaction.connection, entity_id)
        if found is None:
            raise Problem(
                NOT_FOUND,
                "There is no such entity, or it has neither member nor organisation nor cadre.",
                "没有该市场主体，或其尚无党员、党组织和联系干部。",
            )
        allow(caller, MEMBER_KEEPERS, found.division_code)
        return CoverageNow.model_validate(found, from_attributes=True)


def _answer(commanded: Commanded, *members: MemberRecorded | MemberErased | None) -> Answer:
    return commanded.answer(
        *(Changed(aggregate=one.topic, id=one.key, version=one.version) for one in members if one is not None)
    )
