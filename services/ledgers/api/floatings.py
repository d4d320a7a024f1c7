"""Floating members 流动党员 over HTTP."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.ledgers.floatings import FloatingMoved
from contracts.vocabulary import MEMBER_KEEPERS, FloatingAction, FloatingReason
from kit.callers import Caller
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.process_routes import GivenBody, ProcessNow, ProcessRoutes, StepBody, answer
from services.ledgers.api.line_bodies import Code
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.floatings import Floatings, Reported


class ReportFloating(GivenBody):
    """Command: report a member out."""

    member_id: Annotated[UUID, Field(description="The member.")]
    to_organisation_id: Annotated[UUID | None, Field(description="流入地党组织, where it is one of the ledgers.")] = (
        None
    )
    to_division_code: Annotated[Code | None, Field(description="流入地; that of the organisation where given.")] = None
    out_since: Annotated[date, Field(description="First day out 外出日期.")]
    reason: Annotated[FloatingReason, Field(description="Why 外出原因.")]

    def reported(self) -> Reported:
        """Return what is reported."""
        return Reported(self.member_id, self.to_organisation_id, self.to_division_code, self.out_since, self.reason)


class FloatingNow(ProcessNow, FloatingMoved):
    """A member's being out as it is now."""


class FloatingRoutes:
    """The routes under `/floatings`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        about: the processes about members.
    """

    def __init__(self, database: Database, commands: Commands, about: AboutMembers) -> None:
        self._commands = commands
        self._processes = about.floatings
        self._routes = ProcessRoutes(
            about.floatings,
            database,
            commands,
            take=self._take,
            body=StepBody[FloatingAction],
            shown=FloatingNow,
            readers=MEMBER_KEEPERS,
        )

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/floatings", tags=["floatings 流动党员"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.report,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Report a member out 报告党员外出",
        )
        self._routes.add_to(routes)
        return routes

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see a member's being out, and so the files that it carries."""
        return await self._routes.may_see(connection, caller, process_id)

    async def report(
        self, request: Request, caller: TheCaller, body: ReportFloating, key: Key = None, saga: Saga = None
    ) -> Response:
        """Report a member out; they are counted at home all the while."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            floatings = Floatings(commanded, self._processes)
            return 201, answer(commanded, await floatings.report(body.reported(), body.given()))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def _take(self, commanded: Commanded, process_id: UUID, body: StepBody[Any]) -> FloatingMoved:
        floatings = Floatings(commanded, self._processes)
        return await floatings.take(process_id, body.expected_version, body.action, body.given())
