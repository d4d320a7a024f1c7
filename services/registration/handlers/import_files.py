"""Takes files of a register in: streamed, by batches, each batch one transaction with the file's progress in it.

A file is known by its content and the column map it is read by. Killed at any point, the same import goes on behind
the last batch that was committed; a file that was taken in wholly changes nothing a second time, even if another source
changed its entities since.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol, TypeVar

from opentelemetry.trace import SpanKind

from kit.clock import Clock, today
from kit.database import Database
from kit.files.column_map import ColumnMap
from kit.files.errors import FileFault, IntakeError
from kit.files.outcomes import Counts, Rejected
from kit.files.source import import_key
from kit.patience import Patience
from kit.telemetry import batch_span, new_trace, trace_id_of
from services.registration.handlers.batching import Outcome, batches
from services.registration.handlers.register import Statement, register
from services.registration.imported_files import FileState, begin, load, move
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.outcomes import Accepted
from services.registration.intake.reader import read_file

Of = TypeVar("Of")


class Watcher(Protocol):
    """Hears how an import goes, for a progress bar and for the rejects file."""

    def file_begun(self, path: Path, state: FileState) -> None:
        """A file is begun, or gone on with: `state.done` records were dealt with before."""
        ...

    def rejected(self, path: Path, rejected: Rejected) -> None:
        """A row can't be taken in. Told for every reject of the file, those of an earlier run included."""
        ...

    def noticed(self, path: Path, accepted: Accepted) -> None:
        """A row is taken in without a cell that can't be used."""
        ...

    def moved(self, path: Path, offset: int, counts: Counts) -> None:
        """A batch was dealt with: bytes of the file so far, and counts of the file so far."""
        ...

    def waiting(self, reason: str) -> None:
        """The database is away; the import goes on when it is back."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file.

    Attributes:
        path: the file.
        counts: of its rows.
        known: whether it was wholly taken in before.
        trace_id: the trace of its first row that was traced in this run, where one was.
    """

    path: Path
    counts: Counts
    known: bool
    trace_id: str | None = None


class Importer:
    """Takes files in.

    Args:
        database: registration's database.
        clock: tells the day.
        trace_sample_ratio: share of rows that are traced from here to the graph, from 0 to 1.
        watcher: hears how it goes.
        columns: what the files call the columns.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        trace_sample_ratio: float,
        watcher: Watcher,
        columns: ColumnMap = AS_NAMED,
    ) -> None:
        self._database = database
        self._clock = clock
        self._every = round(1 / trace_sample_ratio) if trace_sample_ratio else 0
        self._watcher = watcher
        self._columns = columns
        self._patience = Patience(watcher.waiting)

    async def take_in(self, path: Path) -> Imported:
        """Take one file in, or go on with it.

        Raises:
            IntakeError: the file can't be read, or changes while it is read. What was committed stays.
            ConcurrentImportError: another import of the same file is under way.
        """
        content = _Content(path, self._columns)
        state = await self._patience.through(lambda _: self._begin(content, path))
        self._watcher.file_begun(path, state)
        if state.finished_at is not None:
            return self._known(path, state)
        async with batches(self._outcomes(path, skip=state.done)) as found:
            async for batch in found:
                state = await self._batch(content, state, batch)
                self._watcher.moved(path, batch[-1].position.offset, state.counts)
        content.check_unchanged()
        finished = replace(state, finished_at=self._clock.now())
        await self._patience.through(lambda again: self._move(content, state, finished, again=again))
        return Imported(path, state.counts, known=False, trace_id=content.trace_id)

    async def _begin(self, content: "_Content", path: Path) -> FileState:
        async with self._database.transaction() as transaction:
            return await begin(transaction.connection, content.digest, path.name, self._clock.now())

    async def _move(self, content: "_Content", before: FileState, after: FileState, *, again: bool) -> None:
        async with self._database.transaction() as transaction:
            if again and await load(transaction.connection, content.digest) == after:
                return
            await move(transaction.connection, content.digest, before, after)

    def _outcomes(self, path: Path, *, skip: int) -> Iterator[Outcome]:
        return outcomes(path, self._clock, self._watcher, columns=self._columns, skip=skip)

    def _known(self, path: Path, state: FileState) -> Imported:
        deque(self._outcomes(path, skip=state.done), maxlen=0)  # tells the rejects again
        counts = Counts(unchanged=state.counts.taken_in, rejected=state.counts.rejected)
        self._watcher.moved(path, path.stat().st_size, counts)
        return Imported(path, counts, known=True)

    async def _batch(self, content: "_Content", state: FileState, batch: Sequence[Outcome]) -> FileState:
        """Take a batch in.

        A commit whose answer was lost may have happened: the file's row tells, and the batch is not taken in twice.
        """
        accepted = [outcome for outcome in batch if isinstance(outcome, Accepted)]
        statements = [Statement(one.registration, self._trace(content, one)) for one in accepted]
        done = batch[-1].position.ordinal

        async def attempt(again: bool) -> FileState:  # noqa: FBT001 - its one argument
            if again:
                async with self._database.transaction() as transaction:
                    stored = await load(transaction.connection, content.digest)
                if stored is not None and stored.done == done:
                    return stored
            return await self._commit(content, state, statements, done, rejected=len(batch) - len(accepted))

        return await self._patience.through(attempt)

    async def _commit(
        self, content: "_Content", state: FileState, statements: Sequence[Statement], done: int, *, rejected: int
    ) -> FileState:
        traced = [one.traceparent for one in statements if one.traceparent]
        with batch_span("registration import", traced, {"rows": len(statements)}, SpanKind.INTERNAL):
            async with self._database.transaction() as transaction:
                counts = await register(transaction, statements, self._clock) if statements else Counts()
                after = FileState(done, state.counts + replace(counts, rejected=rejected), finished_at=None)
                await move(transaction.connection, content.digest, state, after)
        return after

    def _trace(self, content: "_Content", row: Accepted) -> str | None:
        ordinal = row.position.ordinal
        if not self._every or (ordinal - 1) % self._every:
            return None
        begun = new_trace("registration import row", {"file.digest": content.digest.hex(), "file.line": row.line})
        if content.trace_id is None and begun is not None:
            content.trace_id = trace_id_of(begun)
        return begun


class _Content:
    """A file's content at the moment it was begun, as it is read by a column map."""

    def __init__(self, path: Path, columns: ColumnMap) -> None:
        self._path = path
        self._stat = self._now()
        self.trace_id: str | None = None
        self.digest: Final = import_key(path, columns)

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


def outcomes(path: Path, clock: Clock, watcher: Watcher, *, columns: ColumnMap, skip: int) -> Iterator[Outcome]:
    """Read a file from its start, telling every reject; yield what comes behind the first `skip` records."""
    for outcome in read_file(path, today=today(clock), columns=columns):
        if isinstance(outcome, Rejected):
            watcher.rejected(path, outcome)
        elif outcome.notices:
            watcher.noticed(path, outcome)
        if outcome.position.ordinal > skip:
            yield outcome
