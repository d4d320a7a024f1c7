"""Transfers of members over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.ledgers.transfers import TransferMoved
from contracts.vocabulary import MEMBER_KEEPERS, TransferAction
from kit.callers import Caller
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.process_routes import GivenBody, ProcessNow, ProcessRoutes, StepBody, answer
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.transfers import Transfers, Wanted


class RequestTransfer(GivenBody):
    """Command: transfer a member's relation to another organisation."""

    member_id: Annotated[UUID, Field(description="The member.")]
    to_organisation_id: Annotated[UUID, Field(description="转入党组织.")]
    with_management: Annotated[bool, Field(description="Whether the management 管理 goes there too.")] = True

    def wanted(self) -> Wanted:
        """Return what it is to bring about."""
        return Wanted(self.member_id, self.to_organisation_id, self.with_management)


class TransferNow(ProcessNow, TransferMoved):
    """A transfer as it is now."""


class TransferRoutes:
    """The routes under `/transfers`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        about: the processes about members.
    """

    def __init__(self, database: Database, commands: Commands, about: AboutMembers) -> None:
        self._commands = commands
        self._about = about
        self._routes = ProcessRoutes(
            about.transfers,
            database,
            commands,
            take=self._take,
            body=StepBody[TransferAction],
            shown=TransferNow,
            readers=MEMBER_KEEPERS,
        )

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/transfers", tags=["transfers 组织关系转接"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.request,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Ask for a transfer 申请组织关系转接",
        )
        self._routes.add_to(routes)
        return routes

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see a transfer, and so the files that it carries."""
        return await self._routes.may_see(connection, caller, process_id)

    async def request(
        self, request: Request, caller: TheCaller, body: RequestTransfer, key: Key = None, saga: Saga = None
    ) -> Response:
        """Ask for the transfer of a member; the relation stays until the receiving side accepts."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, answer(commanded, await Transfers(commanded, self._about).request(body.wanted(), body.given()))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def _take(self, commanded: Commanded, process_id: UUID, body: StepBody[Any]) -> TransferMoved:
        transfers = Transfers(commanded, self._about)
        return await transfers.take(process_id, body.expected_version, body.action, body.given())
