"""Commands about who does the work over HTTP: divisions, bureaus, associations, cadres, mandates."""

from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.events.ledgers.lines import (
    AssociationRecorded,
    BureauRecorded,
    CadreRecorded,
    DivisionRecorded,
    MandateRecorded,
)
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.ledgers.api.line_bodies import (
    ChangeAssociation,
    ChangeBureau,
    ChangeCadre,
    GiveMandate,
    RecordCadre,
    RecordDivisions,
    RevokeMandate,
    SetUpAssociation,
    SetUpBureau,
)
from services.ledgers.handlers.lines import Lines
from services.ledgers.persons import Persons
from services.ledgers.repository.lines import find_line

Line = BureauRecorded | AssociationRecorded | CadreRecorded | MandateRecorded
L = TypeVar("L", DivisionRecorded, BureauRecorded, AssociationRecorded, CadreRecorded, MandateRecorded)
Shown = TypeVar("Shown", bound=BaseModel)


class DivisionNow(DivisionRecorded):
    """A division as it is now."""

    model_config = STATE


class BureauNow(BureauRecorded):
    """A bureau or a station as it is now."""

    model_config = STATE


class AssociationNow(AssociationRecorded):
    """An association as it is now."""

    model_config = STATE


class CadreNow(CadreRecorded):
    """A cadre as they are now, without a name."""

    model_config = STATE


class MandateNow(MandateRecorded):
    """A mandate as it is now."""

    model_config = STATE


