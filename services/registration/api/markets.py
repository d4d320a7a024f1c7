"""Specialised markets over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.registration.forms import FormMoved
from contracts.events.registration.markets import RecordedMarket
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from kit.processes import Processes
from services.registration.api.entities import entity_changed
from services.registration.domain.entity import NAME_LIMIT
from services.registration.handlers.entities import READERS, Done
from services.registration.handlers.forms import Forms
from services.registration.handlers.markets import MarketFacts, Markets
from services.registration.repository.markets import find_market


class RecordMarket(Body):
    """Command: record a specialised market."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LIMIT, pattern=r"^[^\x00]*$"),
        Field(description="市场名称."),
    ]
    operator_entity_id: Annotated[UUID, Field(description="Entity that operates it 市场开办者.")]
    division_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$"), Field(description="行政区划 where it is.")]
    effective_on: Annotated[date | None, Field(description="Day from which it holds; today where absent.")] = None

    def facts(self) -> MarketFacts:
        """Return what is stated of the market."""
        return MarketFacts(self.name, self.operator_entity_id, self.division_code)


class ChangeMarket(RecordMarket):
    """Command: replace the facts of a market."""

    expected_version: Annotated[int, Field(ge=1, description="The version on which this was decided.")]


class CloseMarket(Body):
    """Command: close a market."""

    expected_version: Annotated[int, Field(ge=1, description="The version on which this was decided.")]
    effective_on: Annotated[date | None, Field(description="Day from which it holds; today where absent.")] = None


class MarketNow(RecordedMarket):
    """A market as it is now."""

    model_config = STATE


class MarketRoutes:
    """The routes under `/markets`.

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
        routes = APIRouter(prefix="/markets", tags=["markets 专业市场"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.record,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Record a specialised market 登记专业市场",
        )
        routes.add_api_route(
            "/{market_id}",
            self.change,
            methods=["PUT"],
            response_model=Answer,
            summary="Replace the facts of a market 变更专业市场",
        )
        routes.add_api_route(
            "/{market_id}/closing",
            self.close,
            methods=["POST"],
            response_model=Answer,
            summary="Close a market; its stalls are vacated 关闭专业市场",
        )
        routes.add_api_route("/{market_id}", self.market, response_model=MarketNow, summary="A market 查询专业市场")
        return routes

    async def record(
        self, request: Request, caller: TheCaller, body: RecordMarket, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record a market; its operator counts as a specialised market from then on."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, _answer(commanded, *await self._on(commanded).record(body.facts(), body.effective_on))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def change(
        self,
        request: Request,
        caller: TheCaller,
        market_id: UUID,
        body: ChangeMarket,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace the facts of a market."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            changed = await self._on(commanded).change(
                market_id, body.expected_version, body.facts(), body.effective_on
            )
            return 200, _answer(commanded, *changed)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def close(
        self,
        request: Request,
        caller: TheCaller,
        market_id: UUID,
        body: CloseMarket,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Close a market. It stays, with its history."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            closed = await self._on(commanded).close(market_id, body.expected_version, body.effective_on)
            return 200, _answer(commanded, closed)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def market(self, caller: TheCaller, market_id: UUID) -> MarketNow:
        """Return a market, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            known = await find_market(transaction.connection, market_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such market.", "没有该专业市场。")
        allow(caller, READERS, known.division_code)
        return MarketNow.model_validate(known.model_dump())

    def _on(self, commanded: Commanded) -> Markets:
        return Markets(commanded, Forms(commanded, self._forms))


def _answer(commanded: Commanded, market: RecordedMarket, done: Done | None = None) -> Answer:
    changed = Changed(aggregate=market.topic, id=market.key, version=market.version)
    return commanded.answer(changed, *(() if done is None else entity_changed(done)))
