"""Commands about posts 岗位 and honours 荣誉 of members."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from contracts.vocabulary import (
    MEMBER_KEEPERS,
    HonourKind,
    HonourLevel,
    HonourState,
    MemberState,
    PostKind,
    PostState,
)
from kit.causes import Cause
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.problems import CONFLICT, NOT_FOUND, Problem
from kit.records import next_state
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.repository.members import lock_member
from services.ledgers.repository.organisations import Place, hold_entities, hold_organisations
from services.ledgers.repository.records import HONOURS, POSTS


@dataclass(frozen=True, slots=True)
class StatedPost:
    """A post as it is stated: at an organisation or at an entity."""

    member_id: UUID
    kind: PostKind
    organisation_id: UUID | None
    entity_id: UUID | None
    since: date | None


@dataclass(frozen=True, slots=True)
class StatedHonour:
    """An honour as it is stated."""

    member_id: UUID
    kind: HonourKind
    level: HonourLevel
    year: int
    awarded_by: str


class MemberRecords:
    """Carries out commands about posts and honours.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def take_up(self, stated: StatedPost) -> PostRecorded:
        """Record that a member holds a post.

        Raises:
            Problem: `not-found`, `forbidden`, `invalid` where the place isn't one that is there, or `conflict` where
                the member has left.
        """
        day = holds_from(stated.since, today(self._commanded.clock))
        place = await self._place(stated)
        member = await self._member(stated.member_id)
        post = PostRecorded(
            post_id=new_id(),
            version=1,
            member_id=member.member_id,
            kind=stated.kind,
            organisation_id=stated.organisation_id,
            entity_id=stated.entity_id,
            since=day,
            state=PostState.HELD,
            division_code=place.division_code,
            bureau=place.bureau,
            effective_on=day,
            recorded_at=self._commanded.clock.now(),
        )
        await POSTS.store(self._commanded, [post])
        return post

    async def end_post(self, post_id: UUID, expected_version: int, until: date | None) -> PostRecorded:
        """Record that a post is held no more.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid` where the day is before its first, or
                `conflict` where it ended.
        """
        day = holds_from(until, today(self._commanded.clock))
        known = await POSTS.lock(self._connection, post_id)
        expect(known, expected_version, "post", "岗位")
        if known is None:
            raise LookupError(post_id)
        allow(self._commanded.caller, MEMBER_KEEPERS, known.division_code)
        if known.state is not PostState.HELD:
            raise Problem(CONFLICT, "The post is held no more already.", "该岗位已离岗。")
        if day < known.since:
            refuse_misfits([Misfit("/until", f"is before the first day, {known.since}", f"早于起始日期{known.since}")])
        return await _ended(self._commanded, known, day)

    async def honour(self, stated: StatedHonour) -> HonourRecorded:
        """Record that a member was honoured. One who has left keeps what they were honoured for.

        Raises:
            Problem: `not-found`, `forbidden`, or `invalid` where the year is in the future.
        """
        now = today(self._commanded.clock)
        if stated.year > now.year:
            refuse_misfits([Misfit("/year", "is in the future", "年度晚于今年")])
        member = await self._member(stated.member_id, left=True)
        honour = HonourRecorded(
            honour_id=new_id(),
            version=1,
            member_id=member.member_id,
            kind=stated.kind,
            level=stated.level,
            year=stated.year,
            awarded_by=stated.awarded_by,
            state=HonourState.AWARDED,
            division_code=member.division_code,
            bureau=member.bureau,
            effective_on=now,
            recorded_at=self._commanded.clock.now(),
        )
        await HONOURS.store(self._commanded, [honour])
        return honour

    async def withdraw_honour(self, honour_id: UUID, expected_version: int) -> HonourRecorded:
        """Record that an honour stands no more.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where it was withdrawn.
        """
        known = await HONOURS.lock(self._connection, honour_id)
        expect(known, expected_version, "honour", "荣誉")
        if known is None:
            raise LookupError(honour_id)
        allow(self._commanded.caller, MEMBER_KEEPERS, known.division_code)
        if known.state is not HonourState.AWARDED:
            raise Problem(CONFLICT, "The honour was withdrawn already.", "该荣誉已撤销。")
        state = next_state(self._commanded, known, state=HonourState.WITHDRAWN)
        await HONOURS.store(self._commanded, [state])
        return state

    async def _member(self, member_id: UUID, *, left: bool = False) -> MemberRecorded:
        member = await lock_member(self._connection, member_id)
        if member is None:
            raise Problem(NOT_FOUND, "There is no such member.", "没有该党员。")
        allow(self._commanded.caller, MEMBER_KEEPERS, member.division_code)
        if member.state is MemberState.LEFT and not left:
            raise Problem(CONFLICT, "The member has left, and takes up no post.", "该党员已出册，不能设岗。")
        return member

    async def _place(self, stated: StatedPost) -> Place:
        organisation, entity = stated.organisation_id, stated.entity_id
        if (organisation is None) == (entity is None):
            refuse_misfits([Misfit("/", "give an organisation or an entity, one of them", "党组织与市场主体须填其一")])
        entities = await hold_entities(self._connection, [entity] if entity else [])
        organisations = await hold_organisations(self._connection, [organisation] if organisation else [])
        place = next(iter([*entities.values(), *organisations.values()]), None)
        if place is None or not place.active:
            pointer = "/organisationId" if organisation else "/entityId"
            refuse_misfits([Misfit(pointer, "nothing in the ledgers that is active", "台账中没有该存续对象")])
            raise LookupError(pointer)
        return place


async def end_posts(cause: Cause, member_id: UUID, day: date) -> None:
    """End the posts of a member who left."""
    for known in await POSTS.lock_of_member(cause.connection, member_id):
        if known.state is PostState.HELD:
            await _ended(cause, known, max(day, known.since))


async def hand_over_records(cause: Cause, member_id: UUID, to_member_id: UUID) -> None:
    """Tell posts and honours of a member as those of another, who is the same person."""
    day = today(cause.clock)
    posts = [
        next_state(cause, known, effective_on=max(day, known.effective_on), member_id=to_member_id)
        for known in await POSTS.lock_of_member(cause.connection, member_id)
    ]
    honours = [
        next_state(cause, known, effective_on=max(day, known.effective_on), member_id=to_member_id)
        for known in await HONOURS.lock_of_member(cause.connection, member_id)
    ]
    await POSTS.store(cause, posts)
    await HONOURS.store(cause, honours)


async def erase_records(cause: Cause, member_id: UUID) -> None:
    """Take a member out of their posts and honours, and tell these without them."""
    posts = [
        next_state(cause, known, member_id=None, state=PostState.ERASED)
        for known in await POSTS.lock_of_member(cause.connection, member_id)
    ]
    honours = [
        next_state(cause, known, member_id=None, state=HonourState.ERASED)
        for known in await HONOURS.lock_of_member(cause.connection, member_id)
    ]
    await POSTS.store(cause, posts)
    await HONOURS.store(cause, honours)


async def _ended(cause: Cause, known: PostRecorded, day: date) -> PostRecorded:
    ended = next_state(cause, known, effective_on=day, state=PostState.ENDED, until=day)
    await POSTS.store(cause, [ended])
    return ended
