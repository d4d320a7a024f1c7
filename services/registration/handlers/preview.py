"""Counts what an import would do, and changes nothing.

What the files state is noted in a temporary table, so that a USCC that stands in them twice is counted as an import
would count it, without holding the files in memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from kit.clock import Clock
from kit.database import Connection, Database
from kit.files.column_map import ColumnMap
from kit.files.outcomes import Counts
from kit.files.source import import_key
from services.registration.handlers.batching import Outcome, batches
from services.registration.handlers.import_files import Imported, Watcher, outcomes
from services.registration.imported_files import FileState, load
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.outcomes import Accepted

_NOTED: Final = "CREATE TEMPORARY TABLE noted (uscc text PRIMARY KEY, content_hash bytea NOT NULL) ON COMMIT DROP"
_COMPARE: Final = """
    WITH stated AS (
        SELECT * FROM unnest($1::text[], $2::bytea[]) AS stated (uscc, content_hash)
    ), compared AS (
        SELECT coalesce(noted.content_hash, entity.content_hash) AS before, stated.content_hash AS after
        FROM stated LEFT JOIN noted USING (uscc) LEFT JOIN entity USING (uscc)
    ), kept AS (
        INSERT INTO noted SELECT uscc, content_hash FROM stated
        ON CONFLICT (uscc) DO UPDATE SET content_hash = excluded.content_hash
    )
    SELECT count(*) FILTER (WHERE before IS NULL) AS new, count(*) FILTER (WHERE before <> after) AS changed
    FROM compared
"""
_NEVER: Final = FileState(0, Counts(), None)


class Preview:
    """Counts what taking files in would do.

    Args:
        database: registration's database.
        clock: tells the day.
        watcher: hears how it goes.
        columns: what the files call the columns.
    """

    def __init__(self, database: Database, clock: Clock, *, watcher: Watcher, columns: ColumnMap = AS_NAMED) -> None:
        self._database = database
        self._clock = clock
        self._watcher = watcher
        self._columns = columns

    async def count(self, paths: Iterable[Path]) -> list[Imported]:
        """Count each file as if those before it had been taken in.

        Raises:
            IntakeError: a file can't be read.
        """
        async with self._database.transaction() as transaction:
            await transaction.connection.execute(_NOTED)
            return [await self._file(transaction.connection, path) for path in paths]

    async def _file(self, connection: Connection, path: Path) -> Imported:
        state = await load(connection, import_key(path, self._columns)) or _NEVER
        self._watcher.file_begun(path, state)
        counts = state.counts
        source = outcomes(path, self._clock, self._watcher, columns=self._columns, skip=state.done)
        async with batches(source) as found:
            async for batch in found:
                counts += await self._batch(connection, batch)
                self._watcher.moved(path, batch[-1].position.offset, counts)
        if state.finished_at is not None:
            counts = Counts(unchanged=counts.taken_in, rejected=counts.rejected)
        return Imported(path, counts, known=state.finished_at is not None)

    async def _batch(self, connection: Connection, batch: Sequence[Outcome]) -> Counts:
        facts = [outcome.registration for outcome in batch if isinstance(outcome, Accepted)]
        rejected = Counts(rejected=len(batch) - len(facts))
        if not facts:
            return rejected
        row = await connection.fetchrow(
            _COMPARE, [fact.uscc for fact in facts], [fact.content_hash() for fact in facts]
        )
        if row is None:
            raise LookupError("counting returned no row")
        compared = Counts(new=row["new"], changed=row["changed"], unchanged=len(facts) - row["new"] - row["changed"])
        return replace(compared, rejected=rejected.rejected)
