"""`lianhe import-organisations` and `lianhe import-members`: files of clerks, taken into the ledgers."""

import os
import pwd
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Final

import orjson
import typer
from pydantic import Field
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import stderr, told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from contracts.vocabulary import DIVISION_WIDTH, CallerRole
from kit import loop, telemetry
from kit.blind_indexes import BlindIndexes
from kit.callers import Caller
from kit.clock import SystemClock
from kit.database import AWAY, Database
from kit.files.column_map import ColumnMap, read_column_map
from kit.files.errors import FileFault, IntakeError
from kit.files.formats import SUFFIXES
from kit.files.outcomes import Counts, Rejected
from kit.files.rejects import RejectsFile, rejects_file
from kit.files.source import expand
from kit.problems import Problem
from kit.rotation import KeyNotHereError, refuse_lost
from kit.sealing import KeyRing
from kit.settings import DATABASE, KeySettings, PostgresUrl, load
from services.ledgers.handlers import import_members, import_organisations
from services.ledgers.handlers.import_files import Importer, Kind
from services.ledgers.handlers.rotation import SEALED
from services.ledgers.intake.columns import MEMBERS, ORGANISATIONS, FileKind
from services.ledgers.intake.rows import read_members, read_organisations
from services.ledgers.intake.statements import MemberStated, OrganisationStated, S
from services.ledgers.repository.imports import districts

ORGANISATION_REJECTS: Final = Path("rejects-organisations.csv")
MEMBER_REJECTS: Final = Path("rejects-members.csv")
_DIVISION_DIGITS: Final = frozenset({6, 9, DIVISION_WIDTH})

