"""Discrepancies of annual reports and the ledgers over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from contracts.events.registration.annual_reports import DiscrepancyMoved
from contracts.vocabulary import FORM_KEEPERS, DiscrepancyAction
from kit.command_routes import Commanded, Commands
from kit.database import Database
from kit.http_api import PROBLEMS
from kit.process_routes import ProcessNow, ProcessRoutes, StepBody
from kit.processes import Processes
from services.registration.handlers.discrepancies import resolve


class DiscrepancyNow(ProcessNow, DiscrepancyMoved):
    """A discrepancy as it is now."""


class DiscrepancyRoutes:
    """The routes under `/discrepancies`.

    Args:
        database: registration's.
        commands: carries commands out.
        processes: of this kind.
    """

    def __init__(self, database: Database, commands: Commands, processes: Processes[DiscrepancyMoved]) -> None:
        self._processes = processes
        self._routes = ProcessRoutes(
            processes,
            database,
            commands,
            take=self._take,
            body=StepBody[DiscrepancyAction],
            shown=DiscrepancyNow,
            readers=FORM_KEEPERS,
        )

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/discrepancies", tags=["discrepancies 年报差异"], responses=PROBLEMS)
        self._routes.add_to(routes)
        return routes

    async def _take(self, commanded: Commanded, process_id: UUID, body: StepBody[Any]) -> DiscrepancyMoved:
        return await resolve(commanded, self._processes, process_id, body.expected_version, body.action, body.given())
