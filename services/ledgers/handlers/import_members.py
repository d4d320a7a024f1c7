"""Takes rows of members in, by the commands about members."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.vocabulary import PersonField
from kit.command_routes import Commanded
from kit.sealing import KeyRing, Sealer
from services.ledgers.domain import persons as domain
from services.ledgers.domain.matching import Directory, Doubt, KnownPerson, StatedIdentity, match_member
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.importing import Outcome, Taken, ambiguous, organisation_meant, unknown_entity
from services.ledgers.handlers.looking import reach_of
from services.ledgers.handlers.members import Members, Placement, Stated
from services.ledgers.handlers.persons import StatedPerson, change_person
from services.ledgers.intake.cells import missing
from services.ledgers.intake.columns import MemberColumn
from services.ledgers.intake.statements import MemberStated, RejectReason, Row, RowError
from services.ledgers.persons import Persons
from services.ledgers.repository.imports import (
    StatedEntity,
    around_members,
    entities_by_uscc,
    holder,
    lock_around,
    namesakes,
    organisations_in_reach,
)
from services.ledgers.repository.members import find_member
from services.ledgers.repository.organisations import hold_posts

COLUMNS: Final[Mapping[str, str]] = {
    "/idNumber": MemberColumn.ID_NUMBER,
    "/telephone": MemberColumn.TELEPHONE,
    "/bornIn": MemberColumn.BORN_IN,
    "/workplaceEntityId": MemberColumn.WORKPLACE,
    "/relationOrganisationId": MemberColumn.RELATION,
    "/managementOrganisationId": MemberColumn.MANAGEMENT,
    "/effectiveOn": MemberColumn.EFFECTIVE_ON,
}
"""The columns of the places that the commands name."""

_BY_NUMBER: Final = frozenset({Doubt.OTHER_NAME, Doubt.OTHER_ID_NUMBER})


class MemberRows:
    """Takes rows of members in.

    Args:
        keys: the master keys, that seal what names people.
    """

    aggregate: Final = MemberRecorded.topic

    def __init__(self, keys: KeyRing) -> None:
        self._persons = Persons(keys)
        self._about = AboutMembers(Sealer(keys))
        self._directory = Directory(())
        self._entities: Mapping[str, StatedEntity] = {}

    async def hold(self, commanded: Commanded, rows: Sequence[Row[MemberStated]]) -> None:
        """Load what a batch refers to, and lock what it touches in the one order."""
        connection = commanded.connection
        self._entities = await entities_by_uscc(
            connection, sorted({row.stated.workplace for row in rows if row.stated.workplace})
        )
        self._directory = Directory(await organisations_in_reach(connection, reach_of(commanded.caller)))
        members, organisations = set(), set()
        for row in rows:
            stated = row.stated
            meant = [self._directory.meant(one) for one in (stated.relation, stated.management) if one]
            organisations |= {one for one in meant if isinstance(one, UUID)}
            members |= set(await self._candidates(commanded, stated))
        ids = sorted(members)
        workplaces, belonging = await around_members(connection, ids)
        for processes in (self._about.transfers, self._about.floatings, self._about.developments):
            await processes.under_way(connection, ids)
        await hold_posts(connection, ids)
        entities = {*workplaces, *(one.entity_id for one in self._entities.values())}
        await lock_around(connection, sorted(entities), sorted({*organisations, *belonging}), ids)

    async def find(self, commanded: Commanded, row: Row[MemberStated]) -> UUID | None:
        """Return the member whom a row is about; None where they are new.

        Raises:
            RowError: that can't be said.
        """
        stated = row.stated
        number = domain.compared_id_number(stated.id_number) if stated.id_number else None
        if number is not None and not domain.is_id_number(number):
            raise RowError(
                MemberColumn.ID_NUMBER,
                RejectReason.REFUSED,
                "is no resident ID number (GB 11643): 18 places, day of birth, check digit. Correct it.",
                "不是有效的公民身份号码（GB 11643：18位、出生日期、校验码），请更正。",
            )
        identity = StatedIdentity(
            name=domain.compared_name(stated.name),
            id_number=number,
            born_in=domain.born_in(number) if number is not None else stated.born_in,
            related=stated.relation is not None,
        )
        by_number = await self._holder(commanded, number)
        alike = [] if by_number else await self._namesakes(commanded, stated)
        found = match_member(
            identity,
            None if by_number is None else await self._known(commanded, by_number),
            [await self._known(commanded, one) for one in alike],
        )
        if isinstance(found, Doubt):
            raise ambiguous(found, MemberColumn.ID_NUMBER if found in _BY_NUMBER else MemberColumn.NAME)
        return found

    async def take(self, commanded: Commanded, row: Row[MemberStated], known: UUID | None) -> Taken:
        """Record a member, or change what names them, their standing and their places.

        Raises:
            RowError: it refers to what isn't there, or lacks what something new needs.
            Problem: a command refuses it.
        """
        stated = row.stated
        before = None if known is None else await find_member(commanded.connection, known)
        placement = self._placement(stated, before)
        members = Members(commanded, self._persons, self._about)
        if before is None:
            if stated.standing is None:
                raise missing(MemberColumn.STANDING)
            person = StatedPerson(stated.name, stated.id_number, stated.telephone, stated.born_in)
            made = await members.record(person, Stated(stated.standing, placement), stated.effective_on)
            return Taken(Outcome.NEW, made.member_id)
        renamed = await change_person(
            commanded,
            self._persons,
            before.member_id,
            before.version,
            StatedPerson(None, stated.id_number, stated.telephone, stated.born_in),
        )
        now = renamed or before
        placed = await members.place(
            now.member_id,
            now.version,
            Stated(stated.standing or now.standing, placement),
            stated.effective_on,
        )
        unchanged = renamed is None and placed is None
        return Taken(Outcome.UNCHANGED if unchanged else Outcome.CHANGED, now.member_id)

    async def _candidates(self, commanded: Commanded, stated: MemberStated) -> list[UUID]:
        number = domain.compared_id_number(stated.id_number) if stated.id_number else None
        by_number = await self._holder(commanded, number)
        return await self._namesakes(commanded, stated) if by_number is None else [by_number]

    async def _holder(self, commanded: Commanded, number: str | None) -> UUID | None:
        if number is None:
            return None
        return await holder(commanded.connection, self._persons.digests(PersonField.ID_NUMBER, number))

    async def _namesakes(self, commanded: Commanded, stated: MemberStated) -> list[UUID]:
        relation = None
        if stated.relation is not None:
            meant = self._directory.meant(stated.relation)
            if not isinstance(meant, UUID):
                return []  # told when the row's places are looked up
            relation = meant
        digests = self._persons.digests(PersonField.NAME, domain.compared_name(stated.name))
        return await namesakes(commanded.connection, digests, relation)

    async def _known(self, commanded: Commanded, member_id: UUID) -> KnownPerson:
        records = await self._persons.records(commanded.connection, member_id)
        member = await find_member(commanded.connection, member_id)
        return KnownPerson(
            member_id,
            frozenset(domain.compared_name(one.facts.name) for one in records),
            next((one.facts.id_number for one in records if one.facts.id_number), None),
            None if member is None else member.born_in,
        )

    def _placement(self, stated: MemberStated, known: MemberRecorded | None) -> Placement:
        workplace = None if known is None else known.workplace_entity_id
        if stated.workplace is not None:
            entity = self._entities.get(stated.workplace)
            if entity is None:
                raise unknown_entity(MemberColumn.WORKPLACE)
            workplace = entity.entity_id
        relation = None if known is None else known.relation_organisation_id
        if stated.relation is not None:
            relation = self._meant(stated.relation, MemberColumn.RELATION)
        management = None if known is None else known.management_organisation_id
        if stated.management is not None:
            management = self._meant(stated.management, MemberColumn.MANAGEMENT)
        return Placement(workplace, relation, management)

    def _meant(self, reference: str, column: str) -> UUID:
        return organisation_meant(self._directory, reference, column, RejectReason.UNKNOWN)
