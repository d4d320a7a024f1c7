"""Commands about assignments over HTTP, and an assignment as pairing knows it."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.events.pairing import RecordedAssignment
from kit.clock import Clock
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.pairing.api.bodies import Assign, AssignmentNow, EndAssignment
from services.pairing.domain.assignment import Assignment
from services.pairing.handlers.assignments import Assignments, Stated
from services.pairing.handlers.refusals import READERS
from services.pairing.repository.assignments import find_assignment


class AssignmentRoutes:
    """The routes under `/assignments`.

    Args:
        database: pairing's.
        clock: tells now.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._commands = Commands("pairing", database, clock)

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/assignments", tags=["assignments 选派"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.assign,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Assign a cadre to an entity or an organisation 选派干部",
        )
        routes.add_api_route(
            "/{assignment_id}/end",
            self.end,
            methods=["POST"],
            response_model=Answer,
            summary="End an assignment 结束选派",
        )
        routes.add_api_route(
            "/{assignment_id}",
            self.assignment,
            response_model=AssignmentNow,
            summary="An assignment as pairing knows it 查询选派",
        )
        return routes

    async def assign(
        self, request: Request, caller: TheCaller, body: Assign, key: Key = None, saga: Saga = None
    ) -> Response:
        """Assign a cadre, in a role that they don't have there yet."""
        stated = Stated(body.cadre_id, body.role, body.target, body.target_id, body.starts_on)

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, _answer(commanded, await Assignments(commanded).assign(stated))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def end(
        self,
        request: Request,
        caller: TheCaller,
        assignment_id: UUID,
        body: EndAssignment,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """End an assignment. It stays, as ended."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            done = await Assignments(commanded).end(assignment_id, body.expected_version, body.ended_on)
            return 200, _answer(commanded, done)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def assignment(self, caller: TheCaller, assignment_id: UUID) -> AssignmentNow:
        """Return an assignment, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            known = await find_assignment(transaction.connection, assignment_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such assignment.", "没有该选派。")
        allow(caller, READERS, known.division_code)
        return AssignmentNow.of(known)


def _answer(commanded: Commanded, done: Assignment) -> Answer:
    changed = Changed(aggregate=RecordedAssignment.topic, id=str(done.assignment_id), version=done.version)
    return commanded.answer(changed)