class LineRoutes:
    """The routes of the lines 条块.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        persons: keeps names of cadres.
    """

    def __init__(self, database: Database, commands: Commands, persons: Persons) -> None:
        self._database = database
        self._commands = commands
        self._persons = persons

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(tags=["lines 条块"], responses=PROBLEMS)
        for path, method, endpoint, status, summary in (
            ("/divisions/batch", "POST", self.divisions, 200, "Take in divisions 行政区划入账"),
            ("/bureaus", "POST", self.set_up_bureau, 201, "Set up a bureau or station 设立部门或所"),
            ("/bureaus/{bureau_id}", "PUT", self.change_bureau, 200, "Replace the facts of a bureau 变更部门"),
            ("/associations", "POST", self.set_up_association, 201, "Set up an association 成立协会"),
            ("/associations/{association_id}", "PUT", self.change_association, 200, "Replace its facts 变更协会"),
            ("/cadres", "POST", self.record_cadre, 201, "A cadre took up their work 干部到岗"),
            ("/cadres/{cadre_id}", "PUT", self.change_cadre, 200, "Replace the facts of a cadre 变更干部"),
            ("/mandates", "POST", self.give_mandate, 201, "Give a mandate 授权"),
            ("/mandates/{mandate_id}/revocation", "POST", self.revoke_mandate, 200, "Revoke a mandate 撤销授权"),
        ):
            routes.add_api_route(
                path, endpoint, methods=[method], status_code=status, response_model=Answer, summary=summary
            )
        routes.add_api_route("/divisions/{division_code}", self.division, summary="A division 查询行政区划")
        routes.add_api_route("/bureaus/{bureau_id}", self.bureau, summary="A bureau or station 查询部门")
        routes.add_api_route("/associations/{association_id}", self.association, summary="An association 查询协会")
        routes.add_api_route("/cadres/{cadre_id}", self.cadre, summary="A cadre, without a name 查询干部")
        routes.add_api_route("/mandates/{mandate_id}", self.mandate, summary="A mandate 查询授权")
        return routes

    async def divisions(
        self, request: Request, caller: TheCaller, body: RecordDivisions, key: Key = None, saga: Saga = None
    ) -> Response:
        """Take in divisions together; those that aren't stated stay as they are."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            stated = [one.stated() for one in body.divisions]
            changed = await Lines(commanded).divisions(stated, body.effective_on)
            return 200, commanded.answer(
                *(Changed(aggregate=one.topic, id=one.key, version=one.version) for one in changed)
            )

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def set_up_bureau(
        self, request: Request, caller: TheCaller, body: SetUpBureau, key: Key = None, saga: Saga = None
    ) -> Response:
        """Set up a bureau, or a station of one."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return _answered(commanded, await Lines(commanded).bureau(_facts(body), body.effective_on), new=True)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def change_bureau(
        self,
        request: Request,
        caller: TheCaller,
        bureau_id: UUID,
        body: ChangeBureau,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace the facts of a bureau; with state CLOSED it is no more."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            known = (bureau_id, body.expected_version)
            return _answered(commanded, await Lines(commanded).bureau(_facts(body), body.effective_on, known))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def set_up_association(
        self, request: Request, caller: TheCaller, body: SetUpAssociation, key: Key = None, saga: Saga = None
    ) -> Response:
        """Set up an association, or a sub-association."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return _answered(commanded, await Lines(commanded).association(_facts(body), body.effective_on), new=True)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def change_association(
        self,
        request: Request,
        caller: TheCaller,
        association_id: UUID,
        body: ChangeAssociation,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace the facts of an association; with state CLOSED it is no more."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            known = (association_id, body.expected_version)
            return _answered(commanded, await Lines(commanded).association(_facts(body), body.effective_on, known))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def record_cadre(
        self, request: Request, caller: TheCaller, body: RecordCadre, key: Key = None, saga: Saga = None
    ) -> Response:
        """Note that a cadre took up their work. The name is encrypted; it is told to nobody."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            cadre = await Lines(commanded).cadre(_facts(body), body.effective_on)
            await self._keep_name(commanded, cadre, body.name)
            return _answered(commanded, cadre, new=True)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def change_cadre(
        self,
        request: Request,
        caller: TheCaller,
        cadre_id: UUID,
        body: ChangeCadre,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace the facts of a cadre; with state LEFT they work there no more."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            known = (cadre_id, body.expected_version)
            cadre = await Lines(commanded).cadre(_facts(body), body.effective_on, known)
            if body.name is not None:
                await self._persons.keep_name(commanded.connection, cadre_id, body.name, commanded.clock.now())
            return _answered(commanded, cadre)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def give_mandate(
        self, request: Request, caller: TheCaller, body: GiveMandate, key: Key = None, saga: Saga = None
    ) -> Response:
        """Let an account act. From its first mandate on it acts only within those that are in force."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return _answered(commanded, await Lines(commanded).mandate(_facts(body)), new=True)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def revoke_mandate(
        self,
        request: Request,
        caller: TheCaller,
        mandate_id: UUID,
        body: RevokeMandate,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Revoke a mandate, from now on."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return _answered(commanded, await Lines(commanded).revoke(mandate_id, body.expected_version))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def division(self, _caller: TheCaller, division_code: str) -> DivisionNow:
        """Return a division."""
        return await self._found(DivisionNow, DivisionRecorded, division_code)

    async def bureau(self, _caller: TheCaller, bureau_id: UUID) -> BureauNow:
        """Return a bureau or a station."""
        return await self._found(BureauNow, BureauRecorded, bureau_id)

    async def association(self, _caller: TheCaller, association_id: UUID) -> AssociationNow:
        """Return an association."""
        return await self._found(AssociationNow, AssociationRecorded, association_id)

    async def cadre(self, _caller: TheCaller, cadre_id: UUID) -> CadreNow:
        """Return a cadre, without a name."""
        return await self._found(CadreNow, CadreRecorded, cadre_id)

    async def mandate(self, _caller: TheCaller, mandate_id: UUID) -> MandateNow:
        """Return a mandate."""
        return await self._found(MandateNow, MandateRecorded, mandate_id)

    async def _found(self, shown: type[Shown], model: type[L], key: object) -> Shown:
        async with self._database.transaction() as transaction:
            found = await find_line(transaction.connection, model, key)
        if found is None:
            raise Problem(NOT_FOUND, "There is no such record.", "没有该记录。")
        return shown.model_validate(found, from_attributes=True)

    async def _keep_name(self, commanded: Commanded, cadre: CadreRecorded | None, name: str | None) -> None:
        if cadre is not None and name is not None:
            await self._persons.keep_name(commanded.connection, cadre.cadre_id, name, commanded.clock.now())


def _facts(body: Body) -> dict[str, object]:
    """Return the facts by their names in the event; the name of a person is none of them."""
    said = {"expected_version", "effective_on"}
    return body.model_dump(exclude=said | {"name"} if isinstance(body, RecordCadre) else said)


def _answered(commanded: Commanded, line: Line | None, *, new: bool = False) -> tuple[int, BaseModel]:
    changed = [] if line is None else [Changed(aggregate=line.topic, id=line.key, version=line.version)]
    return 201 if new else 200, commanded.answer(*changed)
