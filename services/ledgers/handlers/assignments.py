"""The ledgers hear assignments of cadres from pairing: work coverage 工作覆盖 follows from them."""

from collections.abc import Sequence
from uuid import UUID

from contracts.events.pairing import RecordedAssignment
from kit.clock import Clock
from kit.consumer import Heard
from kit.database import Transaction
from services.ledgers.handlers.coverage import recount_coverage
from services.ledgers.publish import following
from services.ledgers.repository.assignments import affected_entities, keep_assignments


class AssignmentsHeard:
    """Takes in what pairing tells about assignments.

    Args:
        clock: tells when the ledgers learnt it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[RecordedAssignment]]) -> None:
        """Keep the newest state of each assignment, and count the coverage of the entities it is about anew."""
        connection = transaction.connection
        await keep_assignments(connection, [one.event for one in heard])
        causes: dict[UUID, Heard[RecordedAssignment]] = {}
        for target, entities in (await affected_entities(connection, {one.event.target_id for one in heard})).items():
            last = next(one for one in reversed(heard) if one.event.target_id == target)
            causes |= dict.fromkeys(entities, last)
        now = self._clock.now()
        await recount_coverage(
            connection,
            {entity: cause.event.effective_on for entity, cause in causes.items()},
            now=now,
            told=lambda coverage: following(causes[coverage.entity_id], coverage, now=now),
        )
