"""`lianhe divisions`: take in a district with its townships and grids from a file."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, ClassVar, Final, NoReturn

import orjson
import typer
from pydantic import Field
from rich.console import Console

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from contracts.events.ledgers.lines import DivisionRecorded
from contracts.vocabulary import DIVISION_WIDTH, CallerRole, UnitState
from kit import loop
from kit.callers import Caller
from kit.clock import SystemClock
from kit.command_routes import Commanded
from kit.database import AWAY, Database
from kit.ids import new_id
from kit.problems import Problem
from kit.settings import DATABASE, PostgresUrl, Settings, load
from services.ledgers.divisions_file import DivisionsFile, DivisionsFileError, read_divisions
from services.ledgers.handlers.lines import Lines

_POINTER: Final = re.compile(r"/divisions/(\d+)/")
_DISTRICT_DIGITS: Final = 6


class DivisionsSettings(Settings):
    """What taking in divisions needs: the ledgers' database, no broker."""

    service: ClassVar[str] = "ledgers"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_LEDGERS", description=DATABASE)


class _DryRunError(Exception):
    """Rolls the transaction of a dry run back."""


def divisions(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV 文件: 代码,名称[,状态].")
    ],
    *,
    effective_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day from which it holds; today by default 生效日期.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would change, and change nothing 试运行.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Take in divisions of one district: new, renamed and abolished ones, all or none. 导入行政区划。

    Divisions that the file doesn't name stay as they are; the same file again changes nothing. An abolished one is
    named with the state 撤销 (CLOSED) and stays on record.

    Example 示例: lianhe divisions district.csv --effective-on 2024-01-01
    """
    with told(NothingRunsError, DivisionsFileError, *AWAY):
        use_what_runs(data_dir)
        settings = load(DivisionsSettings)
        stated = read_divisions(file)
        day = None if effective_on is None else effective_on.date()
        try:
            changed = loop.run(_take_in(settings.database_url, stated, day, dry_run=dry_run))
        except Problem as problem:
            raise DivisionsFileError(_by_line(problem, file, stated)) from problem
    _print(changed, len(stated.divisions), as_json=as_json, dry_run=dry_run)


def _undo() -> NoReturn:
    raise _DryRunError


async def _take_in(url: str, stated: DivisionsFile, day: date | None, *, dry_run: bool) -> list[DivisionRecorded]:
    clock, database = SystemClock(), Database(url, application_name="divisions", pool_size=1)
    district = stated.divisions[0].code[:_DISTRICT_DIGITS].ljust(DIVISION_WIDTH, "0")
    # who may run this may open the database: the district's own operator
    caller = Caller(subject="lianhe divisions", role=CallerRole.SYSTEM, division_code=district)
    changed: list[DivisionRecorded] = []
    try:
        async with database.transaction() as transaction:
            commanded = Commanded(transaction.connection, caller, clock, new_id())
            changed = await Lines(commanded).divisions(stated.divisions, day)
            if dry_run:
                _undo()
    except _DryRunError:
        return changed
    finally:
        await database.close()
    return changed


def _by_line(problem: Problem, file: Path, stated: DivisionsFile) -> str:
    errors = problem.extensions.get("errors")
    if not isinstance(errors, Sequence) or isinstance(errors, str):
        return f"{problem.detail}\n{problem.detail_zh}"
    lines = []
    for one in errors:
        found = _POINTER.match(str(one["pointer"]))
        place = f"{file.name}, line 第{stated.lines[int(found[1])]}行" if found else one["pointer"]
        lines.append(f"{place}: {one['reason']} {one['reasonZh']}")
    return "\n".join(lines)


def _print(changed: Sequence[DivisionRecorded], stated: int, *, as_json: bool, dry_run: bool) -> None:
    new = sum(one.version == 1 for one in changed)
    closed = sum(one.state is UnitState.CLOSED and one.version > 1 for one in changed)
    counts = {"stated": stated, "new": new, "changed": len(changed) - new - closed, "closed": closed}
    if as_json:
        print(orjson.dumps({**counts, "dryRun": dry_run}).decode())
        return
    Console(highlight=False, soft_wrap=True).print(
        f"{stated:,} stated 所列 · {new:,} new 新增 · {counts['changed']:,} changed 变更 · {closed:,} abolished 撤销"
        + (" · dry run, nothing was written 试运行，未写入" if dry_run else "")
    )
