"""Takes in what a source states about entities: what is new or different is stored and told."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from kit.causes import ByTheClock
from kit.clock import Clock, today
from kit.database import Connection, Transaction
from kit.files.outcomes import Counts
from kit.ids import new_id
from kit.outbox import tell
from services.registration.domain.entity import Registration
from services.registration.handlers.accompanying import Accompanying
from services.registration.publish import entity_told
from services.registration.repository.entities import Stated, Stored, moving_accompanied, upsert


class Statement(NamedTuple):
    """What a source states, and the trace it travels in where it is traced."""

    registration: Registration
    traceparent: str | None = None


async def register(transaction: Transaction, statements: Sequence[Statement], clock: Clock) -> Counts:
    """Store and tell what is new or different; a USCC may be there only once. Returns new, changed and unchanged."""
    stored = await take_in(transaction.connection, statements, clock)
    new = sum(one.version == 1 for one in stored.values())
    return Counts(new=new, changed=len(stored) - new, unchanged=len(statements) - len(stored))


async def take_in(
    connection: Connection,
    statements: Sequence[Statement],
    clock: Clock,
    *,
    correlation_id: UUID | None = None,
    asked: Collection[str] = (),
) -> dict[str, Stored]:
    """Store and tell what is new or different; a USCC may be there only once.

    Args:
        connection: of the open transaction.
        statements: what is stated.
        clock: tells now.
        correlation_id: of the saga that this belongs to; without one, each entity begins its own.
        asked: codes of those whose Party-building form is superseded by one that is asked with this.

    Returns:
        What was new or changed, by USCC.
    """
    now, day = clock.now(), today(clock)
    stated = [
        Stated(
            one.registration,
            one.registration.content_hash(),
            new_id(),
            one.registration.effective_on(known_before=False, today=day),
        )
        for one in statements
    ]
    accompanying = Accompanying()
    places = {one.registration.uscc: (one.registration.division_code, one.registration.bureau) for one in stated}
    moving = await moving_accompanied(connection, places)
    held = await accompanying.hold(connection, list(moving)) if moving else []
    stored = await upsert(connection, stated, now=now, today=day)
    told = [
        entity_told(one.registration, done, now=now, traceparent=one.traceparent, correlation_id=correlation_id)
        for one in statements
        if (done := stored.get(one.registration.uscc)) is not None
    ]
    await tell(connection, told)
    if held:
        await accompanying.move(
            ByTheClock(connection, clock, correlation_id or new_id()),
            held,
            {one.id: places[uscc] for uscc, one in stored.items()},
            asked={one.id for uscc, one in stored.items() if uscc in asked},
        )
    return stored
