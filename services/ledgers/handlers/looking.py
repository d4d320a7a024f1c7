"""Looking at what is sealed: only with a right and a purpose, and noted in the transaction that opens it.

The note is committed before anything is answered. What was searched for is not part of it, only in which fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.vocabulary import (
    MEMBER_KEEPERS,
    UNASSIGNED_DIVISION,
    CallerRole,
    LookKind,
    LookPurpose,
    PersonField,
    divisions_under,
)
from kit.callers import Caller
from kit.clock import SHANGHAI, Clock, today
from kit.commands import allow
from kit.database import Connection, Database
from kit.ids import new_id
from kit.log import logger
from kit.mandates import refuse_beyond_mandate
from kit.problems import NOT_FOUND, Problem
from kit.sealing import Sealer
from services.ledgers.domain.terms import LOOKS_KEPT, days_kept
from services.ledgers.persons import PersonRecord, Persons
from services.ledgers.repository.members import find_member
from services.ledgers.repository.persons import (
    Look,
    LookFilter,
    Reach,
    forget_looks,
    found_by,
    looks,
    note_look,
)

AUDITORS: Final = frozenset({CallerRole.ORGANISATION_DEPARTMENT})
"""Who may read the audit records: 组织部 alone."""
MOST_FOUND: Final = 50

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Why:
    """What somebody looks for: a word, and the reason in their own words, which is sealed."""

    purpose: LookPurpose
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found, and whether there are more than may be told at once."""

    members: Sequence[MemberRecorded]
    more: bool
    look_id: UUID


@dataclass(frozen=True, slots=True)
class Noted:
    """An audit record as its reader sees it. The reason is None where whom it was about was erased."""

    look: Look
    reason: str | None


class Looking:
    """Opens, and finds by, what is sealed; and tells who did.

    Args:
        database: the ledgers'.
        persons: keeps what names members.
        sealer: seals the reasons.
        clock: tells now.
    """

    def __init__(self, database: Database, persons: Persons, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._persons = persons
        self._sealer = sealer
        self._clock = clock

    async def reveal(
        self, caller: Caller, member_id: UUID, fields: Sequence[PersonField], why: Why, correlation_id: UUID
    ) -> tuple[UUID, list[PersonRecord]]:
        """Return the audit record's id, and what is recorded of a member: their own record, and those merged into it.

        Raises:
            Problem: `not-found`, or `forbidden`.
        """
        async with self._database.transaction() as transaction:
            connection = transaction.connection
            await refuse_beyond_mandate(connection, caller, today(self._clock))
            allow(caller, MEMBER_KEEPERS, caller.division_code)
            member = await find_member(connection, member_id)
            if member is None:
                raise Problem(NOT_FOUND, "There is no such member.", "没有该党员。")
            allow(caller, MEMBER_KEEPERS, member.division_code)
            records = await self._persons.records(connection, member_id)
            look = await self._note(connection, caller, LookKind.REVEAL, fields, [member_id], why, correlation_id)
        _tell(look)
        return look.look_id, records

    async def search(self, caller: Caller, wanted: Mapping[PersonField, str], why: Why, correlation_id: UUID) -> Found:
        """Return the members of the caller's divisions who have exactly all of what is wanted, as it is compared.

        Raises:
            Problem: `forbidden`.
        """
        digests = {kind: self._persons.digests(kind, value) for kind, value in wanted.items()}
        async with self._database.transaction() as transaction:
            connection = transaction.connection
            await refuse_beyond_mandate(connection, caller, today(self._clock))
            allow(caller, MEMBER_KEEPERS, caller.division_code)
            found = await found_by(connection, digests, reach_of(caller), MOST_FOUND + 1)
            members = found[:MOST_FOUND]
            ids = [one.member_id for one in members]
            look = await self._note(connection, caller, LookKind.SEARCH, list(wanted), ids, why, correlation_id)
        _tell(look)
        return Found(members, len(found) > MOST_FOUND, look.look_id)

    async def noted(self, caller: Caller, wanted: LookFilter, before: UUID | None, limit: int) -> list[Noted]:
        """Return audit records of callers of the reader's divisions, the newest first, those older than `before`.

        Raises:
            Problem: `forbidden`.
        """
        async with self._database.transaction() as transaction:
            await refuse_beyond_mandate(transaction.connection, caller, today(self._clock))
            allow(caller, AUDITORS, caller.division_code)
            found = await looks(transaction.connection, reach_of(caller), wanted, before, limit)
        return [Noted(one, self._opened(one)) for one in found]

    async def _note(
        self,
        connection: Connection,
        caller: Caller,
        kind: LookKind,
        fields: Sequence[PersonField],
        member_ids: Sequence[UUID],
        why: Why,
        correlation_id: UUID,
    ) -> Look:
        look_id = new_id()
        look = Look(
            look_id=look_id,
            kind=kind,
            looked_by=caller.subject,
            looked_as=caller.role.value,
            division_code=caller.division_code,
            purpose=why.purpose,
            sealed_reason=self._sealer.seal(why.reason.encode(), place=look_id.bytes),
            fields=fields,
            member_ids=member_ids,
            correlation_id=correlation_id,
            looked_at=self._clock.now(),
        )
        await note_look(connection, look)
        return look

    def _opened(self, look: Look) -> str | None:
        if look.sealed_reason is None:
            return None
        return self._sealer.open(look.sealed_reason, place=look.look_id.bytes).decode()


def reach_of(caller: Caller) -> Reach:
    """Return the divisions for which somebody speaks."""
    first, last = divisions_under(caller.division_code)
    return Reach(first, last, caller.speaks_for(UNASSIGNED_DIVISION))


async def forget_old_looks(connection: Connection, now: datetime) -> int:
    """Delete the audit records whose term is over; return how many."""
    day = now.astimezone(SHANGHAI).date()
    return await forget_looks(connection, now - timedelta(days=days_kept(LOOKS_KEPT, day)))


def _tell(look: Look) -> None:
    """Log an audit record, after it was committed: who and which member, and nothing that names a person."""
    _log.info(
        "looked at sealed data",
        look=str(look.look_id),
        kind=look.kind.value,
        looked_by=look.looked_by,
        looked_as=look.looked_as,
        purpose=look.purpose.value,
        fields=[one.value for one in look.fields],
        members=[str(one) for one in look.member_ids],
        correlation_id=str(look.correlation_id),
    )
