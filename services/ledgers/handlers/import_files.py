"""Takes files of organisations or of members in: by batches, each one transaction, each row by itself in it.

A file is known by its content and the column map it is read by. Each row that was taken in is noted in its
transaction, so that the same file goes on where it was killed, and changes nothing a second time; rows that were
rejected are tried again, for what they refer to may be there by now.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from opentelemetry.trace import SpanKind

from kit.blind_indexes import BlindIndexes
from kit.callers import Caller
from kit.clock import Clock, today
from kit.command_routes import Commanded
from kit.database import Connection, Database, Failure, failure_of
from kit.files.column_map import ColumnMap
from kit.files.errors import FileFault, IntakeError
from kit.files.outcomes import Counts, Rejected
from kit.files.source import import_key
from kit.ids import new_id
from kit.mandates import refuse_beyond_mandate
from kit.patience import Patience
from kit.problems import Problem
from kit.telemetry import batch_span, new_trace
from services.ledgers.handlers.importing import Outcome, Taken, Taking, batched, refused
from services.ledgers.intake.statements import RejectReason, Row, RowError, S
from services.ledgers.repository.imports import TakenRow, line_about, note_row, taken_in, wait_for_other_imports

Of = TypeVar("Of")

READER: Final = 1
"""Version of how files are read. A release that reads a row otherwise counts it up, and files can be taken in anew."""

BATCH_SIZE: Final = 100
"""Rows a transaction: a second's work, so that a command which waits for its locks is not kept for long."""


class Watcher(Protocol):
    """Hears how an import goes, for a progress bar and for the rejects file."""

    def file_begun(self, path: Path) -> None:
        """A file is begun, or gone on with."""
        ...

    def rejected(self, path: Path, rejected: Rejected) -> None:
        """A row can't be taken in."""
        ...

    def moved(self, path: Path, offset: int) -> None:
        """A batch was dealt with: bytes of the file so far."""
        ...

    def waiting(self, reason: str) -> None:
        """The database is away; the import goes on when it is back."""
        ...


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """A kind of file.

    Attributes:
        name: part of what a file is known by.
        read: reads its rows.
        taking: takes them in.
        columns: by the places that commands name, the columns.
    """

    name: str
    read: Callable[[Path, ColumnMap], Iterator[Row[S] | Rejected]]
    taking: Taking[S]
    columns: Mapping[str, str]


class _PreviewedError(Exception):
    """Rolls the transaction of a preview back."""


