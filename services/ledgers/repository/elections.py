"""Queries on the elections of organisations: those held as gatherings, and those that their profiles state."""

from typing import Final
from uuid import UUID

from kit.database import Connection
from services.ledgers.domain.election import HeldElection
from services.ledgers.domain.organisation_profile import Election

_HELD: Final = """
    SELECT held_on, term_until, postponed_until FROM gathering
    WHERE organisation_id = $1 AND kind = 'ELECTION' AND state = 'RECORDED' AND term_until IS NOT NULL
    ORDER BY held_on DESC, gathering_id DESC LIMIT 1
"""
_STATE: Final = """
    INSERT INTO stated_election (organisation_id, last_on, put_off_to) VALUES ($1, $2, $3)
    ON CONFLICT (organisation_id) DO UPDATE SET last_on = excluded.last_on, put_off_to = excluded.put_off_to
"""


async def election_held(connection: Connection, organisation_id: UUID) -> HeldElection | None:
    """Return the last election of an organisation that is recorded as a gathering; the organisation is locked."""
    row = await connection.fetchrow(_HELD, organisation_id)
    return None if row is None else HeldElection(row["held_on"], row["term_until"], row["postponed_until"])


async def election_stated(connection: Connection, organisation_id: UUID) -> Election:
    """Return the election that the profile of an organisation states; the organisation is locked."""
    row = await connection.fetchrow(
        "SELECT last_on, put_off_to FROM stated_election WHERE organisation_id = $1", organisation_id
    )
    return Election(None) if row is None else Election(row["last_on"], row["put_off_to"])


async def state_election(connection: Connection, organisation_id: UUID, election: Election) -> None:
    """Keep the election that the profile of an organisation states, or that it states none."""
    if election.last_on is None:
        await connection.execute("DELETE FROM stated_election WHERE organisation_id = $1", organisation_id)
    else:
        await connection.execute(_STATE, organisation_id, election.last_on, election.put_off_to)
