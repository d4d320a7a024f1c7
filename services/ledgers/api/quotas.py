"""Quotas of development 发展党员名额 over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.ledgers.development import QuotaRecorded, Year
from contracts.vocabulary import MEMBER_KEEPERS
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.ledgers.api.line_bodies import Expected
from services.ledgers.handlers.quotas import Quotas
from services.ledgers.repository.records import QUOTAS

MOST_PLACES = 10_000

Places = Annotated[int, Field(ge=0, le=MOST_PLACES, description="Who may be admitted 名额.")]


class SetQuota(Body):
    """Command: set the quota of an organisation for a year."""

    organisation_id: Annotated[UUID, Field(description="党组织.")]
    year: Year
    places: Places


class ChangeQuota(Body):
    """Command: change how many places a quota has."""

    places: Places
    expected_version: Expected


class QuotaNow(QuotaRecorded):
    """A quota as it is now."""

    model_config = STATE


class QuotaRoutes:
    """The routes under `/quotas`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
    """

    def __init__(self, database: Database, commands: Commands) -> None:
        self._database = database
        self._commands = commands

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/quotas", tags=["quotas 发展党员名额"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.set_first,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Set the quota of a year 核定年度名额",
        )
        routes.add_api_route(
            "/{quota_id}", self.change, methods=["PUT"], response_model=Answer, summary="Change a quota 调整名额"
        )
        routes.add_api_route("/{quota_id}", self.quota, summary="A quota, and how much is taken 查询名额")
        return routes

    async def set_first(
        self, request: Request, caller: TheCaller, body: SetQuota, key: Key = None, saga: Saga = None
    ) -> Response:
        """Set the quota of an organisation for a year; 组织部 alone does."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            quota = await Quotas(commanded).set_first(body.organisation_id, body.year, body.places)
            return 201, _answer(commanded, quota)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def change(
        self,
        request: Request,
        caller: TheCaller,
        quota_id: UUID,
        body: ChangeQuota,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Change how many places a quota has; never to fewer than are taken."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            quota = await Quotas(commanded).change(quota_id, body.expected_version, body.places)
            return 200, _answer(commanded, quota)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def quota(self, caller: TheCaller, quota_id: UUID) -> QuotaNow:
        """Return a quota, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            found = await QUOTAS.find(transaction.connection, quota_id)
        if found is None:
            raise Problem(NOT_FOUND, "There is no such quota.", "没有该名额。")
        allow(caller, MEMBER_KEEPERS, found.division_code)
        return QuotaNow.model_validate(found, from_attributes=True)


def _answer(commanded: Commanded, quota: QuotaRecorded | None) -> Answer:
    if quota is None:
        return commanded.answer()
    return commanded.answer(Changed(aggregate=quota.topic, id=quota.key, version=quota.version))