class Importer(Generic[S]):
    """Takes files of one kind in.

    Args:
        database: the ledgers'.
        clock: tells now.
        caller: who gives the rows; they may do what the commands allow them.
        kind: of the files.
        columns: what the files call the columns.
        indexes: makes the digests that files are known by: a plain one of a file that names people could be guessed.
        watcher: hears how it goes.
        trace_sample_ratio: share of rows that are traced from here to the graph, from 0 to 1.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        caller: Caller,
        kind: Kind[S],
        columns: ColumnMap,
        indexes: BlindIndexes,
        watcher: Watcher,
        trace_sample_ratio: float = 0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._caller = caller
        self._kind = kind
        self._columns = columns
        self._indexes = indexes
        self._watcher = watcher
        self._every = round(1 / trace_sample_ratio) if trace_sample_ratio else 0
        self._patience = Patience(watcher.waiting)

    async def take_in(self, path: Path) -> Counts:
        """Take one file in, or go on with it.

        Raises:
            IntakeError: the file can't be read, or changes while it is read. What was committed stays.
            Problem: `forbidden`, where the caller may not act.
        """

        async def commit(content: _Content, rows: Sequence[Row[S]]) -> list[Taken | RowError]:
            async def attempt(again: bool) -> list[Taken | RowError]:  # noqa: FBT001 - its one argument
                async with self._database.transaction() as transaction:
                    return await self._batch(transaction.connection, content, rows, again=again)

            return await self._patience.through(attempt)

        return await self._file(path, commit)

    async def preview(self, paths: Iterable[Path]) -> list[Counts]:
        """Count what taking files in would do, each as if those before it had been taken in. Nothing is written.

        Raises:
            IntakeError: a file can't be read.
            Problem: `forbidden`, where the caller may not act.
        """
        found: list[Counts] = []
        try:
            async with self._database.transaction() as transaction:

                async def noted(content: _Content, rows: Sequence[Row[S]]) -> list[Taken | RowError]:
                    return await self._batch(transaction.connection, content, rows, again=False)

                found += [await self._file(path, noted) for path in paths]
                raise _PreviewedError  # noqa: TRY301 - it ends the transaction above
        except _PreviewedError:
            return found

    async def _file(
        self, path: Path, commit: "Callable[[_Content, Sequence[Row[S]]], Awaitable[list[Taken | RowError]]]"
    ) -> Counts:
        content = _Content(path, self._columns, self._kind.name, self._indexes)
        self._watcher.file_begun(path)
        counts, aside = Counts(), list[Row[S]]()
        for batch in batched(self._kind.read(path, self._columns), BATCH_SIZE):
            rejected = [one for one in batch if isinstance(one, Rejected)]
            rows = [one for one in batch if isinstance(one, Row)]
            counted, refused_rows, left = _sorted_out(rows, await commit(content, rows) if rows else [])
            counts += counted + self._told(path, [*rejected, *refused_rows])
            aside += left
            self._watcher.moved(path, batch[-1].position.offset)
        content.check_unchanged()
        return counts + await self._later(path, content, aside, commit)

    async def _later(
        self,
        path: Path,
        content: "_Content",
        aside: Sequence[Row[S]],
        commit: "Callable[[_Content, Sequence[Row[S]]], Awaitable[list[Taken | RowError]]]",
    ) -> Counts:
        """Take in rows whose superior stood further down, for as long as a round helps; then reject what is left."""
        counts, helped = Counts(), True
        while aside:
            still: list[Row[S]] = []
            for rows in batched(iter(aside), BATCH_SIZE):
                counted, rejected, left = _sorted_out(rows, await commit(content, rows), final=not helped)
                counts += counted + self._told(path, rejected)
                still += left
            helped, aside = len(still) < len(aside), still
        return counts

    def _told(self, path: Path, rejected: Sequence[Rejected]) -> Counts:
        for one in sorted(rejected, key=lambda each: each.position.ordinal):
            self._watcher.rejected(path, one)
        return Counts(rejected=len(rejected))

    async def _batch(
        self, connection: Connection, content: "_Content", rows: Sequence[Row[S]], *, again: bool
    ) -> list[Taken | RowError]:
        """Take a batch in.

        A commit whose answer was lost may have happened: then the rows are noted, with what they did.
        """
        await wait_for_other_imports(connection)
        await refuse_beyond_mandate(connection, self._caller, today(self._clock))
        known = await taken_in(connection, content.digests, [row.position.ordinal for row in rows])
        todo = [row for row in rows if row.position.ordinal not in known]
        traces = {row.line: self._trace(row) for row in todo}
        with batch_span(
            f"ledgers import {self._kind.name}",
            [one for one in traces.values() if one],
            {"rows": len(todo)},
            SpanKind.INTERNAL,
        ):
            if todo:
                await self._kind.taking.hold(self._commanded(connection, None), todo)
            results: list[Taken | RowError] = []
            for row in rows:
                outcome = known.get(row.position.ordinal)
                if outcome is None:
                    results.append(await self._row(connection, content, row, traces[row.line]))
                else:
                    results.append(Taken(Outcome(outcome) if again else Outcome.UNCHANGED, new_id()))
        return results

    async def _row(
        self, connection: Connection, content: "_Content", row: Row[S], traceparent: str | None
    ) -> Taken | RowError:
        """Take one row in, or leave nothing of it."""
        commanded = self._commanded(connection, traceparent)
        await connection.execute("SAVEPOINT row")
        try:
            taken = await self._taken(commanded, content, row)
        except Problem as problem:
            error = refused(problem, self._kind.columns)
        except RowError as found:
            error = found
        except Exception as raised:
            if failure_of(raised) is not Failure.DATA:
                raise
            error = RowError(
                None,
                RejectReason.DATA,
                "the database refuses a value of the row. Enter it again by hand.",
                "数据库不接受本行中的某个值，请重新手工录入本行。",
            )
        else:
            await connection.execute("RELEASE SAVEPOINT row")
            return taken
        await connection.execute("ROLLBACK TO SAVEPOINT row")
        return error

    async def _taken(self, commanded: Commanded, content: "_Content", row: Row[S]) -> Taken:
        taking, connection = self._kind.taking, commanded.connection
        known = await taking.find(commanded, row)
        line = None if known is None else await line_about(connection, content.digests, known)
        if line is not None:
            raise RowError(
                None,
                RejectReason.TWICE,
                f"row {line} of the file is about the same one. Keep one row, or tell the two apart by their numbers.",
                f"与本文件第{line}行指向同一对象。请只保留一行，或用编码、号码加以区分。",
            )
        taken = await taking.take(commanded, row, known)
        noted = TakenRow(row.position.ordinal, row.line, taking.aggregate, taken.aggregate_id, taken.outcome.value)
        await note_row(connection, content.digests[0], noted, self._caller.subject, self._clock.now())
        return taken

    def _commanded(self, connection: Connection, traceparent: str | None) -> Commanded:
        return Commanded(connection, self._caller, self._clock, new_id(), traceparent)

    def _trace(self, row: Row[S]) -> str | None:
        if not self._every or (row.position.ordinal - 1) % self._every:
            return None
        return new_trace(f"ledgers import {self._kind.name} row", {"file.line": row.line})


def _sorted_out(
    rows: Sequence[Row[S]], results: Sequence[Taken | RowError], *, final: bool = False
) -> tuple[Counts, list[Rejected], list[Row[S]]]:
    """Return the counts of the rows that were taken in, the rejects, and the rows to try again."""
    counts, rejected, aside = Counts(), list[Rejected](), list[Row[S]]()
    for row, result in zip(rows, results, strict=True):
        if isinstance(result, Taken):
            counts += Counts(**{result.outcome.lower(): 1})
        elif result.reason is RejectReason.SUPERIOR_UNKNOWN and not final:
            aside.append(row)
        else:
            rejected.append(row.rejected(result))
    return counts, rejected, aside


class _Content:
    """A file's content at the moment it was begun, as it is read by a column map."""

    def __init__(self, path: Path, columns: ColumnMap, kind: str, indexes: BlindIndexes) -> None:
        self._path = path
        self._stat = self._now()
        self.digests: Final = indexes.any_of(f"imported {kind} {READER}", import_key(path, columns))

    def check_unchanged(self) -> None:
        if self._now() != self._stat:
            raise IntakeError(
                self._path,
                FileFault.CHANGED,
                "changed while it was read. Import it once it is complete.",
                "读取过程中文件发生变化。请在文件写完后重新导入。",
            )

    def _now(self) -> tuple[int, int]:
        stat = self._path.stat()
        return stat.st_size, stat.st_mtime_ns
