"""`lianhe republish`: a service tells all its state again."""

import os
from enum import StrEnum
from typing import Annotated

import asyncpg
import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import stderr, told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from kit import loop
from kit.clock import SystemClock
from kit.database import Database
from kit.republishing import Source
from kit.republishing import republish as tell_again
from kit.settings import NOT_SET, SettingsError
from services.ledgers.handlers.republish import entities as recorded
from services.registration.handlers.republish import entities as registered


class Owner(StrEnum):
    """The services that own state."""

    REGISTRATION = "registration"
    LEDGERS = "ledgers"


def republish(
    service: Annotated[Owner, typer.Argument(help="Whose state 服务.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON; print nothing else.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Tell all state of a service again, under new event ids and the same versions. 重新发布某服务的全部状态。

    For a topic that was lost, or a reader that lost what it had. Nothing is changed: readers store the same once more.
    Interrupted, give the same command again.

    Example 示例: lianhe republish registration
    """
    with told(NothingRunsError, SettingsError, asyncpg.PostgresError, OSError):
        use_what_runs(data_dir)
        variable = f"DATABASE_URL_{service.value.upper()}"
        url = os.environ.get(variable)
        if not url:
            raise SettingsError(f"{variable}: {NOT_SET}")
        source = registered(SystemClock()) if service is Owner.REGISTRATION else recorded(SystemClock())
        count = loop.run(_run(url, source, quiet=as_json))
    if as_json:
        print(orjson.dumps({"service": service.value, "told": count}).decode())
    else:
        Console(highlight=False).print(
            f"told again 已重新发布: {count:,}" if count else "nothing to tell yet 暂无可发布的数据"
        )


async def _run(url: str, source: Source, *, quiet: bool) -> int:
    database = Database(url, application_name="republish", pool_size=1)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=stderr, disable=quiet, transient=True) as bar:
            task = bar.add_task("republish 重新发布")
            return await tell_again(database, source, lambda told, total: bar.update(task, completed=told, total=total))
    finally:
        await database.close()
