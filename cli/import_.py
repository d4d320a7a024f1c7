"""`lianhe import`: files of a register, taken in."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import stderr, told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from kit import loop, telemetry
from kit.clock import SystemClock
from kit.database import AWAY, Database
from kit.files.column_map import ColumnMap, read_column_map
from kit.files.errors import FileFault, IntakeError
from kit.files.formats import SUFFIXES
from kit.files.outcomes import Counts, Rejected
from kit.files.rejects import RejectsFile, rejects_file
from kit.files.source import expand
from kit.settings import load
from services.registration.handlers.import_files import Imported, Importer
from services.registration.handlers.preview import Preview
from services.registration.imported_files import ConcurrentImportError, FileState
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.columns import REGISTER
from services.registration.intake.outcomes import Accepted
from services.registration.settings import ImportSettings

REJECTS: Final = "rejects.csv"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the files, and of cells that could not be used, counted by column and reason."""

    files: list[Imported]
    notices: Counter[str]

    @property
    def total(self) -> Counts:
        """Counts of all files."""
        return sum((one.counts for one in self.files), Counts())


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files *.csv, *.xlsx, *.jsonl, or directories that hold them.", show_default=False),
    ],
    *,
    columns: Annotated[
        Path | None, typer.Option(help="TOML file that says what the files call our columns.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would happen; change nothing.")] = False,
    rejects: Annotated[Path, typer.Option(help="Where rows that can't be taken in are written.")] = Path(REJECTS),
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON; print nothing else.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Take in registrations from files. 导入市场主体登记数据。

    CSV in UTF-8, with or without BOM, or GB18030; Excel workbooks; JSON lines. Where columns have other names,
    --columns names a file of lines such as "统一社会信用代码" = "信用代码" (docs/import.md). A row that can't be taken
    in is written to the rejects file with its line, column and reason. The same file again changes nothing; an import
    that was interrupted goes on where it stopped: give the same command again.

    Example 示例: lianhe import ../shared/data/registry --dry-run
    """
    with told(NothingRunsError, IntakeError, ConcurrentImportError, *AWAY):
        use_what_runs(data_dir)
        settings = load(ImportSettings)
        column_map = AS_NAMED if columns is None else read_column_map(columns, REGISTER)
        files = expand(paths)
        _check_place(rejects, paths)
        provider = telemetry.set_up("registration-import")
        try:
            result = loop.run(run_import(settings, files, rejects, dry_run=dry_run, quiet=as_json, columns=column_map))
        finally:
            provider.shutdown()
    if as_json:
        print(_json(result.total))
    else:
        _print(result, rejects, dry_run=dry_run)


def _check_place(rejects: Path, paths: list[Path]) -> None:
    """Refuse a rejects file that the next import of the same directory would read."""
    if rejects.suffix.lower() in SUFFIXES and rejects.absolute().parent in {path.absolute() for path in paths}:
        raise IntakeError(
            rejects,
            FileFault.UNWRITABLE,
            "would be read as a register by the next import of that directory. Name another place with --rejects.",
            "位于待导入目录中，下次会被当作登记文件读取。请用 --rejects 指定其他位置。",
        )


async def run_import(
    settings: ImportSettings,
    files: tuple[Path, ...],
    rejects: Path,
    *,
    dry_run: bool,
    quiet: bool,
    columns: ColumnMap = AS_NAMED,
) -> Result:
    """Take files in, with a progress bar and a rejects file.

    Raises:
        IntakeError: a file can't be read, or the rejects file can't be written.
    """
    database = Database(settings.database_url, application_name="registration-import", pool_size=2)
    try:
        with (
            rejects_file(rejects, REGISTER) as file,
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=stderr,
                disable=quiet,
                transient=True,
            ) as bar,
        ):
            watcher = _Watcher(bar, file, sum(path.stat().st_size for path in files))
            if dry_run:
                preview = await Preview(database, SystemClock(), watcher=watcher, columns=columns).count(files)
                return Result(preview, watcher.notices)
            importer = Importer(
                database,
                SystemClock(),
                trace_sample_ratio=settings.trace_sample_ratio,
                watcher=watcher,
                columns=columns,
            )
            return Result([await importer.take_in(path) for path in files], watcher.notices)
    finally:
        await database.close()


class _Watcher:
    """Moves the progress bar, and writes the rejects file."""

    def __init__(self, bar: Progress, file: RejectsFile, size: int) -> None:
        self._bar = bar
        self._file = file
        self._task = bar.add_task("import 导入", total=size)
        self._before = 0
        self._offset = 0
        self.notices: Counter[str] = Counter()

    def file_begun(self, path: Path, state: FileState) -> None:
        """Say where an interrupted import goes on."""
        self._before += self._offset
        self._offset = 0
        self._bar.update(self._task, description=path.name)
        if state.done and state.finished_at is None:
            self._bar.console.print(f"{path.name}: goes on behind record {state.done} 从第{state.done}条之后继续")

    def rejected(self, path: Path, rejected: Rejected) -> None:
        """Write it down."""
        self._file.add(path, rejected)

    def noticed(self, _path: Path, accepted: Accepted) -> None:
        """Count it."""
        self.notices.update(f"{notice.column}: {notice.code}" for notice in accepted.notices)

    def moved(self, _path: Path, offset: int, _counts: Counts) -> None:
        """Move the bar."""
        self._offset = offset
        self._bar.update(self._task, completed=self._before + offset)

    def waiting(self, reason: str) -> None:
        """Say what is waited for."""
        self._bar.update(self._task, description=f"waiting for the database 等待数据库 ({reason})")


def _traced(trace_id: str) -> str:
    """Say how to look at the trace of the first row that was traced; where Zipkin takes the spans, its address."""
    viewer = os.environ.get(telemetry.ZIPKIN_ENDPOINT, "").removesuffix("api/v2/spans")
    where = f"{viewer}zipkin/traces/{trace_id}" if viewer else trace_id
    return f"trace of a row, from the file to the graph 一行数据从文件到图的链路: {where}"


def _json(total: Counts) -> str:
    return orjson.dumps(
        {
            "read": total.read,
            "new": total.new,
            "changed": total.changed,
            "unchanged": total.unchanged,
            "rejected": total.rejected,
        }
    ).decode()


def _print(result: Result, rejects: Path, *, dry_run: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    total = result.total
    known = sum(one.known for one in result.files)
    if known:
        console.print(
            f"{known} of {len(result.files)} file(s) had been taken in before and change nothing "
            f"其中{known}个文件此前已导入，不产生变更"
        )
    if dry_run:
        console.print("dry run, nothing was changed 试运行，未作任何更改")
    console.print(
        f"read 读取 {total.read:,} · new 新增 {total.new:,} · changed 变更 {total.changed:,} · "
        f"unchanged 未变 {total.unchanged:,} · rejected 拒收 {total.rejected:,}"
    )
    if total.rejected:
        console.print(f"rejected rows with reasons 拒收明细: {rejects}")
    traced = next((one.trace_id for one in result.files if one.trace_id), None)
    if traced is not None and telemetry.are_sent():
        console.print(_traced(traced))
    for notice, count in sorted(result.notices.items()):
        console.print(f"taken in without a cell 部分单元格未采用: {notice} × {count:,}", markup=False)
