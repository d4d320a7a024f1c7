"""The scheme over HTTP: the edition in force, and the command that publishes the next one."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.events.assessment import SchemePublished
from kit.clock import Clock, today
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Changed
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import UNAVAILABLE, Problem
from services.assessment.api.bodies import PublishEdition, SchemeNow
from services.assessment.domain.first_scheme import FORTRESS_INDEX
from services.assessment.handlers.schemes import Schemes
from services.assessment.repository.schemes import hold, in_force, newest


class SchemeRoutes:
    """The routes under `/schemes`.

    Args:
        database: assessment's.
        clock: tells now.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._commands = Commands("assessment", database, clock)

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/schemes", tags=["schemes 评分办法"], responses=PROBLEMS)
        routes.add_api_route(
            "/current", self.current, response_model=SchemeNow, summary="The edition in force 现行评分办法"
        )
        routes.add_api_route(
            "/{scheme_id}/editions",
            self.publish,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Publish the next edition 发布新版",
        )
        return routes

    async def current(self, _caller: TheCaller) -> SchemeNow:
        """Return the edition by which ratings are decided today; everybody with a token may see it."""
        async with self._database.transaction() as transaction:
            await hold(transaction.connection)
            found = await in_force(transaction.connection, FORTRESS_INDEX, today(self._clock))
            last = await newest(transaction.connection, FORTRESS_INDEX)
        if found is None or last is None:
            raise Problem(
                UNAVAILABLE,
                "The first scheme is being published. Try again in a moment.",
                "首版评分办法正在发布，请稍后重试。",
            )
        return SchemeNow.of(found, last)

    async def publish(
        self,
        request: Request,
        caller: TheCaller,
        scheme_id: UUID,
        body: PublishEdition,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Publish the next edition, decided on the newest one; ratings follow from its first day on."""
        scheme = body.scheme()

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            version = await Schemes(commanded).publish(scheme_id, body.expected_version, scheme)
            return 201, commanded.answer(Changed(aggregate=SchemePublished.topic, id=str(scheme_id), version=version))

        return await self._commands.carry_out(request, caller, key, saga, decide)
