"""Stalls of specialised markets over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.registration.markets import RecordedStall
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.registration.handlers.entities import READERS
from services.registration.handlers.stalls import Wanted, occupy, vacate
from services.registration.repository.markets import find_stall


class Occupy(Body):
    """Command: let an entity occupy a stall."""

    market_id: Annotated[UUID, Field(description="The market.")]
    entity_id: Annotated[UUID, Field(description="The stallholder 经营户.")]
    number: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00]*$"),
        Field(description="摊位号."),
    ]
    since: Annotated[date | None, Field(description="First day; today where absent.")] = None

    def wanted(self) -> Wanted:
        """Return the stall that is to be occupied."""
        return Wanted(self.market_id, self.entity_id, self.number, self.since)


class Vacate(Body):
    """Command: note that an entity left a stall."""

    expected_version: Annotated[int, Field(ge=1, description="The version on which this was decided.")]
    until: Annotated[date | None, Field(description="Day from which it is vacant; today where absent.")] = None


class StallNow(RecordedStall):
    """A stall as it is now."""

    model_config = STATE


class StallRoutes:
    """The routes under `/stalls`.

    Args:
        database: registration's.
        commands: carries commands out.
    """

    def __init__(self, database: Database, commands: Commands) -> None:
        self._database = database
        self._commands = commands

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/stalls", tags=["stalls 摊位"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.occupy,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Let an entity occupy a stall 经营户入场",
        )
        routes.add_api_route(
            "/{stall_id}/vacating",
            self.vacate,
            methods=["POST"],
            response_model=Answer,
            summary="Note that an entity left a stall 经营户退场",
        )
        routes.add_api_route(
            "/{stall_id}",
            self.stall,
            response_model=StallNow,
            response_model_exclude_none=True,
            summary="A stall 查询摊位",
        )
        return routes

    async def occupy(
        self, request: Request, caller: TheCaller, body: Occupy, key: Key = None, saga: Saga = None
    ) -> Response:
        """Let an entity occupy a stall of an open market."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, _answer(commanded, await occupy(commanded, body.wanted()))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def vacate(
        self, request: Request, caller: TheCaller, stall_id: UUID, body: Vacate, key: Key = None, saga: Saga = None
    ) -> Response:
        """Note that an entity left a stall. It stays, with its days."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 200, _answer(commanded, await vacate(commanded, stall_id, body.expected_version, body.until))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def stall(self, caller: TheCaller, stall_id: UUID) -> StallNow:
        """Return a stall, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            known = await find_stall(transaction.connection, stall_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such stall.", "没有该摊位。")
        allow(caller, READERS, known.division_code)
        return StallNow.model_validate(known.model_dump())


def _answer(commanded: Commanded, stall: RecordedStall) -> Answer:
    return commanded.answer(Changed(aggregate=stall.topic, id=stall.key, version=stall.version))
