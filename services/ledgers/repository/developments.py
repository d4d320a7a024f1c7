"""Queries on developments that go beyond those on every process."""

from typing import Final
from uuid import UUID

from contracts.events.ledgers.development import DevelopmentMoved
from contracts.vocabulary import DevelopmentState
from kit.database import Connection

_OF_PERSON: Final = "SELECT told FROM process WHERE subject_id = $1 AND topic = $2 ORDER BY process_id FOR UPDATE"
_AT: Final = """
    SELECT EXISTS (
        SELECT FROM process WHERE topic = $1 AND under_way AND state <> 'FULL' AND told ->> 'organisation_id' = $2
    )
"""
_ERASE_STEPS: Final = """
    UPDATE process_step SET told = told - 'masked_name' - 'done_steps' - 'workplace_entity_id' WHERE process_id = $1
"""


async def lock_of_person(connection: Connection, person_id: UUID) -> list[DevelopmentMoved]:
    """Return the developments of a person, under way or not, locked, in order of id."""
    rows = await connection.fetch(_OF_PERSON, str(person_id), DevelopmentMoved.topic)
    return [DevelopmentMoved.model_validate_json(row["told"]) for row in rows]


async def has_developments(connection: Connection, organisation_id: UUID) -> bool:
    """Tell whether anybody is being developed at an organisation."""
    return bool(await connection.fetchval(_AT, DevelopmentMoved.topic, str(organisation_id)))


async def erase_steps(connection: Connection, process_id: UUID) -> None:
    """Delete what the steps of a development told of the person."""
    await connection.execute(_ERASE_STEPS, process_id)


async def filed_of_person(connection: Connection, person_id: UUID) -> UUID | None:
    """Return the development of a person that came to its end as a full member, if there is one; it moves no more."""
    found: UUID | None = await connection.fetchval(
        "SELECT process_id FROM process WHERE topic = $1 AND subject_id = $2 AND state = $3 LIMIT 1",
        DevelopmentMoved.topic,
        str(person_id),
        DevelopmentState.FILED.value,
    )
    return found
