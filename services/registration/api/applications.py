"""Online registration of households over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.forms import FormMoved
from contracts.vocabulary import INTAKE, ApplicationAction
from kit.callers import Caller
from kit.clock import Clock
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Body
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.process_routes import GivenBody, ProcessNow, ProcessRoutes, StepBody, answer
from kit.processes import Processes
from kit.sealing import Sealer
from services.registration.api.bodies import valid_uscc
from services.registration.api.party_building import WithPartyBuilding
from services.registration.domain.entity import ADDRESS_LIMIT, BUSINESS_SCOPE_LIMIT, NAME_LIMIT
from services.registration.handlers.applications import Applicant, Applications, Applied, Papers, Registering
from services.registration.handlers.forms import Forms

_STORABLE = r"^[^\x00]*$"
"""PostgreSQL holds no NUL."""


class ApplicantBody(Body):
    """Who applies. Sealed, and never told."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_STORABLE),
        Field(description="经营者姓名."),
    ]
    telephone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{5,19}$"), Field(description="联系电话.")]


class PapersBody(Body):
    """What is applied for 申请材料."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LIMIT, pattern=_STORABLE),
        Field(description="名称."),
    ]
    business_scope: Annotated[
        str | None,
        StringConstraints(max_length=BUSINESS_SCOPE_LIMIT, pattern=_STORABLE),
        Field(description="经营范围."),
    ] = None
    address: Annotated[
        str | None, StringConstraints(max_length=ADDRESS_LIMIT, pattern=_STORABLE), Field(description="经营场所.")
    ] = None
    applicant: Annotated[ApplicantBody, Field(description="申请人.")]

    def papers(self) -> Papers:
        """Return them."""
        who = Applicant(self.applicant.name, self.applicant.telephone)
        return Papers(self.name, self.business_scope or None, self.address or None, who)


class Apply(GivenBody):
    """Command: apply to register a household."""

    papers: Annotated[PapersBody, Field(description="申请材料.")]
    division_code: Annotated[
        str, StringConstraints(pattern=r"^[0-9]{12}$"), Field(description="行政区划 of the place of business.")
    ]


class ApplicationStep(StepBody[ApplicationAction], WithPartyBuilding):
    """A step of an application."""

    papers: Annotated[PapersBody | None, Field(description="With REAPPLY: the papers as they were mended.")] = None
    uscc: Annotated[
        str | None,
        StringConstraints(min_length=1, max_length=64),
        Field(description="With REGISTER: 统一社会信用代码 that the household is given."),
    ] = None

    def registering(self) -> Registering | None:
        """Return what the registrar adds, where a code is given.

        Raises:
            Problem: `invalid`: the code is none.
        """
        return None if self.uscc is None else Registering(valid_uscc(self.uscc, "/uscc"), self.answers())


class ApplicationNow(ProcessNow, ApplicationMoved):
    """An application as it is now."""


class PapersNow(Body):
    """What is applied for."""

    name: str
    business_scope: str | None = None
    address: str | None = None


class Look(Body):
    """Why somebody looks at who applies."""

    purpose: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_STORABLE),
        Field(description="What for 查看目的; kept with who looked."),
    ]


class ApplicationRoutes:
    """The routes under `/applications`.

    Args:
        database: registration's.
        commands: carries commands out.
        processes: of this kind.
        forms: the Party-building forms.
        sealer: seals who applies.
        clock: tells now.
    """

    def __init__(
        self,
        database: Database,
        commands: Commands,
        processes: Processes[ApplicationMoved],
        forms: Processes[FormMoved],
        sealer: Sealer,
        clock: Clock,
    ) -> None:
        self._database = database
        self._commands = commands
        self._applied = Applied(processes, sealer, clock)
        self._processes = processes
        self._forms = forms
        self._sealer = sealer
        self._routes = ProcessRoutes(
            processes,
            database,
            commands,
            take=self._take,
            body=ApplicationStep,
            shown=ApplicationNow,
            readers=INTAKE,
        )

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see an online registration, and so the files that it carries."""
        return await self._routes.may_see(connection, caller, process_id)

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/applications", tags=["online registration 网上登记"], responses=PROBLEMS)
        routes.add_api_route(
            "",
            self.apply,
            methods=["POST"],
            status_code=201,
            response_model=Answer,
            summary="Apply to register a household 申请登记",
        )
        self._routes.add_to(routes)
        routes.add_api_route(
            "/{process_id}/papers",
            self.papers,
            response_model=PapersNow,
            response_model_exclude_none=True,
            summary="What is applied for 查看申请材料",
        )
        routes.add_api_route(
            "/{process_id}/applicant",
            self.applicant,
            methods=["POST"],
            response_model=ApplicantBody,
            summary="Who applies; who looked and why is kept 查看申请人（留痕）",
        )
        return routes

    async def apply(
        self, request: Request, caller: TheCaller, body: Apply, key: Key = None, saga: Saga = None
    ) -> Response:
        """Take an application in."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            moved = await self._on(commanded).apply(body.papers.papers(), body.division_code, body.given())
            return 201, answer(commanded, moved)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def papers(self, caller: TheCaller, process_id: UUID) -> PapersNow:
        """Return what is applied for."""
        async with self._database.transaction() as transaction:
            kept = await self._applied.papers(transaction.connection, caller, process_id)
        return PapersNow(name=kept.name, business_scope=kept.business_scope, address=kept.address)

    async def applicant(self, caller: TheCaller, process_id: UUID, body: Look) -> ApplicantBody:
        """Return who applies. No command: its answer must not be kept."""
        async with self._database.transaction() as transaction:
            who = await self._applied.applicant(transaction.connection, caller, process_id, body.purpose)
        return ApplicantBody(name=who.name, telephone=who.telephone)

    async def _take(self, commanded: Commanded, process_id: UUID, body: StepBody[Any]) -> ApplicationMoved:
        if not isinstance(body, ApplicationStep):
            raise TypeError(type(body))
        on, version, given = self._on(commanded), body.expected_version, body.given()
        if body.action is ApplicationAction.REGISTER:
            return await on.register(process_id, version, given, body.registering())
        papers = None if body.papers is None else body.papers.papers()
        return await on.take(process_id, version, body.action, given, papers)

    def _on(self, commanded: Commanded) -> Applications:
        return Applications(commanded, self._processes, Forms(commanded, self._forms), self._sealer)
