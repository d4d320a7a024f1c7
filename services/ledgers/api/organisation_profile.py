"""What an organisation is made of 党组织概况, as a command over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.base import Amount
from contracts.events.ledgers.organisations import MOST_POSTS, MOST_VENUES, MOST_YEARS, Venue, YearFunds
from contracts.vocabulary import Demonstration, Industry, PartyPost, VenueKind
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Body
from kit.http_api import PROBLEMS, TheCaller
from services.ledgers.api.line_bodies import EffectiveOn, Expected
from services.ledgers.api.organisations import answer
from services.ledgers.domain.organisation_profile import Election, Post
from services.ledgers.handlers.organisation_profile import Profile, Profiles


class PostBody(Body):
    """A post that a member holds."""

    member_id: Annotated[UUID, Field(description="The member, who belongs to the organisation.")]
    post: Annotated[PartyPost, Field(description="书记, 副书记, 委员 …")]
    since: Annotated[date, Field(description="First day of it 任职日期.")]


class FundsBody(Body):
    """Funds of a year."""

    year: Annotated[int, Field(ge=1949, le=2999, description="The year.")]
    amount: Annotated[Amount, Field(description="Yuan 元, as a text.")]


class VenueBody(Body):
    """A venue."""

    kind: Annotated[VenueKind, Field(description="What it is.")]
    area: Annotated[Amount, Field(description="Square metres 平方米, as a text.")]


class StateProfile(Body):
    """Command: replace what an organisation is made of. What is left out is not known, or there is none.

    The committee alone stays as it is: who may not see members doesn't know it.
    """

    industry: Annotated[Industry | None, Field(description='产业 of the "6+2".')] = None
    committee: Annotated[
        Sequence[PostBody] | None,
        Field(max_length=MOST_POSTS, description="班子, for who may see members; it stays as it is where left out."),
    ] = None
    last_elected_on: Annotated[date | None, Field(description="Day of the last election 换届选举.")] = None
    election_put_off_to: Annotated[date | None, Field(description="延期换届, at most a year.")] = None
    full_time_workers: Annotated[int | None, Field(ge=0, le=10_000, description="专职党建工作者, a number.")] = None
    funds: Annotated[Sequence[FundsBody], Field(max_length=MOST_YEARS, description="党建经费 by years.")] = ()
    venues: Annotated[Sequence[VenueBody], Field(max_length=MOST_VENUES, description="阵地.")] = ()
    demonstration: Annotated[Demonstration | None, Field(description="区级示范 or 市级示范.")] = None
    standardisation_pilot: Annotated[bool, Field(description="标准化建设试点.")] = False
    expected_version: Expected
    effective_on: EffectiveOn = None

    def profile(self) -> Profile:
        """Return what it states."""
        return Profile(
            industry=self.industry,
            committee=(
                None if self.committee is None else [Post(one.member_id, one.post, one.since) for one in self.committee]
            ),
            election=Election(self.last_elected_on, self.election_put_off_to),
            full_time_workers=self.full_time_workers,
            funds=[YearFunds(year=one.year, amount=one.amount) for one in self.funds],
            venues=[Venue(kind=one.kind, area=one.area) for one in self.venues],
            demonstration=self.demonstration,
            standardisation_pilot=self.standardisation_pilot,
        )


class ProfileRoutes:
    """The route `/organisations/{organisationId}/profile`.

    Args:
        commands: carries commands out.
    """

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    def router(self) -> APIRouter:
        """Return the route."""
        routes = APIRouter(prefix="/organisations", tags=["organisations 党组织"], responses=PROBLEMS)
        routes.add_api_route(
            "/{organisation_id}/profile",
            self.state,
            methods=["PUT"],
            response_model=Answer,
            summary="Replace what an organisation is made of 更新党组织概况",
        )
        return routes

    async def state(
        self,
        request: Request,
        caller: TheCaller,
        organisation_id: UUID,
        body: StateProfile,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace posts, elections, people, funds, venues, and what the organisation is held up as."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            stated = await Profiles(commanded).state(
                organisation_id, body.expected_version, body.profile(), body.effective_on
            )
            return 200, answer(commanded, stated)

        return await self._commands.carry_out(request, caller, key, saga, decide)
