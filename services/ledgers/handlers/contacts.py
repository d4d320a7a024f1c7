"""Commands about contacts of entities: investors and persons in charge; what names them is kept as that of members.

Locks are taken in the ledgers' order: the entity, then the contact.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.events.ledgers.contacts import ContactErased, ContactRecorded
from contracts.vocabulary import MEMBER_KEEPERS, ContactRole, ContactState, PartyMembership
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.database import Connection
from kit.ids import new_id
from kit.outbox import Told, tell
from services.ledgers.domain.misfit import Misfit
from services.ledgers.domain.names import masked
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.persons import Persons
from services.ledgers.repository.contacts import erase_contact, lock_contact, lock_moved_contacts, write_contact
from services.ledgers.repository.organisations import Place, hold_entities


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What a command states of a contact. `until` is the last day: with one they are a contact no more."""

    entity_id: UUID
    role: ContactRole
    party_member: PartyMembership
    since: date | None
    until: date | None


class Contacts:
    """Carries out commands about contacts.

    Args:
        commanded: the command under way.
        persons: keeps names.
    """

    def __init__(self, commanded: Commanded, persons: Persons) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._persons = persons

    async def record(self, name: str, facts: ContactFacts, effective_on: date | None) -> ContactRecorded:
        """Make a contact of an entity known.

        Raises:
            Problem: `forbidden`, or `invalid` where the entity isn't there or days don't fit together.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        place = await self._placed(facts, None)
        contact_id = new_id()
        await self._persons.keep_name(self._connection, contact_id, name, self._commanded.clock.now())
        return await self._keep(self._state(contact_id, 1, masked(name), facts, place, day))

    async def change(
        self, contact_id: UUID, expected_version: int, name: str | None, facts: ContactFacts, effective_on: date | None
    ) -> ContactRecorded | None:
        """Replace the facts of a contact; None where they are so already. A name that isn't given stays.

        Raises:
            Problem: as for `record`; `not-found`, or `version-conflict`.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        place = await self._placed(facts, contact_id)
        known = await self._expected(contact_id, expected_version)
        facts_kept = await self._persons.facts(self._connection, contact_id)
        renamed = name is not None and (facts_kept is None or name != facts_kept.name)
        if name is not None and renamed:
            await self._persons.keep_name(self._connection, contact_id, name, self._commanded.clock.now())
        mask = known.masked_name if name is None else masked(name)
        contact = self._state(contact_id, known.version + 1, mask, facts, place, day)
        if not renamed and _content(contact) == _content(known):
            return None
        return await self._keep(contact)

    async def erase(self, contact_id: UUID, expected_version: int) -> ContactErased:
        """Erase all that is kept of a contact, and tell all readers to do so.

        Raises:
            Problem: `not-found`, `version-conflict`, or `forbidden`.
        """
        known = await self._expected(contact_id, expected_version)
        erased = ContactErased(
            contact_id=contact_id, version=known.version + 1, recorded_at=self._commanded.clock.now()
        )
        await self._persons.forget(self._connection, contact_id)
        await erase_contact(self._connection, erased)
        await tell(self._connection, [self._commanded.told(erased)])
        return erased

    async def _placed(self, facts: ContactFacts, contact_id: UUID | None) -> Place:
        place = (await hold_entities(self._connection, [facts.entity_id])).get(facts.entity_id)
        found = []
        if place is None or (contact_id is None and not place.active):
            found.append(Misfit("/entityId", "no entity of the ledger that is active", "台账中没有该存续主体"))
        if facts.until is not None and facts.until > today(self._commanded.clock):
            found.append(Misfit("/until", "is in the future; say so once it is over", "晚于今日，请届时再提交"))
        if facts.since is not None and facts.until is not None and facts.until < facts.since:
            found.append(Misfit("/until", "is before the first day", "早于起始日期"))
        refuse_misfits(found)
        if place is None:
            raise LookupError(facts.entity_id)
        allow(self._commanded.caller, MEMBER_KEEPERS, place.division_code)
        return place

    async def _expected(self, contact_id: UUID, expected_version: int) -> ContactRecorded:
        known = await lock_contact(self._connection, contact_id)
        expect(known, expected_version, "contact", "联系人")
        if known is None:
            raise LookupError(contact_id)
        allow(self._commanded.caller, MEMBER_KEEPERS, known.division_code)
        return known

    def _state(
        self, contact_id: UUID, version: int, mask: str, facts: ContactFacts, place: Place, day: date
    ) -> ContactRecorded:
        return ContactRecorded(
            contact_id=contact_id,
            version=version,
            masked_name=mask,
            entity_id=facts.entity_id,
            role=facts.role,
            party_member=facts.party_member,
            since=facts.since,
            until=facts.until,
            state=ContactState.ACTIVE if facts.until is None else ContactState.ENDED,
            division_code=place.division_code,
            bureau=place.bureau,
            effective_on=day,
            recorded_at=self._commanded.clock.now(),
        )

    async def _keep(self, contact: ContactRecorded) -> ContactRecorded:
        await write_contact(self._connection, contact, self._commanded.caller.subject)
        await tell(self._connection, [self._commanded.told(contact)])
        return contact


async def relocate_contacts(
    connection: Connection,
    *,
    entities: Sequence[UUID],
    day: Callable[[ContactRecorded], date],
    now: datetime,
    told: Callable[[ContactRecorded], Told],
) -> None:
    """Give contacts the division and the line of an entity that moved, and tell it.

    Args:
        connection: of the open transaction, in which the move was written.
        entities: those that may have moved.
        day: from which it holds for a contact, Asia/Shanghai.
        now: the moment.
        told: makes the event's envelope, from what it follows.
    """
    for contact, division, bureau in await lock_moved_contacts(connection, entities):
        counted = {"version": contact.version + 1, "effective_on": day(contact), "recorded_at": now}
        moved = ContactRecorded.model_validate(
            contact.model_dump() | counted | {"division_code": division, "bureau": bureau}
        )
        await write_contact(connection, moved, None)
        await tell(connection, [told(moved)])


def _content(contact: ContactRecorded) -> dict[str, object]:
    return contact.model_dump(exclude={"version", "effective_on", "recorded_at"})
