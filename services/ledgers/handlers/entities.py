"""The entity ledger hears registrations: keeps state and history, tells its record, and what follows from it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.registration import RegisteredEntity
from contracts.vocabulary import EntityState
from kit.clock import Clock
from kit.consumer import Heard
from kit.database import Connection, Transaction
from kit.outbox import tell
from kit.processes import Processes
from services.ledgers.handlers.contacts import relocate_contacts
from services.ledgers.handlers.coverage import recount_coverage
from services.ledgers.handlers.emptied import hold_founded_for, propose_dissolutions
from services.ledgers.handlers.member_states import free_members, relocate_members
from services.ledgers.publish import Following, entity_recorded, following
from services.ledgers.repository.coverage import with_coverage
from services.ledgers.repository.entities import record_entities


class EntityLedger:
    """Takes in what registration tells about entities.

    Args:
        clock: tells when the ledger learnt it.
        reorganising: the reorganisations of organisations, of which a deregistration may propose some.
    """

    def __init__(self, clock: Clock, reorganising: Processes[ReorganisationMoved]) -> None:
        self._clock = clock
        self._reorganising = reorganising

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[RegisteredEntity]]) -> None:
        """Keep each state, tell the newest of each entity, and count anew what follows from it."""
        now = self._clock.now()
        # of two states of one version the later one counts, in what is stored as in what is told
        causes = {(one.event.entity_id, one.event.version): one for one in heard}
        going = {one.event.entity_id for one in heard if one.event.state is EntityState.DEREGISTERED}
        await hold_founded_for(transaction.connection, sorted(going))
        recorded = await record_entities(transaction.connection, [one.event for one in causes.values()], now=now)
        await tell(
            transaction.connection,
            [
                following(causes[key], entity_recorded(causes[key].event, version, now=now), now=now)
                for key, version in recorded.items()
            ],
        )
        await self._what_follows(transaction.connection, {key[0]: causes[key] for key in recorded})

    async def _what_follows(self, connection: Connection, causes: Mapping[UUID, Heard[RegisteredEntity]]) -> None:
        now = self._clock.now()
        await relocate_contacts(
            connection,
            entities=sorted(causes),
            day=lambda contact: causes[contact.entity_id].event.effective_on,
            now=now,
            told=lambda contact: following(causes[contact.entity_id], contact, now=now),
        )
        entities = await with_coverage(connection, list(causes))
        if not entities:  # most have neither member nor organisation
            return

        def cause(member: MemberRecorded) -> Heard[RegisteredEntity]:
            if member.workplace_entity_id is None:
                raise LookupError(member.member_id)
            return causes[member.workplace_entity_id]

        await relocate_members(
            connection,
            entities=entities,
            day=lambda member: cause(member).event.effective_on,
            now=now,
            told=lambda member: following(cause(member), member, now=now),
        )
        await free_members(
            connection,
            {
                entity: causes[entity].event.effective_on
                for entity in entities
                if causes[entity].event.state is EntityState.DEREGISTERED
            },
            now=now,
            told=lambda entity, member: following(causes[entity], member, now=now),
        )
        await recount_coverage(
            connection,
            {entity: causes[entity].event.effective_on for entity in entities},
            now=now,
            told=lambda coverage: following(causes[coverage.entity_id], coverage, now=now),
        )
        await propose_dissolutions(
            {
                entity: Following(connection, self._clock, causes[entity])
                for entity in entities
                if causes[entity].event.state is EntityState.DEREGISTERED
            },
            self._reorganising,
        )
