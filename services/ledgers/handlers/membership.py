"""Counts the members of organisations anew, by relation and by management, and tells what is different."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.ledgers.organisations import MembershipCounted
from kit.causes import Cause
from kit.outbox import tell
from services.ledgers.repository.membership import count_membership, lock_membership, write_membership

_NOT_CONTENT: Final = {"version", "effective_on", "recorded_at"}


async def recount_membership(cause: Cause, organisations: Sequence[UUID], *, day: date) -> None:
    """Count the members of organisations whose rows in `membership` are locked here, and tell what is different.

    Args:
        cause: why, in whose transaction what changed was written.
        organisations: whose figures may be different.
        day: from which they hold, Asia/Shanghai.
    """
    if not organisations:
        return
    before = await lock_membership(cause.connection, organisations)
    changed = []
    for figures in await count_membership(cause.connection, list(before)):
        known = before[UUID(str(figures["organisation_id"]))]
        counted = MembershipCounted.model_validate(
            figures
            | {
                "version": 1 if known is None else known.version + 1,
                "effective_on": day,
                "recorded_at": cause.clock.now(),
            }
        )
        if known is None or counted.model_dump(exclude=_NOT_CONTENT) != known.model_dump(exclude=_NOT_CONTENT):
            changed.append(counted)
    await write_membership(cause.connection, changed)
    await tell(cause.connection, [cause.told(one) for one in changed])
