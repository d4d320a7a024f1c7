"""Credit commitments over HTTP."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.registration.commitments import CommitmentMoved
from contracts.vocabulary import INTAKE, CommitmentAction, CommitmentKind
from kit.callers import Caller
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.process_routes import GivenBody, ProcessNow, ProcessRoutes, StepBody, answer
from kit.processes import Processes
from services.registration.handlers.commitments import Promise, judge, sign


class SignCommitment(GivenBody):
    """Command: take in a credit commitment that an entity signed."""

    entity_id: Annotated[UUID, Field(description="The entity.")]
    kind: Annotated[CommitmentKind, Field(description="What is promised, by its kind 承诺类型.")]
    promised_until: Annotated[date, Field(description="Last day of what is promised 承诺期限.")]

    def promise(self) -> Promise:
        """Return what is promised."""
        return Promise(self.entity_id, self.kind, self.promised_until)


class CommitmentNow(ProcessNow, CommitmentMoved):
    """A credit commitment as it is now."""


class CommitmentRoutes:
    """The routes under `/commitments`.

    Args:
        database: registration's.
        commands: carries commands out.
        processes: of this kind.
    """

    def __init__(self, database: Database, commands: Commands, processes: Processes[CommitmentMoved]) -> None:
        self._commands = commands
        self._processes = processes
        self._routes = ProcessRoutes(
            processes,
            database,
            commands,
            take=self._take,
            body=StepBody[CommitmentAction],
            shown=CommitmentNow,
            readers=INTAKE,
        )

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see a credit commitment, and so the files that it carries."""
        return await self._routes.may_see(connection, caller, process_id)

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/commitments", tags=["credit commitments 信用承诺"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.sign,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Take in a credit commitment 签署信用承诺",
        )
        self._routes.add_to(routes)
        return routes

    async def sign(
        self, request: Request, caller: TheCaller, body: SignCommitment, key: Key = None, saga: Saga = None
    ) -> Response:
        """Take in a commitment; it is due at the end of the promised day."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, answer(commanded, await sign(commanded, self._processes, body.promise(), body.given()))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def _take(self, commanded: Commanded, process_id: UUID, body: StepBody[Any]) -> CommitmentMoved:
        return await judge(commanded, self._processes, process_id, body.expected_version, body.action, body.given())
