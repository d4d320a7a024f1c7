"""Commands about Party organisations over HTTP, and an organisation as the ledger has it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.ledgers.organisations import (
    LONGEST_CODE,
    MOST_ENTITIES,
    MOST_GROUPS,
    PostHeld,
    RecordedOrganisation,
)
from contracts.vocabulary import MEMBER_KEEPERS, Bureau, CallerRole, FormationMode, OrganisationForm
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.ledgers.api.line_bodies import Code, EffectiveOn, Expected, Name
from services.ledgers.handlers.organisations import OrganisationFacts, Organisations
from services.ledgers.repository.organisations import find_organisation


class Found(Body):
    """Command: found an organisation, or make an external one known."""

    name: Name
    form: OrganisationForm
    external: Annotated[bool, Field(description="外部党组织.")] = False
    mode: Annotated[FormationMode | None, Field(description="组建方式; an external one has none.")] = None
    entity_ids: Annotated[
        Sequence[UUID], Field(max_length=MOST_ENTITIES, description="Entities that it covers; one with SINGLE.")
    ] = ()
    superior_id: Annotated[UUID | None, Field(description="The organisation above it.")] = None
    association_id: Annotated[UUID | None, Field(description="The association whose branch it is.")] = None
    division_code: Annotated[Code | None, Field(description="That of its first entity where not given.")] = None
    bureau: Annotated[Bureau, Field(description="The line 条.")] = Bureau.MARKET_REGULATION
    founded_on: Annotated[date | None, Field(description="成立日期.")] = None
    has_committee: Annotated[
        bool | None, Field(description="支委会; where not given it follows from its full members.")
    ] = None
    groups: Annotated[
        int | None, Field(ge=0, le=MOST_GROUPS, description="党小组: how many; none where not given.")
    ] = None
    code: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_CODE),
        Field(description="组织编码: letters, digits and . _ / -; no two organisations have the same."),
    ] = None
    effective_on: EffectiveOn = None

    def facts(self) -> OrganisationFacts:
        """Return the facts."""
        return OrganisationFacts(
            name=self.name,
            form=self.form,
            external=self.external,
            mode=self.mode,
            entity_ids=self.entity_ids,
            superior_id=self.superior_id,
            association_id=self.association_id,
            division_code=self.division_code,
            bureau=self.bureau,
            founded_on=self.founded_on,
            has_committee=self.has_committee,
            groups=self.groups,
            code=self.code,
        )


class Change(Found):
    """Command: replace the facts of an organisation."""

    expected_version: Expected


class Dissolve(Body):
    """Command: dissolve an organisation 撤销."""

    expected_version: Expected
    effective_on: EffectiveOn = None


class PostNow(PostHeld):
    """A post that a member holds now."""

    model_config = STATE


class OrganisationNow(RecordedOrganisation):
    """An organisation as it is now."""

    model_config = STATE

    committee: Annotated[
        tuple[PostNow, ...] | None, Field(description="班子, for who may see members: secretary first.")
    ] = None


class OrganisationRoutes:
    """The routes under `/organisations`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
    """

    def __init__(self, database: Database, commands: Commands) -> None:
        self._database = database
        self._commands = commands

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/organisations", tags=["organisations 党组织"], responses=PROBLEMS)
        one = "/{organisation_id}"
        for path, method, endpoint, status, summary in (
            ("", "POST", self.found, 201, "Found an organisation 成立党组织"),
            (one, "PUT", self.change, 200, "Replace the facts of an organisation 变更党组织"),
            (f"{one}/dissolution", "POST", self.dissolve, 200, "Dissolve an organisation 撤销党组织"),
        ):
            routes.add_api_route(
                path, endpoint, methods=[method], status_code=status, response_model=Answer, summary=summary
            )
        routes.add_api_route(one, self.organisation, summary="An organisation as the ledger has it 查询党组织")
        return routes

    async def found(
        self, request: Request, caller: TheCaller, body: Found, key: Key = None, saga: Saga = None
    ) -> Response:
        """Found an organisation; the coverage of its entities follows at once."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            organisation = await Organisations(commanded).found(body.facts(), body.effective_on)
            return 201, answer(commanded, organisation)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def change(
        self,
        request: Request,
        caller: TheCaller,
        organisation_id: UUID,
        body: Change,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace the facts of an organisation, decided on the version that is expected."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            organisations = Organisations(commanded)
            changed = await organisations.change(
                organisation_id, body.expected_version, body.facts(), body.effective_on
            )
            return 200, answer(commanded, changed)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def dissolve(
        self,
        request: Request,
        caller: TheCaller,
        organisation_id: UUID,
        body: Dissolve,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Dissolve an organisation that has no members. It stays, with its history."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            organisations = Organisations(commanded)
            dissolved = await organisations.dissolve(organisation_id, body.expected_version, body.effective_on)
            return 200, answer(commanded, dissolved)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def organisation(self, caller: TheCaller, organisation_id: UUID) -> OrganisationNow:
        """Return an organisation, with the version that a command expects; its committee to who may see members."""
        async with self._database.transaction() as transaction:
            found = await find_organisation(transaction.connection, organisation_id)
        if found is None:
            raise Problem(NOT_FOUND, "There is no such organisation.", "没有该党组织。")
        allow(caller, frozenset(CallerRole), found.division_code)
        shown = OrganisationNow.model_validate(found, from_attributes=True)
        return shown if caller.role in MEMBER_KEEPERS else shown.model_copy(update={"committee": None})


def answer(commanded: Commanded, organisation: RecordedOrganisation | None) -> Answer:
    """Return the answer to a command about an organisation; None changed nothing."""
    if organisation is None:
        return commanded.answer()
    return commanded.answer(Changed(aggregate=organisation.topic, id=organisation.key, version=organisation.version))
