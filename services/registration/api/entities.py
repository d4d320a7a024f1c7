"""Commands about entities over HTTP, and an entity as registration knows it."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.events.registration import RegisteredEntity
from kit.clock import Clock
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.registration.api.bodies import (
    BatchAnswer,
    BatchOutcome,
    Change,
    Deregister,
    EntityNow,
    Register,
    RegisterBatch,
)
from services.registration.handlers.batch import take_batch
from services.registration.handlers.entities import READERS, Done, Entities
from services.registration.repository.entities import find


class EntityRoutes:
    """The routes under `/entities`.

    Args:
        database: registration's.
        clock: tells now.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._commands = Commands("registration", database, clock)

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/entities", tags=["entities 市场主体"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.register,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Register an entity 登记",
        )
        routes.add_api_route(
            "/batch",
            self.register_batch,
            methods=["POST"],
            response_model=BatchAnswer,
            summary="Take in the state of many entities 批量登记",
        )
        routes.add_api_route(
            "/{entity_id}",
            self.change,
            methods=["PUT"],
            response_model=Answer,
            summary="Replace the facts of an entity 变更",
        )
        routes.add_api_route(
            "/{entity_id}/deregistration",
            self.deregister,
            methods=["POST"],
            response_model=Answer,
            summary="Deregister an entity 注销",
        )
        routes.add_api_route(
            "/{entity_id}", self.entity, response_model=EntityNow, summary="An entity as registration knows it 查询"
        )
        return routes

    async def register(
        self, request: Request, caller: TheCaller, body: Register, key: Key = None, saga: Saga = None
    ) -> Response:
        """Register an entity that isn't known yet."""
        facts = body.registration()

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, _answer(commanded, await Entities(commanded).register(facts, body.effective_on))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def register_batch(
        self, request: Request, caller: TheCaller, body: RegisterBatch, key: Key = None, saga: Saga = None
    ) -> Response:
        """Take in, together, what is new or different; each place of the batch is answered."""
        stated = body.stated()

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            lines = await take_batch(commanded, stated)
            outcomes = [BatchOutcome.of(index, line) for index, line in enumerate(lines)]
            return 200, BatchAnswer(outcomes=outcomes, correlation_id=commanded.correlation_id)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def change(
        self,
        request: Request,
        caller: TheCaller,
        entity_id: UUID,
        body: Change,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace the facts of an entity, decided on the version that is expected; its code may be corrected."""
        facts = body.registration()

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            done = await Entities(commanded).change(entity_id, body.expected_version, facts, body.effective_on)
            return 200, _answer(commanded, done)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def deregister(
        self,
        request: Request,
        caller: TheCaller,
        entity_id: UUID,
        body: Deregister,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Note that an entity is deregistered. It stays, with its history."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            done = await Entities(commanded).deregister(entity_id, body.expected_version, body.effective_on)
            return 200, _answer(commanded, done)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def entity(self, caller: TheCaller, entity_id: UUID) -> EntityNow:
        """Return an entity, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            known = await find(transaction.connection, entity_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such entity.", "没有该市场主体。")
        allow(caller, READERS, known.division_code)
        return EntityNow.of(known)


def _answer(commanded: Commanded, done: Done) -> Answer:
    if done.version is None:
        return commanded.answer()
    return commanded.answer(Changed(aggregate=RegisteredEntity.topic, id=str(done.entity_id), version=done.version))