_Paths = Annotated[
    list[Path],
    typer.Argument(help="Files *.csv, *.xlsx, *.jsonl, or directories that hold them 文件或目录.", show_default=False),
]
_Columns = Annotated[
    Path | None, typer.Option(help="TOML file that says what the files call our columns 列映射.", show_default=False)
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; change nothing 试运行.")]
_OrganisationRejects = Annotated[Path, typer.Option(help="Where rows that can't be taken in are written 拒收文件.")]
_MemberRejects = Annotated[
    Path, typer.Option(help="Where rows that can't be taken in are written; it names people 拒收文件，含个人信息.")
]
_AsJson = Annotated[bool, typer.Option("--json", help="End with one line of JSON; print nothing else.")]
_Division = Annotated[
    str | None,
    typer.Option(
        help="Code of the district or township whose ledgers these are; the only district known by default 区划代码.",
        show_default=False,
    ),
]


class LedgerImportSettings(KeySettings):
    """What the import needs: the ledgers' database and the keys that seal what names people, no broker."""

    service: ClassVar[str] = "ledgers"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_LEDGERS", description=DATABASE)


class ImportRefusedError(Exception):
    """An import can't be begun; the text says why and what to do, in English and Chinese."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a command was asked for."""

    paths: list[Path]
    columns: Path | None
    dry_run: bool
    rejects: Path
    as_json: bool
    division: str | None
    data_dir: Path


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of the files, and why rows were rejected, by column and reason."""

    total: Counts
    reasons: Counter[str]


def import_organisations_(
    paths: _Paths,
    *,
    columns: _Columns = None,
    dry_run: _DryRun = False,
    rejects: _OrganisationRejects = ORGANISATION_REJECTS,
    as_json: _AsJson = False,
    division: _Division = None,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Take Party organisations into the ledgers from files. 导入党组织台账。

    Files as `lianhe template organisations` makes them; CSV and JSON lines too (docs/import.md). An organisation is
    found by its code 组织编码, else by its name within the division. A row that is ambiguous or can't be used is
    written to the rejects file with its reason. The same file again changes nothing; an import that was interrupted
    goes on where it stopped: give the same command again.

    Example 示例: lianhe import-organisations organisations.xlsx --dry-run
    """

    def kind(_: KeyRing) -> Kind[OrganisationStated]:
        taking = import_organisations.OrganisationRows()
        return Kind(ORGANISATIONS.name, read_organisations, taking, import_organisations.COLUMNS)

    _run(ORGANISATIONS, _Asked(paths, columns, dry_run, rejects, as_json, division, data_dir), kind)


def import_members_(
    paths: _Paths,
    *,
    columns: _Columns = None,
    dry_run: _DryRun = False,
    rejects: _MemberRejects = MEMBER_REJECTS,
    as_json: _AsJson = False,
    division: _Division = None,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Take Party members into the ledgers from files. 导入党员台账。

    Files as `lianhe template members` makes them; CSV and JSON lines too (docs/import.md). A member is found by the ID
    number, else by name and relation; import the organisations first. A row that is ambiguous or can't be used is
    written to the rejects file with its reason. The same file again changes nothing; an import that was interrupted
    goes on where it stopped: give the same command again.

    Example 示例: lianhe import-members members.xlsx --dry-run
    """

    def kind(keys: KeyRing) -> Kind[MemberStated]:
        return Kind(MEMBERS.name, read_members, import_members.MemberRows(keys), import_members.COLUMNS)

    _run(MEMBERS, _Asked(paths, columns, dry_run, rejects, as_json, division, data_dir), kind)


def _run(files: FileKind, asked: _Asked, kind: Callable[[KeyRing], Kind[S]]) -> None:
    with told(NothingRunsError, IntakeError, ImportRefusedError, KeyNotHereError, *AWAY):
        use_what_runs(asked.data_dir, "PERSONAL_DATA_KEY")
        settings = load(LedgerImportSettings)
        keys = settings.master_key()
        columns = ColumnMap(files.column_set) if asked.columns is None else _column_map(files, asked.columns)
        paths = expand(asked.paths)
        _check_place(asked.rejects, asked.paths)
        provider = telemetry.set_up("ledgers-import")
        try:
            result = loop.run(_import(settings, keys, paths, asked, columns, kind(keys)))
        except Problem as problem:
            raise ImportRefusedError(f"{problem.detail}\n{problem.detail_zh}") from problem
        finally:
            provider.shutdown()
    _print(result, asked)


def _column_map(files: FileKind, path: Path) -> ColumnMap:
    return read_column_map(path, files.column_set)


def _check_place(rejects: Path, paths: Sequence[Path]) -> None:
    """Refuse a rejects file that would take the place of a file, or that the next import of a directory would read."""
    taken = {path.absolute() for path in paths}
    if rejects.absolute() in taken or (rejects.suffix.lower() in SUFFIXES and rejects.absolute().parent in taken):
        raise IntakeError(
            rejects,
            FileFault.UNWRITABLE,
            "is one of the files to import, or would be read by the next import of that directory. Name another place "
            "with --rejects.",
            "是待导入的文件，或位于待导入目录中，下次会被读取。请用 --rejects 指定其他位置。",
        )


async def _import(
    settings: LedgerImportSettings,
    keys: KeyRing,
    paths: Sequence[Path],
    asked: _Asked,
    columns: ColumnMap,
    kind: Kind[S],
) -> _Result:
    database = Database(settings.database_url, application_name="ledgers-import", pool_size=2)
    try:
        async with database.transaction() as transaction:
            await refuse_lost(transaction.connection, keys, SEALED)
        caller = await _caller(database, asked.division)
        with (
            rejects_file(asked.rejects, columns.of, private=True) as file,
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=stderr,
                disable=asked.as_json,
                transient=True,
            ) as bar,
        ):
            watcher = _Watcher(bar, file, sum(path.stat().st_size for path in paths))
            importer = Importer(
                database,
                SystemClock(),
                caller=caller,
                kind=kind,
                columns=columns,
                indexes=BlindIndexes(keys),
                watcher=watcher,
                trace_sample_ratio=settings.trace_sample_ratio,
            )
            if asked.dry_run:
                counts = await importer.preview(paths)
            else:
                counts = [await importer.take_in(path) for path in paths]
            return _Result(sum(counts, Counts()), watcher.reasons)
    finally:
        await database.close()


async def _caller(database: Database, division: str | None) -> Caller:
    """Return who imports: whoever may open the database, named by their account, for a district."""
    if division is None:
        async with database.transaction() as transaction:
            known = await districts(transaction.connection)
        if len(known) != 1:
            raise ImportRefusedError(
                f"the ledgers know {len(known)} districts: say with --division whose ledgers these are\n"
                f"台账中有{len(known)}个区县：请用 --division 指明导入到哪一个"
            )
        division = known[0]
    elif not (division.isascii() and division.isdigit() and len(division) in _DIVISION_DIGITS and division.strip("0")):
        raise ImportRefusedError(
            "--division takes 6, 9 or 12 digits of a division\n--division 应为6、9或12位数字的行政区划代码"
        )
    whole = division.ljust(DIVISION_WIDTH, "0")
    return Caller(subject=f"lianhe import: {_account()}", role=CallerRole.SYSTEM, division_code=whole)


def _account() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


class _Watcher:
    """Moves the progress bar, and writes the rejects file."""

    def __init__(self, bar: Progress, file: RejectsFile, size: int) -> None:
        self._bar = bar
        self._file = file
        self._task = bar.add_task("import 导入", total=size)
        self._before = 0
        self._offset = 0
        self.reasons: Counter[str] = Counter()

    def file_begun(self, path: Path) -> None:
        """Show which file it is."""
        self._before += self._offset
        self._offset = 0
        self._bar.update(self._task, description=path.name)

    def rejected(self, path: Path, rejected: Rejected) -> None:
        """Write it down, and count why."""
        self._file.add(path, rejected)
        self.reasons[f"{rejected.column}: {rejected.reason}" if rejected.column else str(rejected.reason)] += 1

    def moved(self, _path: Path, offset: int) -> None:
        """Move the bar."""
        self._offset = offset
        self._bar.update(self._task, completed=self._before + offset)

    def waiting(self, reason: str) -> None:
        """Say what is waited for."""
        self._bar.update(self._task, description=f"waiting for the database 等待数据库 ({reason})")


def _print(result: _Result, asked: _Asked) -> None:
    total = result.total
    counts = {
        "read": total.read,
        "new": total.new,
        "changed": total.changed,
        "unchanged": total.unchanged,
        "rejected": total.rejected,
    }
    if asked.as_json:
        print(orjson.dumps(counts).decode())
        return
    console = Console(highlight=False, soft_wrap=True)
    if asked.dry_run:
        console.print("dry run, nothing was changed 试运行，未作任何更改")
    console.print(
        f"read 读取 {total.read:,} · new 新增 {total.new:,} · changed 变更 {total.changed:,} · "
        f"unchanged 未变 {total.unchanged:,} · rejected 拒收 {total.rejected:,}"
    )
    if total.rejected:
        console.print(f"rejected rows with reasons 拒收明细: {asked.rejects}", markup=False)
    for reason, count in sorted(result.reasons.items()):
        console.print(f"rejected 拒收: {reason} × {count:,}", markup=False)
