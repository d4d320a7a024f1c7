"""Reorganisations of organisations over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.ledgers.organisations import MOST_ENTITIES
from contracts.events.ledgers.reorganisations import (
    MOST_SUCCESSORS,
    MemberSuccessor,
    ProposedOrganisation,
    ReorganisationMoved,
)
from contracts.processes.reorganisation import APPROVERS, PROPOSERS
from contracts.vocabulary import (
    FormationMode,
    OrganisationForm,
    ReorganisationAction,
    ReorganisationKind,
)
from kit.callers import Caller
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.process_routes import GivenBody, ProcessNow, ProcessRoutes, StepBody, answer
from kit.processes import Processes
from services.ledgers.api.line_bodies import Code, Name
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.reorganisations import Amended, Reorganisations, Wanted


class FoundingBody(Body):
    """An organisation as it is to be founded."""

    form: OrganisationForm
    mode: Annotated[FormationMode, Field(description="组建方式.")]
    entity_ids: Annotated[
        Sequence[UUID], Field(max_length=MOST_ENTITIES, description="Entities that it will cover; one with SINGLE.")
    ] = ()
    superior_id: Annotated[UUID | None, Field(description="The organisation above it.")] = None
    association_id: Annotated[UUID | None, Field(description="The association whose branch it will be.")] = None
    founded_on: Annotated[date | None, Field(description="成立日期.")] = None

    def proposed(self) -> ProposedOrganisation:
        """Return it as it is told."""
        return ProposedOrganisation.model_validate(self.model_dump())


class SuccessorBody(Body):
    """Where one person goes."""

    member_id: Annotated[UUID, Field(description="The member, or the person who is being developed.")]
    organisation_id: Annotated[UUID, Field(description="接收党组织.")]

    def successor(self) -> MemberSuccessor:
        """Return it as it is told."""
        return MemberSuccessor(member_id=self.member_id, organisation_id=self.organisation_id)


class ProposeReorganisation(GivenBody):
    """Command: propose to found, rename, merge or dissolve an organisation."""

    kind: Annotated[ReorganisationKind, Field(description="成立, 更名, 合并 or 撤销.")]
    organisation_id: Annotated[UUID | None, Field(description="Which; none with FOUND.")] = None
    target_id: Annotated[UUID | None, Field(description="With MERGE: 并入的党组织.")] = None
    name: Annotated[Name | None, Field(description="With FOUND and RENAME.")] = None
    founding: Annotated[FoundingBody | None, Field(description="With FOUND: what it will be.")] = None
    division_code: Annotated[Code | None, Field(description="With FOUND: where; that of its first entity.")] = None
    successor_id: Annotated[UUID | None, Field(description="With DISSOLVE: 接收党组织 of all not named below.")] = None
    successors: Annotated[Sequence[SuccessorBody], Field(max_length=MOST_SUCCESSORS, description="One by one.")] = ()

    def wanted(self) -> Wanted:
        """Return what it is to bring about."""
        return Wanted(
            kind=self.kind,
            organisation_id=self.organisation_id,
            target_id=self.target_id,
            name=self.name,
            founding=None if self.founding is None else self.founding.proposed(),
            division_code=self.division_code,
            successor_id=self.successor_id,
            successors=[one.successor() for one in self.successors],
        )


class StepReorganisation(StepBody[ReorganisationAction]):
    """A step of a reorganisation; with AMEND what it changes."""

    name: Annotated[Name | None, Field(description="With AMEND.")] = None
    founding: Annotated[FoundingBody | None, Field(description="With AMEND.")] = None
    successor_id: Annotated[UUID | None, Field(description="With AMEND.")] = None
    successors: Annotated[
        Sequence[SuccessorBody] | None, Field(max_length=MOST_SUCCESSORS, description="With AMEND.")
    ] = None

    def amended(self) -> Amended:
        """Return what it changes."""
        return Amended(
            self.name,
            None if self.founding is None else self.founding.proposed(),
            self.successor_id,
            None if self.successors is None else tuple(one.successor() for one in self.successors),
        )


class SuccessorNow(MemberSuccessor):
    """Where one person goes."""

    model_config = STATE


class FoundingNow(ProposedOrganisation):
    """An organisation as it is to be founded."""

    model_config = STATE


class ReorganisationNow(ProcessNow, ReorganisationMoved):
    """A reorganisation as it is now."""

    founding: Annotated[FoundingNow | None, Field(description="With FOUND: what it will be.")] = None
    successors: Annotated[tuple[SuccessorNow, ...], Field(description="Persons who go elsewhere, one by one.")]


class ReorganisationRoutes:
    """The routes under `/reorganisations`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        processes: of this kind.
        about: the processes about members.
    """

    def __init__(
        self,
        database: Database,
        commands: Commands,
        processes: Processes[ReorganisationMoved],
        about: AboutMembers,
    ) -> None:
        self._commands = commands
        self._processes = processes
        self._about = about
        self._routes = ProcessRoutes(
            processes,
            database,
            commands,
            take=self._take,
            body=StepReorganisation,
            shown=ReorganisationNow,
            readers=PROPOSERS | APPROVERS,
        )

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/reorganisations", tags=["reorganisations 党组织设置调整"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.propose,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Propose to found, rename, merge or dissolve an organisation 申请党组织设置调整",
        )
        self._routes.add_to(routes)
        return routes

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see a reorganisation, and so the files that it carries."""
        return await self._routes.may_see(connection, caller, process_id)

    async def propose(
        self, request: Request, caller: TheCaller, body: ProposeReorganisation, key: Key = None, saga: Saga = None
    ) -> Response:
        """Propose a reorganisation; nothing changes before it is approved and carried out."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            reorganisations = Reorganisations(commanded, self._processes, self._about)
            return 201, answer(commanded, await reorganisations.propose(body.wanted(), body.given()))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def _take(self, commanded: Commanded, process_id: UUID, body: StepBody[Any]) -> ReorganisationMoved:
        reorganisations = Reorganisations(commanded, self._processes, self._about)
        amended = body.amended() if isinstance(body, StepReorganisation) else Amended()
        return await reorganisations.take(process_id, body.expected_version, body.action, body.given(), amended)
