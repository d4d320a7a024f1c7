"""Commands about members: their three dated facts, workplace, relation and management (domain rule 3)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from contracts import catalogue
from contracts.events.ledgers.members import MemberErased, MemberEvent, MemberRecorded
from contracts.vocabulary import (
    MEMBER_KEEPERS,
    UNASSIGNED_DIVISION,
    Bureau,
    LeavingReason,
    MemberStanding,
    MemberState,
)
from kit import process_store
from kit.clock import SHANGHAI, Clock, today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.database import Transaction
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from kit.timers import Due, set_timer
from services.ledgers.domain.misfit import Misfit
from services.ledgers.domain.names import masked
from services.ledgers.domain.persons import PersonFacts
from services.ledgers.handlers.about_members import AboutMembers, refuse_placing, refuse_standing
from services.ledgers.handlers.leaving import left
from services.ledgers.handlers.member_records import erase_records
from services.ledgers.handlers.member_states import next_state, recount_around, store_member
from services.ledgers.handlers.persons import StatedPerson, refuse_merged, refuse_taken_id_number, stated_person
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.persons import Persons
from services.ledgers.repository.coverage_dates import worked_at
from services.ledgers.repository.developments import filed_of_person
from services.ledgers.repository.members import erase_member, lock_member, lock_members
from services.ledgers.repository.organisations import Place, hold_entities, hold_organisations
from services.ledgers.repository.persons import (
    ErasureNote,
    end_erasure,
    forget_reasons,
    merged_under,
    note_erasure,
)

ERASURE: Final = "erasure"
"""The process of the timers that end the terms of erasures."""
_NOWHERE: Final = Place(UNASSIGNED_DIVISION, Bureau.OTHER, active=True)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a member works, is related and is managed; the three may be three places, and each may be unknown."""

    workplace_entity_id: UUID | None
    relation_organisation_id: UUID | None
    management_organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Stated:
    """Standing and places of a member as a command states them."""

    standing: MemberStanding
    placement: Placement


class Members:
    """Carries out commands about members.

    Args:
        commanded: the command under way.
        persons: keeps names.
        about: the processes about members.
    """

    def __init__(self, commanded: Commanded, persons: Persons, about: AboutMembers) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._persons = persons
        self._about = about

    async def record(self, person: StatedPerson, stated: Stated, effective_on: date | None) -> MemberRecorded:
        """Take a member into the ledger.

        Raises:
            Problem: `forbidden`, `invalid` where a place isn't there or a fact of the person is none, or `conflict`
                where another member has the ID number.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        where = await located(self._commanded, stated.placement, None)
        facts, month = stated_person(person, PersonFacts(""), None, today(self._commanded.clock))
        await refuse_taken_id_number(self._commanded, self._persons, facts.id_number, None)
        member_id = new_id()
        await self._persons.keep(self._connection, member_id, facts, self._commanded.clock.now())
        member = MemberRecorded.model_validate(
            {
                "member_id": member_id,
                "version": 1,
                "masked_name": masked(facts.name),
                "born_in": month,
                "standing": stated.standing,
                "state": MemberState.ACTIVE,
                **dated(stated.placement, None, day),
                "division_code": where.division_code,
                "bureau": where.bureau,
                "effective_on": day,
                "recorded_at": self._commanded.clock.now(),
            }
        )
        await store_member(self._commanded, member, None, day)
        return member

    async def place(
        self,
        member_id: UUID,
        expected_version: int,
        stated: Stated,
        effective_on: date | None,
    ) -> MemberRecorded | None:
        """Replace standing and places of a member; None where they are so already.

        A fact that stays keeps the day from which it holds.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid` where a place isn't there, or `conflict`
                where the member has left, or the relation would change and is being transferred.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        held = await self._about.lock(self._connection, member_id)
        placement, standing = stated.placement, stated.standing
        where = await located(self._commanded, placement, member_id)
        known = await self._expected(member_id, expected_version)
        refuse_merged(known)
        if known.state is MemberState.LEFT:
            raise Problem(CONFLICT, "The member has left. Record them anew.", "该党员已出册，请重新入账。")
        relation = placement.relation_organisation_id
        refuse_placing(held, known, standing, relation)
        if standing is not known.standing:
            refuse_standing(await filed_of_person(self._connection, member_id))
        member = next_state(
            known,
            self._commanded.clock.now(),
            day,
            standing=stated.standing,
            **dated(placement, known, day),
            division_code=where.division_code,
            bureau=where.bureau,
        )
        if _content(member) == _content(known):
            return None
        await store_member(self._commanded, member, known, day)
        if relation != known.relation_organisation_id:
            await self._about.relation_moved(self._commanded, held, relation)
        return member

    async def leave(
        self, member_id: UUID, expected_version: int, reason: LeavingReason, effective_on: date | None
    ) -> MemberRecorded:
        """Note that a member counts here no more. The record stays, with its history.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid` where the reason is not theirs, or
                `conflict` where they have left already.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        await self._about.end(self._commanded, member_id)
        known = await self._expected(member_id, expected_version)
        if known.state is MemberState.LEFT:
            raise Problem(CONFLICT, "The member has left already.", "该党员已出册。")
        if reason is LeavingReason.MERGED:
            refuse_misfits([Misfit("/reason", "is for records that are merged; merge them", "仅用于合并重复记录")])
        if reason is LeavingReason.DISQUALIFIED and known.standing is not MemberStanding.PROBATIONARY:
            refuse_misfits([Misfit("/reason", "only a probationary member is disqualified", "仅适用于预备党员")])
        return await left(self._commanded, known, reason, day)

    async def erase(self, member_id: UUID, expected_version: int) -> list[MemberErased]:
        """Erase all that is kept of a member, and of the records merged into them; tell all readers to do so.

        Returns:
            What is told of each, the member first.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where the member was merged into
                another, with whom they are erased.
        """
        await self._about.end(self._commanded, member_id)
        # Merging counts the version on, so who expects the version of now knows of all that was merged before.
        merged = await merged_under(self._connection, member_id)
        found = await lock_members(self._connection, [member_id, *merged])
        known = self._allowed(found.get(member_id), member_id, expected_version)
        refuse_merged(known)
        states = [known, *(found[one] for one in merged if one in found)]
        formerly = await worked_at(self._connection, [one.member_id for one in states])
        erased = [await self._erase(one) for one in states]
        await tell(self._connection, [self._commanded.told(one) for one in erased])
        await recount_around(self._commanded, states, today(self._commanded.clock), formerly)
        return erased

    async def _erase(self, known: MemberRecorded) -> MemberErased:
        now, member_id = self._commanded.clock.now(), known.member_id
        erased = MemberErased(member_id=member_id, version=known.version + 1, recorded_at=now)
        await self._persons.forget(self._connection, member_id)
        await process_store.forget(self._connection, str(member_id))
        await self._about.erase(self._commanded, member_id)
        await erase_records(self._commanded, member_id)
        await forget_reasons(self._connection, member_id)
        await erase_member(self._connection, erased)
        due = _end_of_term(today(self._commanded.clock))
        await note_erasure(self._connection, ErasureNote(member_id, known.division_code, now, due))
        await set_timer(self._connection, ERASURE, str(member_id), due)
        return erased

    async def _expected(self, member_id: UUID, expected_version: int) -> MemberRecorded:
        return self._allowed(await lock_member(self._connection, member_id), member_id, expected_version)

    def _allowed(self, known: MemberRecorded | None, member_id: UUID, expected_version: int) -> MemberRecorded:
        expect(known, expected_version, "member", "党员")
        if known is None:
            raise LookupError(member_id)
        allow(self._commanded.caller, MEMBER_KEEPERS, known.division_code)
        return known


