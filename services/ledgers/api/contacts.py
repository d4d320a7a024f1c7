"""Commands about contacts of entities over HTTP, and a contact as the ledger has them, the name masked."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.ledgers.contacts import ContactErased, ContactRecorded
from contracts.vocabulary import MEMBER_KEEPERS, ContactRole, PartyMembership
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.ledgers.api.line_bodies import EffectiveOn, Expected
from services.ledgers.handlers.contacts import ContactFacts, Contacts
from services.ledgers.persons import Persons
from services.ledgers.repository.contacts import find_contact

PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class ContactBody(Body):
    """The facts of a contact."""

    entity_id: Annotated[UUID, Field(description="市场主体.")]
    role: Annotated[ContactRole, Field(description="出资人 or 负责人.")]
    party_member: Annotated[PartyMembership, Field(description="是否党员.")] = PartyMembership.UNKNOWN
    since: Annotated[date | None, Field(description="First day, where known 起始日期.")] = None
    until: Annotated[date | None, Field(description="Last day, once it ended 结束日期.")] = None
    effective_on: EffectiveOn = None

    def facts(self) -> ContactFacts:
        """Return the facts."""
        return ContactFacts(self.entity_id, self.role, self.party_member, self.since, self.until)


class RecordContact(ContactBody):
    """Command: make a contact of an entity known."""

    name: Annotated[PersonName, Field(description="姓名; encrypted, shown masked.")]


class ChangeContact(ContactBody):
    """Command: replace the facts of a contact; a name that isn't given stays."""

    expected_version: Expected
    name: Annotated[PersonName | None, Field(description="姓名; encrypted, shown masked.")] = None


class EraseContact(Body):
    """Command: erase all that is kept of a contact."""

    expected_version: Expected


class ContactNow(ContactRecorded):
    """A contact as they are now, the name masked."""

    model_config = STATE


class ContactRoutes:
    """The routes under `/contacts`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        persons: keeps names.
    """

    def __init__(self, database: Database, commands: Commands, persons: Persons) -> None:
        self._database = database
        self._commands = commands
        self._persons = persons

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(prefix="/contacts", tags=["contacts 联系人"], responses=PROBLEMS)
        one = "/{contact_id}"
        for path, method, endpoint, status, summary in (
            ("", "POST", self.record, 201, "Make a contact of an entity known 联系人入账"),
            (one, "PUT", self.change, 200, "Replace the facts of a contact 变更联系人"),
            (f"{one}/erasure", "POST", self.erase, 200, "Erase all that is kept 删除个人信息"),
        ):
            routes.add_api_route(
                path, endpoint, methods=[method], status_code=status, response_model=Answer, summary=summary
            )
        routes.add_api_route(one, self.contact, summary="A contact, the name masked 查询联系人")
        return routes

    async def record(
        self, request: Request, caller: TheCaller, body: RecordContact, key: Key = None, saga: Saga = None
    ) -> Response:
        """Make a contact of an entity known."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            contacts = Contacts(commanded, self._persons)
            return 201, _answer(commanded, await contacts.record(body.name, body.facts(), body.effective_on))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def change(
        self,
        request: Request,
        caller: TheCaller,
        contact_id: UUID,
        body: ChangeContact,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Replace the facts of a contact, decided on the version that is expected."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            changed = await Contacts(commanded, self._persons).change(
                contact_id, body.expected_version, body.name, body.facts(), body.effective_on
            )
            return 200, _answer(commanded, changed)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def erase(
        self,
        request: Request,
        caller: TheCaller,
        contact_id: UUID,
        body: EraseContact,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Erase all that is kept of a contact; every reader is told to do so too."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            contacts = Contacts(commanded, self._persons)
            return 200, _answer(commanded, await contacts.erase(contact_id, body.expected_version))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def contact(self, caller: TheCaller, contact_id: UUID) -> ContactNow:
        """Return a contact, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            found = await find_contact(transaction.connection, contact_id)
        if found is None:
            raise Problem(NOT_FOUND, "There is no such contact.", "没有该联系人。")
        allow(caller, MEMBER_KEEPERS, found.division_code)
        return ContactNow.model_validate(found, from_attributes=True)


def _answer(commanded: Commanded, contact: ContactRecorded | ContactErased | None) -> Answer:
    if contact is None:
        return commanded.answer()
    return commanded.answer(Changed(aggregate=contact.topic, id=contact.key, version=contact.version))
