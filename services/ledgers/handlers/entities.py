"""The entity ledger hears registrations: keeps state and history, and tells its record."""

from collections.abc import Sequence

from contracts.events.registration import RegisteredEntity
from kit.clock import Clock
from kit.consumer import Heard
from kit.database import Transaction
from kit.outbox import tell
from services.ledgers.publish import entity_told
from services.ledgers.repository import record_entities


class EntityLedger:
    """Takes in what registration tells about entities.

    Args:
        clock: tells when the ledger learnt it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[RegisteredEntity]]) -> None:
        """Keep each state, and tell the newest of each entity."""
        now = self._clock.now()
        # of two states of one version the later one counts, in what is stored as in what is told
        causes = {(one.event.entity_id, one.event.version): one for one in heard}
        recorded = await record_entities(transaction.connection, [one.event for one in causes.values()], now=now)
        await tell(
            transaction.connection, [entity_told(causes[key], version, now=now) for key, version in recorded.items()]
        )
