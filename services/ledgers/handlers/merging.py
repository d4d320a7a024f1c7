"""Merging: two records of one person become one member, and what each said stays under the one who goes on."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.vocabulary import MEMBER_KEEPERS, LeavingReason, MemberState
from kit import process_store
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.member_records import hand_over_records
from services.ledgers.handlers.member_states import next_state, recount_around
from services.ledgers.handlers.members import Stated, dated, located
from services.ledgers.handlers.persons import refuse_merged
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.persons import Persons
from services.ledgers.repository.members import lock_members, write_members
from services.ledgers.repository.organisations import hold_posts


@dataclass(frozen=True, slots=True)
class Merged:
    """Two records that are one person: the member who goes on, and the one who was merged into them."""

    member: MemberRecorded
    other: MemberRecorded


@dataclass(frozen=True, slots=True)
class Pair:
    """Two members, each with the version on which merging them was decided."""

    member_id: UUID
    expected_version: int
    other_id: UUID
    other_expected_version: int


async def merge_members(
    commanded: Commanded, persons: Persons, pair: Pair, stated: Stated, effective_on: date | None
) -> Merged:
    """Merge a member into another, who is the same person. Standing and places are those of the command.

    The one who goes on keeps the name; a number that they lack, posts and honours are taken over. Both histories stay.
    A seat that the other had in a committee ends with the record; the profile states it anew.

    Raises:
        Problem: `invalid`, `not-found`, `version-conflict`, `forbidden`, or `conflict` where one has left or was merged
            before, the two have two ID numbers, or something is under way about one of them.
    """
    day = holds_from(effective_on, today(commanded.clock))
    if pair.member_id == pair.other_id:
        refuse_misfits([Misfit("/otherId", "is the same member; name the other one", "与本党员相同，请填写另一名党员")])
    await _refuse_under_way(commanded, pair)
    await hold_posts(commanded.connection, [pair.member_id, pair.other_id])
    where = await located(commanded, stated.placement, pair.member_id)
    known, other = await _both(commanded, pair)
    now = commanded.clock.now()
    mine, theirs = [await persons.facts(commanded.connection, one.member_id) for one in (known, other)]
    if mine is None or theirs is None:
        raise LookupError("a member who was not erased has a person")
    if mine.id_number is not None and theirs.id_number is not None:
        raise Problem(
            CONFLICT,
            "The two have two ID numbers, so they are two persons. If one of the numbers is wrong, take it away first.",
            "两条记录的公民身份号码不同，应为两人。如其中一个号码有误，请先移除该号码。",
        )
    facts = mine.completed_by(theirs)
    await persons.put_under(commanded.connection, known.member_id, other.member_id)
    if facts != mine:
        await persons.keep(commanded.connection, known.member_id, facts, now)
    merged = Merged(
        next_state(
            known,
            now,
            max(day, known.effective_on),
            standing=stated.standing,
            **dated(stated.placement, known, day),
            division_code=where.division_code,
            bureau=where.bureau,
            born_in=known.born_in or other.born_in,
        ),
        next_state(
            other,
            now,
            max(day, other.effective_on),
            state=MemberState.LEFT,
            leaving_reason=LeavingReason.MERGED,
            merged_into=known.member_id,
        ),
    )
    states = [merged.member, merged.other]
    await write_members(commanded.connection, states)
    await tell(commanded.connection, [commanded.told(one) for one in states])
    await hand_over_records(commanded, other.member_id, known.member_id)
    await recount_around(commanded, [known, other, *states], day)
    return merged


async def _both(commanded: Commanded, pair: Pair) -> tuple[MemberRecorded, MemberRecorded]:
    found = await lock_members(commanded.connection, [pair.member_id, pair.other_id])
    known, other = found.get(pair.member_id), found.get(pair.other_id)
    expect(known, pair.expected_version, "member", "党员")
    expect(other, pair.other_expected_version, "other member", "另一名党员")
    if known is None or other is None:
        raise LookupError(pair)
    for one in (known, other):
        allow(commanded.caller, MEMBER_KEEPERS, one.division_code)
        refuse_merged(one)
    if known.state is MemberState.LEFT:
        raise Problem(
            CONFLICT,
            "The member who is to go on has left. Merge the two the other way round.",
            "保留的党员已出册，请反向合并。",
        )
    return known, other


async def _refuse_under_way(commanded: Commanded, pair: Pair) -> None:
    under_way = await process_store.lock_all_under_way(commanded.connection, [str(pair.member_id), str(pair.other_id)])
    if under_way:
        raise Problem(
            CONFLICT,
            f"Something is under way about one of the two: {under_way[0]}. Finish or withdraw it first.",
            f"其中一名党员尚有办理中的事项（{under_way[0]}），请先办结或撤回。",
            {"processId": str(under_way[0])},
        )
