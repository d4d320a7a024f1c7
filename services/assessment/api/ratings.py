"""Ratings over HTTP: that of an organisation, with its reasons."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter

from contracts.vocabulary import CallerRole
from kit.commands import allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.assessment.api.bodies import RatingNow
from services.assessment.repository.ratings import find_rating

READERS: Final = frozenset(CallerRole)
"""Who may see a rating: everybody with a token, within the division they speak for."""


class RatingRoutes:
    """The routes under `/ratings`.

    Args:
        database: assessment's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/ratings", tags=["ratings 堡垒指数"], responses=PROBLEMS)
        routes.add_api_route(
            "/{organisation_id}", self.rating, response_model=RatingNow, summary="The rating of an organisation 评定"
        )
        return routes

    async def rating(self, caller: TheCaller, organisation_id: UUID) -> RatingNow:
        """Return the rating of an organisation, with the reason of each part's points."""
        async with self._database.transaction() as transaction:
            kept = await find_rating(transaction.connection, organisation_id)
        if kept is None:
            raise Problem(NOT_FOUND, "There is no rating of this organisation.", "该党组织没有评定结果。")
        allow(caller, READERS, kept.rating.division_code)
        return RatingNow.of(kept)
