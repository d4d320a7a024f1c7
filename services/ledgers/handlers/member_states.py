"""States of members: writing them, and what follows at once for organisations and coverage."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from kit.causes import Cause
from kit.database import Connection
from kit.outbox import Told, tell
from services.ledgers.handlers.coverage import recount_coverage
from services.ledgers.handlers.membership import recount_membership
from services.ledgers.handlers.party_posts import vacate_posts
from services.ledgers.repository.coverage_dates import worked_at
from services.ledgers.repository.members import lock_at_work, lock_moved, write_members


async def store_member(cause: Cause, member: MemberRecorded, known: MemberRecorded | None, day: date) -> None:
    """Write the next state of a member whose row is locked, tell it, and count anew what it touches.

    Args:
        cause: why it is written.
        member: the state.
        known: the state before it, where there was one.
        day: from which it holds, Asia/Shanghai.
    """
    await write_members(cause.connection, [member])
    await tell(cause.connection, [cause.told(member)])
    await recount_around(cause, [member] if known is None else [known, member], day)


async def recount_around(
    cause: Cause, states: Sequence[MemberRecorded], day: date, formerly: Collection[UUID] = ()
) -> None:
    """Let posts end that members left, and count anew the organisations and workplaces that their states name.

    A state may correct the days of those before it: so the periods of every place where they ever worked follow.

    Args:
        cause: why.
        states: of members whose rows are locked.
        day: from which what is different holds, Asia/Shanghai.
        formerly: where they worked before, as far as the ledger keeps it no more.
    """
    await vacate_posts(cause, sorted({state.member_id for state in states}), day)
    organisations = {one for state in states for one in _organisations(state)}
    entities = {state.workplace_entity_id for state in states if state.workplace_entity_id is not None}
    entities |= {*formerly, *await worked_at(cause.connection, [state.member_id for state in states])}
    await recount_membership(cause, sorted(organisations), day=day)
    await recount_coverage(cause.connection, dict.fromkeys(entities, day), now=cause.clock.now(), told=cause.told)


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
        next_state(member, now, day(member), division_code=division, bureau=bureau)
        for member, division, bureau in await lock_moved(connection, entities, organisations)
    ]
    await write_members(connection, moved)
    await tell(connection, [told(one) for one in moved])


async def free_members(
    connection: Connection,
    ended: Mapping[UUID, date],
    *,
    now: datetime,
    told: Callable[[UUID, MemberRecorded], Told],
) -> None:
    """Let those who worked at entities that are no more work nowhere, and tell it (domain rule 7).

    Args:
        connection: of the open transaction, in which the end of the entities was written.
        ended: the day from which each is deregistered, Asia/Shanghai.
        now: the moment.
        told: makes the event's envelope, from the entity and the member without it.
    """
    freed = []
    for member, division, bureau in await lock_at_work(connection, sorted(ended)):
        workplace = member.workplace_entity_id
        if workplace is None:
            raise LookupError(member.member_id)
        state = next_state(
            member,
            now,
            max(ended[workplace], member.effective_on),
            workplace_entity_id=None,
            workplace_since=None,
            division_code=division,
            bureau=bureau,
        )
        freed.append((workplace, state))
    await write_members(connection, [state for _, state in freed])
    await tell(connection, [told(workplace, state) for workplace, state in freed])


def next_state(known: MemberRecorded, now: datetime, day: date, **changed: object) -> MemberRecorded:
    """Return the next state of a member, with what changed, and the day from which it holds."""
    counted = {"version": known.version + 1, "effective_on": day, "recorded_at": now}
    return MemberRecorded.model_validate(known.model_dump() | counted | changed)


def _organisations(member: MemberRecorded) -> set[UUID]:
    return {one for one in (member.relation_organisation_id, member.management_organisation_id) if one is not None}
