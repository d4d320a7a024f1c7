"""Locks on what processes are about, before a process of it is there."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from kit.database import Connection

# As `kit.processes` does where a subject may have a process of a kind only once.
_HOLD: Final = "SELECT pg_advisory_xact_lock(hashtextextended(subject, 0)) FROM unnest($1::text[]) AS subject"


async def hold_subjects(connection: Connection, subjects: Sequence[UUID]) -> None:
    """Keep others from beginning processes about some subjects, until the transaction ends."""
    await connection.execute(_HOLD, [str(one) for one in sorted(subjects)])
