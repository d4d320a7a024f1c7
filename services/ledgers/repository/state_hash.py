"""The state hash: a digest of the newest state of each aggregate, which a reader of the topic computes just so.

SHA-256 over lines of UTF-8 in order of id. A line is the JSON array of some fields of a state, in a fixed order: no
space between, strings as RFC 8785 writes them (Chinese stays Chinese), null for a field that is absent; it ends with a
line feed. The fields of each topic stand in docs/bureau.md, for readers in any language; they never change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import orjson

from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.ledgers.members import MemberEvent
from contracts.events.ledgers.organisations import RecordedOrganisation
from kit.database import Connection
from services.ledgers.repository.members import ERASED

ROWS: Final = 2000
"""Rows held at once."""

_STATES: Final[Mapping[str, str]] = {
    EntityRecorded.topic: """
        SELECT entity_id::text, version, uscc, name, kind, state, division_code, bureau, registered_on, effective_on
        FROM entity ORDER BY entity.entity_id
    """,
    MemberEvent.topic: """
        SELECT member_id::text, version, state, masked_name, standing, workplace_entity_id::text, workplace_since,
            relation_organisation_id::text, relation_since, management_organisation_id::text, management_since
        FROM member ORDER BY member.member_id
    """,
    RecordedOrganisation.topic: """
        SELECT organisation_id::text, version, name, form, external, mode, ARRAY(
                SELECT entity_id::text FROM organisation_entity
                WHERE organisation_entity.organisation_id = organisation.organisation_id
                ORDER BY organisation_entity.entity_id
            ), superior_id::text, association_id::text, division_code, bureau, state, founded_on, effective_on
        FROM organisation ORDER BY organisation.organisation_id
    """,
}
TOPICS: Final = frozenset(_STATES)
"""The topics that have a state hash."""

# Of a member who was erased: id, version and state.
_STATE: Final = 2
_ERASED_FIELDS: Final = 3


@dataclass(frozen=True, slots=True)
class StateHash:
    """The digest of a ledger.

    Attributes:
        count: how many aggregates it covers, those deregistered, dissolved and erased included.
        digest: SHA-256, in hexadecimal.
    """

    count: int
    digest: str


async def state_hash(connection: Connection, topic: str) -> StateHash:
    """Return the state hash of what the ledgers have of a topic of `TOPICS`, holding `ROWS` rows at once."""
    # A cursor a topic: the driver keeps the statement that fetches, with the columns of its first time.
    cursor = f"state_of_{topic.replace('-', '_')}"
    await connection.execute(f"DECLARE {cursor} NO SCROLL CURSOR FOR {_STATES[topic]}")
    line = _member_line if topic == MemberEvent.topic else _line
    digest, count = sha256(), 0
    while rows := await connection.fetch(f"FETCH {ROWS} FROM {cursor}"):
        digest.update(b"".join(line(tuple(row)) for row in rows))
        count += len(rows)
    return StateHash(count, digest.hexdigest())


async def is_all_sent(connection: Connection, topic: str) -> bool:
    """Tell whether the outbox holds nothing of a topic."""
    return not await connection.fetchval("SELECT EXISTS (SELECT FROM outbox WHERE topic = $1)", topic)


def _line(state: tuple[object, ...]) -> bytes:
    return orjson.dumps(state, option=orjson.OPT_APPEND_NEWLINE)


def _member_line(state: tuple[object, ...]) -> bytes:
    return _line(state[:_ERASED_FIELDS] if state[_STATE] == ERASED else state)
