"""Posts 党内职务 end with belonging: who left an organisation holds none there."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from contracts.events.ledgers.organisations import OrganisationChanged
from kit.causes import Cause
from kit.outbox import tell
from services.ledgers.repository.organisations import lock_organisation, vacant_posts, write_organisation


async def vacate_posts(cause: Cause, members: Sequence[UUID], day: date) -> None:
    """Take members out of the committees of organisations to which they belong no more, and tell it.

    Args:
        cause: why, in whose transaction the members were written; their organisations are locked (`hold_posts`).
        members: who may belong elsewhere.
        day: from which it holds, Asia/Shanghai.
    """
    for organisation_id, gone in (await vacant_posts(cause.connection, members)).items():
        known = await lock_organisation(cause.connection, organisation_id)
        if known is None:
            raise LookupError(organisation_id)
        kept = tuple(one for one in known.committee or () if one.member_id not in gone)
        changed = OrganisationChanged.model_validate(
            known.model_dump()
            | {
                "committee": kept or None,
                "version": known.version + 1,
                "effective_on": max(day, known.effective_on),
                "recorded_at": cause.clock.now(),
            }
        )
        await write_organisation(cause.connection, changed)
        await tell(cause.connection, [cause.told(changed)])
