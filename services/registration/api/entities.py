"""Commands about entities over HTTP, and an entity as registration knows it."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.events.registration import RegisteredEntity
from contracts.events.registration.forms import FormMoved
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from kit.processes import Processes
from services.registration.api.bodies import (
    BatchAnswer,
    BatchOutcome,
    Change,
    Classify,
    Deregister,
    EntityNow,
    Register,
    RegisterBatch,
)
from services.registration.handlers.batch import take_batch
from services.registration.handlers.entities import READERS, Done, Entities
from services.registration.handlers.forms import Forms
from services.registration.repository.entities import find


class EntityRoutes:
    """The routes under `/entities`.

    Args:
        database: registration's.
        commands: carries commands out.
        forms: the Party-building forms.
    """

    def __init__(self, database: Database, commands: Commands, forms: Processes[FormMoved]) -> None:
        self._database = database
        self._commands = commands
        self._forms = forms

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
            "/{entity_id}/classification",
            self.classify,
            methods=["POST"],
            response_model=Answer,
            summary="Classify an entity 认定类别",
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
            return 201, _answer(commanded, await self._on(commanded).register(facts, body.effective_on, body.answers()))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def register_batch(
        self, request: Request, caller: TheCaller, body: RegisterBatch, key: Key = None, saga: Saga = None
    ) -> Response:
        """Take in, together, what is new or different; each place of the batch is answered."""
        stated = body.stated()

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            lines = await take_batch(commanded, Forms(commanded, self._forms), stated, asks=not body.carried_over)
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
            done = await self._on(commanded).change(
                entity_id, body.expected_version, facts, body.effective_on, body.answers()
            )
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
            done = await self._on(commanded).deregister(
                entity_id, body.expected_version, body.effective_on, body.answers()
            )
            return 200, _answer(commanded, done)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def classify(
        self,
        request: Request,
        caller: TheCaller,
        entity_id: UUID,
        body: Classify,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Classify an entity: of being small nothing but a classification tells."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            done = await self._on(commanded).classify(entity_id, body.expected_version, body.kind, body.effective_on)
            return 200, _answer(commanded, done)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    def _on(self, commanded: Commanded) -> Entities:
        return Entities(commanded, Forms(commanded, self._forms))

    async def entity(self, caller: TheCaller, entity_id: UUID) -> EntityNow:
        """Return an entity, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            known = await find(transaction.connection, entity_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such entity.", "没有该市场主体。")
        allow(caller, READERS, known.division_code)
        return EntityNow.of(known)


def _answer(commanded: Commanded, done: Done) -> Answer:
    return commanded.answer(*entity_changed(done))


def entity_changed(done: Done) -> list[Changed]:
    """Return what a command changed of an entity: itself, and the form that it was asked."""
    forms = [Changed(aggregate=one.topic, id=one.key, version=one.version) for one in done.forms]
    if done.version is None:
        return forms
    return [Changed(aggregate=RegisteredEntity.topic, id=str(done.entity_id), version=done.version), *forms]