async def located(commanded: Commanded, placement: Placement, member_id: UUID | None) -> Place:
    """Hold the places of a member, and return the one whose division and line are the member's.

    Args:
        commanded: the command.
        placement: the places.
        member_id: whose they are; None where the member is new, and needs one.

    Raises:
        Problem: `invalid` where a place isn't there, or `forbidden`.
    """
    workplace, relation, management = (
        placement.workplace_entity_id,
        placement.relation_organisation_id,
        placement.management_organisation_id,
    )
    entities = await hold_entities(commanded.connection, [workplace] if workplace else [])
    organisations = await hold_organisations(
        commanded.connection, sorted({one for one in (relation, management) if one})
    )
    places = [
        ("/workplaceEntityId", workplace, entities.get(workplace) if workplace else None),
        ("/managementOrganisationId", management, organisations.get(management) if management else None),
        ("/relationOrganisationId", relation, organisations.get(relation) if relation else None),
    ]
    refuse_misfits(
        [
            Misfit(pointer, "nothing in the ledgers that is active", "台账中没有该存续对象")
            for pointer, wanted, place in places
            if wanted is not None and (place is None or not place.active)
        ]
    )
    if member_id is None and not any(wanted for _, wanted, _ in places):
        refuse_misfits([Misfit("/", "a workplace or an organisation is needed", "须填从业主体或党组织")])
    found = next((place for _, _, place in places if place is not None), _NOWHERE)
    allow(commanded.caller, MEMBER_KEEPERS, found.division_code)
    return found


class EndOfErasure:
    """Notes the end of the term by which a topic holds nothing older of an erased member.

    Args:
        clock: tells now.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(self, transaction: Transaction, due: Due) -> None:
        """Note it."""
        await end_erasure(transaction.connection, UUID(due.step), self._clock.now())


def _end_of_term(day: date) -> datetime:
    days = catalogue.topics()[MemberEvent.topic].erased_within_days
    if days is None:
        raise LookupError(f"{MemberEvent.topic} says no term of erasure")
    return datetime.combine(day + timedelta(days=days + 1), time(), SHANGHAI)


def dated(placement: Placement, known: MemberRecorded | None, day: date) -> dict[str, UUID | date | None]:
    """Return the three facts, each with the day from which it holds: one that stays keeps its day."""
    dated: dict[str, UUID | date | None] = {}
    for name, fact, since in (
        ("workplace_entity_id", placement.workplace_entity_id, "workplace_since"),
        ("relation_organisation_id", placement.relation_organisation_id, "relation_since"),
        ("management_organisation_id", placement.management_organisation_id, "management_since"),
    ):
        stays = known is not None and getattr(known, name) == fact
        dated[name] = fact
        dated[since] = None if fact is None else getattr(known, since) if stays else day
    return dated


def _content(member: MemberRecorded) -> dict[str, object]:
    return member.model_dump(exclude={"version", "effective_on", "recorded_at"})
