"""Discrepancies of annual reports and the ledgers over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from contracts.events.registration.annual_reports import DiscrepancyMoved
from contracts.vocabulary import FORM_KEEPERS, MEMBER_KEEPERS, DiscrepancyAction
from contracts.vocabulary.members import FEWEST_SHOWN
from kit.callers import Caller
from kit.command_routes import Commanded, Commands
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.process_routes import ProcessNow, ProcessRoutes, StepBody
from kit.processes import Processes
from services.registration.handlers.discrepancies import resolve


class DiscrepancyNow(ProcessNow, DiscrepancyMoved):
    """A discrepancy as it is now. One or two members whom the ledgers know are shown to who may see members alone."""


class _Routes(ProcessRoutes[DiscrepancyMoved]):
    async def process(self, caller: TheCaller, process_id: UUID) -> BaseModel:
        shown = await super().process(caller, process_id)
        if not isinstance(shown, DiscrepancyNow):
            raise TypeError(shown)
        few = shown.known_count is not None and 0 < shown.known_count < FEWEST_SHOWN
        hidden = few and caller.role not in MEMBER_KEEPERS
        return shown.model_copy(update={"known_count": None}) if hidden else shown


class DiscrepancyRoutes:
    """The routes under `/discrepancies`.

    Args:
        database: registration's.
        commands: carries commands out.
        processes: of this kind.
    """

    def __init__(self, database: Database, commands: Commands, processes: Processes[DiscrepancyMoved]) -> None:
        self._processes = processes
        self._routes = _Routes(
            processes,
            database,
            commands,
            take=self._take,
            body=StepBody[DiscrepancyAction],
            shown=DiscrepancyNow,
            readers=FORM_KEEPERS,
        )

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see a discrepancy, and so the files that it carries."""
        return await self._routes.may_see(connection, caller, process_id)

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/discrepancies", tags=["discrepancies 年报差异"], responses=PROBLEMS)
        self._routes.add_to(routes)
        return routes

    async def _take(self, commanded: Commanded, process_id: UUID, body: StepBody[Any]) -> DiscrepancyMoved:
        return await resolve(commanded, self._processes, process_id, body.expected_version, body.action, body.given())
