"""What names a person, encrypted by a key of their own; that key is wrapped by the master key from the settings.

Erasing a person deletes their key and what it opened: copies of the database that were made before hold the sealed
bytes still, and are of no use once they are kept no longer than their term.

A member is found by blind indexes of what names them. A record that was merged into another stays, sealed by its own
key, and what it is found by leads to the member who goes on.
"""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record
from pydantic import SecretStr

from contracts.vocabulary import PersonField
from kit.blind_indexes import BlindIndexes
from kit.database import Connection
from kit.sealing import KeyRing, Sealer
from kit.settings import KEY_BYTES
from services.ledgers.domain.persons import PersonFacts

_KEEP: Final = """
    INSERT INTO person (person_id, wrapped_key, sealed_name, sealed_id_number, sealed_telephone, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (person_id) DO UPDATE SET wrapped_key = excluded.wrapped_key, sealed_name = excluded.sealed_name,
        sealed_id_number = excluded.sealed_id_number, sealed_telephone = excluded.sealed_telephone,
        recorded_at = excluded.recorded_at
"""
# A member has one ID number, that of their own record: what a merged record said must not keep others from theirs.
_UNINDEX: Final = "DELETE FROM person_index WHERE person_id = $1 OR (member_id = $1 AND kind = 'ID_NUMBER')"
_INDEX: Final = """
    INSERT INTO person_index (person_id, kind, digest, member_id)
    SELECT $1, kind, digest, $1 FROM unnest($2::text[], $3::bytea[]) AS found (kind, digest)
"""
_TAKE_AWAY: Final = """
    UPDATE person SET sealed_id_number = CASE WHEN 'ID_NUMBER' = ANY($2::text[]) THEN NULL ELSE sealed_id_number END,
        sealed_telephone = CASE WHEN 'TELEPHONE' = ANY($2::text[]) THEN NULL ELSE sealed_telephone END
    WHERE merged_into = $1
"""
_RECORDS: Final = """
    SELECT * FROM person WHERE person_id = $1 OR merged_into = $1
    ORDER BY merged_into NULLS FIRST, recorded_at, person_id
"""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What one record says of a person, and when it was recorded.

    Attributes:
        record_id: the member under whom it was recorded.
        facts: what it says.
        recorded_at: when it was recorded.
    """

    record_id: UUID
    facts: PersonFacts
    recorded_at: datetime


class Persons:
    """Keeps what names persons.

    Args:
        keys: the master keys.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._master = Sealer(keys)
        self._indexes = BlindIndexes(keys)

    async def keep_name(self, connection: Connection, person_id: UUID, name: str, now: datetime) -> None:
        """Keep the name of a person who is not to be found by it, under a new key."""
        await self._keep(connection, person_id, PersonFacts(name), now)

    async def keep(self, connection: Connection, member_id: UUID, facts: PersonFacts, now: datetime) -> None:
        """Keep what names a member, under a new key, and let them be found by it.

        Nobody else has the ID number: whoever calls has asked `holder_of`.
        """
        await self._keep(connection, member_id, facts, now)
        await connection.execute(_UNINDEX, member_id)
        found = facts.indexed()
        digests = [self._indexes.of(kind, value.encode()) for kind, value in found.items()]
        await connection.execute(_INDEX, member_id, [kind.value for kind in found], digests)

    async def facts(self, connection: Connection, person_id: UUID) -> PersonFacts | None:
        """Return what names a person, or None where nothing is kept.

        Raises:
            SealBrokenError: it was sealed under another master key, or changed.
        """
        row = await connection.fetchrow("SELECT * FROM person WHERE person_id = $1", person_id)
        return None if row is None else self._opened(row)

    async def records(self, connection: Connection, member_id: UUID) -> list[PersonRecord]:
        """Return what is recorded of a member: their own record first, then those merged into it.

        Raises:
            SealBrokenError: as `facts`.
        """
        return [
            PersonRecord(row["person_id"], self._opened(row), row["recorded_at"])
            for row in await connection.fetch(_RECORDS, member_id)
        ]

    async def holder_of(self, connection: Connection, id_number: str) -> UUID | None:
        """Return the member who has an ID number. Until the transaction ends nobody else can be given it."""
        digests = self.digests(PersonField.ID_NUMBER, id_number)
        for one in sorted(digests):
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", one.hex())
        holder: UUID | None = await connection.fetchval(
            "SELECT member_id FROM person_index WHERE digest = ANY($1::bytea[])", digests
        )
        return holder

    def digests(self, kind: PersonField, value: str) -> Sequence[bytes]:
        """Return the digests by which a member is found who has a value, as it is compared."""
        return self._indexes.any_of(kind, value.encode())

    @staticmethod
    async def put_under(connection: Connection, member_id: UUID, other_id: UUID) -> None:
        """Put the records of one member under another, who is the same person and is found by them from now on."""
        await connection.execute(
            "UPDATE person SET merged_into = $1 WHERE person_id = $2 OR merged_into = $2", member_id, other_id
        )
        await connection.execute("UPDATE person_index SET member_id = $1 WHERE member_id = $2", member_id, other_id)

    @staticmethod
    async def take_away(connection: Connection, member_id: UUID, gone: Sequence[PersonField]) -> None:
        """Keep numbers no longer in the records that were merged into a member, either."""
        await connection.execute(_TAKE_AWAY, member_id, list(gone))
        await connection.execute(
            "DELETE FROM person_index WHERE member_id = $1 AND person_id <> $1 AND kind = ANY($2::text[])",
            member_id,
            list(gone),
        )

    @staticmethod
    async def forget(connection: Connection, person_id: UUID) -> None:
        """Delete the key of a person, what it opened, and what they were found by."""
        await connection.execute("DELETE FROM person WHERE person_id = $1", person_id)
        await connection.execute("DELETE FROM person_index WHERE person_id = $1", person_id)

    async def _keep(self, connection: Connection, person_id: UUID, facts: PersonFacts, now: datetime) -> None:
        key = os.urandom(KEY_BYTES)
        own = _sealer(key)
        sealed = [
            None if value is None else own.seal(value.encode(), place=_place(person_id, name))
            for name, value in ((one.name, getattr(facts, one.name)) for one in fields(facts))
        ]
        wrapped = self._master.seal(key, place=person_id.bytes)
        await connection.execute(_KEEP, person_id, wrapped, *sealed, now)

    def _opened(self, row: Record) -> PersonFacts:
        person_id: UUID = row["person_id"]
        own = _sealer(self._master.open(row["wrapped_key"], place=person_id.bytes))
        values = {
            name: own.open(sealed, place=_place(person_id, name)).decode()
            for name in (one.name for one in fields(PersonFacts))
            if (sealed := row[f"sealed_{name}"]) is not None
        }
        return PersonFacts(**values)


def _sealer(key: bytes) -> Sealer:
    return Sealer(SecretStr(base64.b64encode(key).decode()))


def _place(person_id: UUID, name: str) -> bytes:
    return person_id.bytes + name.encode()
