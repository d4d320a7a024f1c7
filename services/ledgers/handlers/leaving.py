"""A member leaves: they count no more, and hold no post."""

from datetime import date

from contracts.events.ledgers.members import MemberRecorded
from contracts.vocabulary import LeavingReason, MemberState
from kit.causes import Cause
from services.ledgers.handlers.member_records import end_posts
from services.ledgers.handlers.member_states import next_state, store_member


async def left(cause: Cause, known: MemberRecorded, reason: LeavingReason, day: date) -> MemberRecorded:
    """Write and tell that a member, whose row is locked, counts no more.

    Args:
        cause: why it is written.
        known: the member.
        reason: why they left.
        day: from which it holds, Asia/Shanghai.
    """
    state = next_state(known, cause.clock.now(), day, state=MemberState.LEFT, leaving_reason=reason)
    await store_member(cause, state, known, day)
    await end_posts(cause, known.member_id, day)
    return state
