"""Commands about members: their three dated facts, workplace, relation and management (domain rule 3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contracts.events.ledgers.members import MemberErased, MemberRecorded
from contracts.vocabulary import (
    UNASSIGNED_DIVISION,
    Bureau,
    CallerRole,
    MemberStanding,
    MemberState,
)
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.database import Connection
from kit.ids import new_id
from kit.outbox import Told, tell
from kit.problems import CONFLICT, Problem
from services.ledgers.domain.misfit import Misfit
from services.ledgers.domain.names import masked
from services.ledgers.handlers.coverage import recount_coverage
from services.ledgers.handlers.membership import recount_membership
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.persons import Persons
from services.ledgers.repository.members import erase_member, lock_member, lock_moved, write_members
from services.ledgers.repository.organisations import Place, hold_entities, hold_organisations

KEEPERS: Final = frozenset({CallerRole.ORGANISATION_DEPARTMENT, CallerRole.NON_PUBLIC_COMMITTEE, CallerRole.SYSTEM})
"""Who may see and keep members: membership is sensitive personal information, for 组织部 and 非公工委 alone."""

_NOWHERE: Final = Place(UNASSIGNED_DIVISION, Bureau.OTHER, active=True)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a member works, is related and is managed; the three may be three places, and each may be unknown."""

    workplace_entity_id: UUID | None
    relation_organisation_id: UUID | None
    management_organisation_id: UUID | None


class Members:
    """Carries out commands about members.

    Args:
        commanded: the command under way.
        persons: keeps names.
    """

    def __init__(self, commanded: Commanded, persons: Persons) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._persons = persons

    async def record(
        self, name: str, standing: MemberStanding, placement: Placement, effective_on: date | None
    ) -> MemberRecorded:
        """Take a member into the ledger.

        Raises:
            Problem: `forbidden`, or `invalid` where a place isn't there.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        where = await self._located(placement, None)
        member_id = new_id()
        await self._persons.keep(self._connection, member_id, name)
        member = MemberRecorded.model_validate(
            {
                "member_id": member_id,
                "version": 1,
                "masked_name": masked(name),
                "standing": standing,
                "state": MemberState.ACTIVE,
                **_dated(placement, None, day),
                "division_code": where.division_code,
                "bureau": where.bureau,
                "effective_on": day,
                "recorded_at": self._commanded.clock.now(),
            }
        )
        await self._write(member, None, day)
        return member

    async def place(
        self,
        member_id: UUID,
        expected_version: int,
        standing: MemberStanding,
        placement: Placement,
        effective_on: date | None,
    ) -> MemberRecorded | None:
        """Replace standing and places of a member; None where they are so already.

        A fact that stays keeps the day from which it holds.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid` where a place isn't there, or `conflict`
                where the member has left.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        where = await self._located(placement, member_id)
        known = await self._expected(member_id, expected_version)
        if known.state is MemberState.LEFT:
            raise Problem(CONFLICT, "The member has left. Record them anew.", "该党员已出册，请重新入账。")
        member = _next(
            known,
            self._commanded.clock.now(),
            day,
            standing=standing,
            **_dated(placement, known, day),
            division_code=where.division_code,
            bureau=where.bureau,
        )
        if _content(member) == _content(known):
            return None
        await self._write(member, known, day)
        return member

    async def leave(self, member_id: UUID, expected_version: int, effective_on: date | None) -> MemberRecorded:
        """Note that a member counts here no more. The record stays, with its history.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where they have left already.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        known = await self._expected(member_id, expected_version)
        if known.state is MemberState.LEFT:
            raise Problem(CONFLICT, "The member has left already.", "该党员已出册。")
        changed = {"version": known.version + 1, "state": MemberState.LEFT, "effective_on": day}
        left = MemberRecorded.model_validate(
            known.model_dump() | changed | {"recorded_at": self._commanded.clock.now()}
        )
        await self._write(left, known, day)
        return left

    async def erase(self, member_id: UUID, expected_version: int) -> MemberErased:
        """Erase all that is kept of a member, and tell all readers to do so.

        Raises:
            Problem: `not-found`, `version-conflict`, or `forbidden`.
        """
        known = await self._expected(member_id, expected_version)
        erased = MemberErased(member_id=member_id, version=known.version + 1, recorded_at=self._commanded.clock.now())
        await self._persons.forget(self._connection, member_id)
        await erase_member(self._connection, erased)
        await tell(self._connection, [self._commanded.told(erased)])
        await self._recount([known], today(self._commanded.clock))
        return erased

    async def _expected(self, member_id: UUID, expected_version: int) -> MemberRecorded:
        known = await lock_member(self._connection, member_id)
        expect(known, expected_version, "member", "党员")
        if known is None:
            raise LookupError(member_id)
        allow(self._commanded.caller, KEEPERS, known.division_code)
        return known

    async def _located(self, placement: Placement, member_id: UUID | None) -> Place:
        """Hold the places, and return the one whose division and line are the member's."""
        workplace, relation, management = (
            placement.workplace_entity_id,
            placement.relation_organisation_id,
            placement.management_organisation_id,
        )
        entities = await hold_entities(self._connection, [workplace] if workplace else [])
        organisations = await hold_organisations(
            self._connection, sorted({one for one in (relation, management) if one})
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
        allow(self._commanded.caller, KEEPERS, found.division_code)
        return found

    async def _write(self, member: MemberRecorded, known: MemberRecorded | None, day: date) -> None:
        await write_members(self._connection, [member])
        await tell(self._connection, [self._commanded.told(member)])
        await self._recount([member] if known is None else [known, member], day)

    async def _recount(self, states: Sequence[MemberRecorded], day: date) -> None:
        organisations = {one for state in states for one in _organisations(state)}
        entities = {state.workplace_entity_id for state in states if state.workplace_entity_id is not None}
        await recount_membership(self._commanded, sorted(organisations), day=day)
        await recount_coverage(
            self._connection,
            dict.fromkeys(entities, day),
            now=self._commanded.clock.now(),
            told=self._commanded.told,
        )


async def relocate_members(
    connection: Connection,
    *,
    day: Callable[[MemberRecorded], date],
    now: datetime,
    told: Callable[[MemberRecorded], Told],
    entities: Sequence[UUID] = (),
    organisations: Sequence[UUID] = (),
) -> None:
    """Give members the division and the line of an entity or an organisation that moved, and tell it.

    Args:
        connection: of the open transaction, in which the move was written.
        day: from which it holds for a member, Asia/Shanghai.
        now: the moment.
        told: makes the event's envelope, from what it follows.
        entities: those that may have moved.
        organisations: those that may have moved.
    """
    moved = [
        _next(member, now, day(member), division_code=division, bureau=bureau)
        for member, division, bureau in await lock_moved(connection, entities, organisations)
    ]
    await write_members(connection, moved)
    await tell(connection, [told(one) for one in moved])


def _next(known: MemberRecorded, now: datetime, day: date, **changed: object) -> MemberRecorded:
    counted = {"version": known.version + 1, "effective_on": day, "recorded_at": now}
    return MemberRecorded.model_validate(known.model_dump() | counted | changed)


def _dated(placement: Placement, known: MemberRecorded | None, day: date) -> dict[str, UUID | date | None]:
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


def _organisations(member: MemberRecorded) -> set[UUID]:
    return {one for one in (member.relation_organisation_id, member.management_organisation_id) if one is not None}


def _content(member: MemberRecorded) -> dict[str, object]:
    return member.model_dump(exclude={"version", "effective_on", "recorded_at"})
