"""Queries on the files that were taken in: how far, and by whom at the moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kit.database import Connection
from kit.files.outcomes import Counts

READER: Final = 1
"""Version of how files are read. A release that reads a row otherwise counts it up, and files can be taken in anew."""

_BEGIN: Final = """
    INSERT INTO imported_file (digest, reader, name, done, new, changed, unchanged, rejected, started_at)
    VALUES ($1, $2, $3, 0, 0, 0, 0, 0, $4) ON CONFLICT (digest, reader) DO NOTHING
"""
_LOAD: Final = """
    SELECT done, new, changed, unchanged, rejected, finished_at FROM imported_file WHERE digest = $1 AND reader = $2
"""
_MOVE: Final = """
    UPDATE imported_file
    SET done = $4, new = $5, changed = $6, unchanged = $7, rejected = $8, finished_at = $9
    WHERE digest = $1 AND reader = $2 AND done = $3 AND finished_at IS NULL
"""


class ConcurrentImportError(Exception):
    """Another import of the same file moved it on meanwhile; this one wrote nothing since."""


@dataclass(frozen=True, slots=True)
class FileState:
    """How far a file was taken in: its first `done` records, and what became of them."""

    done: int
    counts: Counts
    finished_at: datetime | None


async def begin(connection: Connection, digest: bytes, name: str, now: datetime) -> FileState:
    """Note that a file is being taken in, if that isn't known yet; return how far it is."""
    await connection.execute(_BEGIN, digest, READER, name, now)
    state = await load(connection, digest)
    if state is None:
        raise LookupError("the file's row went away in its own transaction")
    return state


async def load(connection: Connection, digest: bytes) -> FileState | None:
    """Return how far a file is, or None where it was never begun."""
    row = await connection.fetchrow(_LOAD, digest, READER)
    if row is None:
        return None
    counts = Counts(row["new"], row["changed"], row["unchanged"], row["rejected"])
    return FileState(row["done"], counts, row["finished_at"])


async def move(connection: Connection, digest: bytes, before: FileState, after: FileState) -> None:
    """Move a file on from one state to the next.

    Raises:
        ConcurrentImportError: it is no longer in the state `before`.
    """
    tag = await connection.execute(
        _MOVE,
        digest,
        READER,
        before.done,
        after.done,
        after.counts.new,
        after.counts.changed,
        after.counts.unchanged,
        after.counts.rejected,
        after.finished_at,
    )
    if tag != "UPDATE 1":
        raise ConcurrentImportError
