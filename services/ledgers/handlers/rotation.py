"""What the ledgers keep under the master key, and digests that follow from it: what a rotation keeps anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.vocabulary import PersonField
from kit.blind_indexes import BlindIndexes
from kit.database import Connection
from kit.rotation import EVIDENCE, PROCESS_NOTES, Kept, SealedColumn
from kit.sealing import KEY_ID_BYTES, KeyRing
from services.ledgers.handlers.gatherings import AGENDA, NOTE, ON_BEHALF_OF
from services.ledgers.persons import Persons

_UNDER: Final = f"""
    SELECT substring(digest from 1 for {KEY_ID_BYTES}) AS key_id, count(*) AS rows FROM person_index GROUP BY 1
"""  # noqa: S608 - a constant
# The person first, as whoever changes one does.
_PERSONS: Final = f"""
    SELECT person_id FROM person WHERE person_id > $1 AND EXISTS (
        SELECT FROM person_index WHERE person_index.person_id = person.person_id
            AND substring(digest from 1 for {KEY_ID_BYTES}) = ANY($2::bytea[])
    )
    ORDER BY person_id LIMIT $3 FOR UPDATE
"""  # noqa: S608 - a constant
_KINDS: Final = "SELECT kind FROM person_index WHERE person_id = $1"
_RENEW: Final = """
    UPDATE person_index SET digest = anew.digest
    FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS anew (person_id, kind, digest)
    WHERE person_index.person_id = anew.person_id AND person_index.kind = anew.kind
"""


@dataclass(frozen=True, slots=True)
class Digests:
    """The blind indexes of persons: made anew from what is sealed."""

    name: str = "person_index.digest"

    async def under(self, connection: Connection) -> Mapping[bytes, int]:
        """Return how many digests were made by each key, by the key's id."""
        return {row["key_id"]: row["rows"] for row in await connection.fetch(_UNDER)}

    def known(self, keys: KeyRing) -> frozenset[bytes]:
        """Return the ids of the keys that are here."""
        indexes = BlindIndexes(keys)
        return frozenset({indexes.current_id, *indexes.former_ids})

    def current(self, keys: KeyRing) -> bytes:
        """Return the id of the key that makes digests."""
        return BlindIndexes(keys).current_id

    async def renew(self, connection: Connection, keys: KeyRing, last: UUID, limit: int) -> tuple[int, UUID]:
        """Make the digests of some persons anew; returns how many digests.

        Raises:
            SealBrokenError: a person was sealed under a key that isn't here, or changed.
        """
        persons, indexes = Persons(keys), BlindIndexes(keys)
        found = [row["person_id"] for row in await connection.fetch(_PERSONS, last, indexes.former_ids, limit)]
        anew: list[tuple[UUID, str, bytes]] = []
        for person_id in found:
            facts = await persons.facts(connection, person_id)
            values = {} if facts is None else facts.indexed()
            anew += [
                (person_id, row["kind"], indexes.of(row["kind"], values[PersonField(row["kind"])].encode()))
                for row in await connection.fetch(_KINDS, person_id)
            ]
        columns = [list(column) for column in zip(*anew, strict=True)] or [[], [], []]
        await connection.execute(_RENEW, *columns)
        return len(anew), found[-1] if found else last


SEALED: Final[Sequence[Kept]] = (
    SealedColumn("person", "person_id", "wrapped_key"),
    Digests(),
    SealedColumn("person_look", "look_id", "sealed_reason"),
    *PROCESS_NOTES,
    *EVIDENCE,
    SealedColumn("gathering_history", "gathering_id", "sealed_agenda", AGENDA),
    SealedColumn("gathering_history", "gathering_id", "sealed_on_behalf_of", ON_BEHALF_OF),
    SealedColumn("gathering_history", "gathering_id", "sealed_note", NOTE),
)
"""All that the ledgers keep under keys; persons first, whose values the digests are made from."""
