"""Commands about alliances over HTTP, and an alliance as pairing knows it."""

from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.events.pairing import RecordedAlliance
from kit.clock import Clock
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.pairing.api.bodies import AllianceNow, DissolveAlliance, FormAlliance
from services.pairing.domain.alliance import Alliance
from services.pairing.handlers.alliances import Alliances, Stated
from services.pairing.handlers.refusals import READERS
from services.pairing.repository.alliances import find_alliance


class AllianceRoutes:
    """The routes under `/alliances`.

    Args:
        database: pairing's.
        clock: tells now.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._commands = Commands("pairing", database, clock)

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/alliances", tags=["alliances 党建联合体"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.form,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Form an alliance of masses, enterprises and subdistrict 组建党建联合体",
        )
        routes.add_api_route(
            "/{alliance_id}/dissolution",
            self.dissolve,
            methods=["POST"],
            response_model=Answer,
            summary="Dissolve an alliance 解散党建联合体",
        )
        routes.add_api_route(
            "/{alliance_id}",
            self.alliance,
            response_model=AllianceNow,
            response_model_exclude_none=True,
            summary="An alliance as pairing knows it 查询党建联合体",
        )
        return routes

    async def form(
        self, request: Request, caller: TheCaller, body: FormAlliance, key: Key = None, saga: Saga = None
    ) -> Response:
        """Form an alliance with at least one party on each side, all known and active."""
        parties = tuple(one.party() for one in body.parties)
        stated = Stated(body.name, body.division_code, parties, body.formed_on)

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 201, _answer(commanded, await Alliances(commanded).form(stated))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def dissolve(
        self,
        request: Request,
        caller: TheCaller,
        alliance_id: UUID,
        body: DissolveAlliance,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Dissolve an alliance. Its record stays."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            done = await Alliances(commanded).dissolve(alliance_id, body.expected_version, body.effective_on)
            return 200, _answer(commanded, done)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def alliance(self, caller: TheCaller, alliance_id: UUID) -> AllianceNow:
        """Return an alliance, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            known = await find_alliance(transaction.connection, alliance_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such alliance.", "没有该党建联合体。")
        allow(caller, READERS, known.division_code)
        return AllianceNow.of(known)


def _answer(commanded: Commanded, done: Alliance) -> Answer:
    changed = Changed(aggregate=RecordedAlliance.topic, id=str(done.alliance_id), version=done.version)
    return commanded.answer(changed)
