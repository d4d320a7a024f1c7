"""Development of members 发展党员 over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.ledgers.development import STEPS, DevelopmentMoved
from contracts.vocabulary import MEMBER_KEEPERS, DevelopmentAction
from kit.callers import Caller
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Body
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.process_routes import GivenBody, ProcessNow, ProcessRoutes, StepBody, answer
from services.ledgers.api.line_bodies import Expected
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.developments import Developments, Stated
from services.ledgers.persons import Persons


class ApplyForMembership(GivenBody):
    """Command: a person applied for membership."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
        Field(description="姓名; encrypted, shown masked."),
    ]
    organisation_id: Annotated[UUID, Field(description="培养党组织.")]
    workplace_entity_id: Annotated[UUID | None, Field(description="从业主体.")] = None


class Done(Body):
    """A step of the regulation that was done."""

    number: Annotated[int, Field(ge=1, le=STEPS, description="Number of the step 步骤.")]
    done_on: Annotated[date, Field(description="Day on which it was done 完成日期.")]


class DevelopmentStep(StepBody[DevelopmentAction]):
    """Command: take a step of a development."""

    steps: Annotated[Sequence[Done], Field(max_length=STEPS, description="Steps of the regulation done since.")] = ()
    workplace_entity_id: Annotated[UUID | None, Field(description="从业主体, stated anew.")] = None
    organisation_id: Annotated[UUID | None, Field(description="With MOVE: where to 转入党组织.")] = None
    prolonged_by_months: Annotated[
        int | None, Field(ge=1, le=24, description="With PROLONG: by how many months 延长月数.")
    ] = None

    def stated(self) -> Stated:
        """Return what it states."""
        return Stated(
            [(one.number, one.done_on) for one in self.steps],
            self.workplace_entity_id,
            self.organisation_id,
            self.prolonged_by_months,
        )


class EraseDevelopment(Body):
    """Command: erase all that is kept of a person who is no member."""

    expected_version: Expected


class DevelopmentNow(ProcessNow, DevelopmentMoved):
    """A development as it is now."""


class DevelopmentRoutes:
    """The routes under `/developments`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        persons: keeps names.
        about: the processes about members.
    """

    def __init__(self, database: Database, commands: Commands, persons: Persons, about: AboutMembers) -> None:
        self._commands = commands
        self._persons = persons
        self._about = about
        self._routes = ProcessRoutes(
            about.developments,
            database,
            commands,
            take=self._take,
            body=DevelopmentStep,
            shown=DevelopmentNow,
            readers=MEMBER_KEEPERS,
        )

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/developments", tags=["developments 发展党员"], responses=PROBLEMS)
        for path, endpoint, status, summary in (
            ("", self.apply, 201, "A person applied for membership 递交入党申请"),
            ("/{process_id}/erasure", self.erase, 200, "Erase all that is kept of a person 删除个人信息"),
        ):
            routes.add_api_route(
                path, endpoint, methods=["POST"], status_code=status, response_model=Answer, summary=summary
            )
        self._routes.add_to(routes)
        return routes

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see a development, and so the files that it carries."""
        return await self._routes.may_see(connection, caller, process_id)

    async def apply(
        self, request: Request, caller: TheCaller, body: ApplyForMembership, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record that a person applied; the name is kept sealed."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            begun = await Developments(commanded, self._persons, self._about).apply(
                body.name, body.organisation_id, body.workplace_entity_id, body.given()
            )
            return 201, answer(commanded, begun)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def erase(
        self,
        request: Request,
        caller: TheCaller,
        process_id: UUID,
        body: EraseDevelopment,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Erase all that is kept of a person who is no member."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            developments = Developments(commanded, self._persons, self._about)
            return 200, answer(commanded, await developments.erase(process_id, body.expected_version))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def _take(self, commanded: Commanded, process_id: UUID, body: StepBody[Any]) -> DevelopmentMoved:
        if not isinstance(body, DevelopmentStep):
            raise TypeError(f"{type(body)} is no step of a development")
        return await Developments(commanded, self._persons, self._about).take(
            process_id, body.expected_version, body.action, body.given(), body.stated()
        )
