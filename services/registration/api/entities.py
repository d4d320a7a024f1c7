"""Commands about entities over HTTP, and an entity as registration knows it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, Request
from opentelemetry.trace import SpanKind
from pydantic import BaseModel
from starlette.responses import Response

from contracts.events.registration import RegisteredEntity
from kit.callers import Caller
from kit.clock import Clock
from kit.commands import Answer, Changed, allow, once
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.ids import new_id
from kit.problems import NOT_FOUND, Problem
from kit.telemetry import new_trace, record_span
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
from services.registration.handlers.entities import READERS, Entities, Told
from services.registration.repository import find

JSON: Final = "application/json"
SPAN: Final = "registration command"

Key = Annotated[
    str | None, Header(alias="Idempotency-Key", description="New for each command; the same for its retries.")
]
Decide = Callable[[Connection], Awaitable[tuple[int, BaseModel]]]


class EntityRoutes:
    """The routes under `/entities`.

    Args:
        database: registration's.
        clock: tells now.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

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

    async def register(self, request: Request, caller: TheCaller, body: Register, key: Key = None) -> Response:
        """Register an entity that isn't known yet."""
        facts = body.registration()

        async def decide(connection: Connection) -> tuple[int, BaseModel]:
            return 201, _answer(await self._entities(connection, caller, request).register(facts, body.effective_on))

        return await self._once(request, caller, key, decide)

    async def register_batch(
        self, request: Request, caller: TheCaller, body: RegisterBatch, key: Key = None
    ) -> Response:
        """Take in, together, what is new or different; each place of the batch is answered."""
        stated = body.stated()

        async def decide(connection: Connection) -> tuple[int, BaseModel]:
            correlation_id = new_id()
            lines = await take_batch(connection, caller, self._clock, stated, correlation_id=correlation_id)
            outcomes = [BatchOutcome.of(index, line) for index, line in enumerate(lines)]
            return 200, BatchAnswer(outcomes=outcomes, correlation_id=correlation_id)

        return await self._once(request, caller, key, decide)

    async def change(
        self, request: Request, caller: TheCaller, entity_id: UUID, body: Change, key: Key = None
    ) -> Response:
        """Replace the facts of an entity, decided on the version that is expected; its code may be corrected."""
        facts = body.registration()

        async def decide(connection: Connection) -> tuple[int, BaseModel]:
            entities = self._entities(connection, caller, request)
            return 200, _answer(await entities.change(entity_id, body.expected_version, facts, body.effective_on))

        return await self._once(request, caller, key, decide)

    async def deregister(
        self, request: Request, caller: TheCaller, entity_id: UUID, body: Deregister, key: Key = None
    ) -> Response:
        """Note that an entity is deregistered. It stays, with its history."""

        async def decide(connection: Connection) -> tuple[int, BaseModel]:
            entities = self._entities(connection, caller, request)
            return 200, _answer(await entities.deregister(entity_id, body.expected_version, body.effective_on))

        return await self._once(request, caller, key, decide)

    async def entity(self, caller: TheCaller, entity_id: UUID) -> EntityNow:
        """Return an entity, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            known = await find(transaction.connection, entity_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such entity.", "没有该市场主体。")
        allow(caller, READERS, known.division_code)
        return EntityNow.of(known)

    def _entities(self, connection: Connection, caller: Caller, request: Request) -> Entities:
        joined = record_span(SPAN, request.headers.get("traceparent"), {}, SpanKind.SERVER)
        return Entities(connection, caller, self._clock, joined or new_trace(SPAN, {}))

    async def _once(self, request: Request, caller: Caller, key: str | None, decide: Decide) -> Response:
        payload = b" ".join((request.method.encode(), request.url.path.encode(), await request.body()))
        async with self._database.transaction() as transaction:

            async def decided() -> tuple[int, bytes]:
                status, answer = await decide(transaction.connection)
                return status, answer.model_dump_json(by_alias=True, exclude_none=True).encode()

            status, content = await once(
                transaction.connection, caller=caller, key=key, payload=payload, decide=decided
            )
        return Response(content, status, media_type=JSON)


def _answer(told: Told) -> Answer:
    changed = (
        []
        if told.version is None
        else [Changed(aggregate=RegisteredEntity.topic, id=told.entity_id, version=told.version)]
    )
    return Answer(aggregates=changed, correlation_id=told.correlation_id)
