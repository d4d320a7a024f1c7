"""`lianhe republish`: a service tells all its state again."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import stderr, told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from kit import loop
from kit.clock import Clock, SystemClock
from kit.database import AWAY, Database
from kit.republishing import Source
from kit.republishing import republish as tell_again
from kit.settings import NOT_SET, SettingsError, setting
from services.assessment.handlers import republish as assessment
from services.ledgers.handlers import republish as ledgers
from services.pairing.handlers import republish as pairing
from services.registration.handlers import republish as registration


class Owner(StrEnum):
    """The services that own state."""

    REGISTRATION = "registration"
    LEDGERS = "ledgers"
    ASSESSMENT = "assessment"
    PAIRING = "pairing"


def _sources(owner: Owner, clock: Clock) -> Sequence[Source]:
    match owner:
        case Owner.REGISTRATION:
            return registration.sources(clock)
        case Owner.LEDGERS:
            return ledgers.sources(clock)
        case Owner.ASSESSMENT:
            return [assessment.schemes(clock), assessment.ratings(clock)]
        case Owner.PAIRING:
            return pairing.sources(clock)


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
    with told(NothingRunsError, SettingsError, *AWAY):
        use_what_runs(data_dir)
        variable = f"DATABASE_URL_{service.value.upper()}"
        url = setting(variable)
        if not url:
            raise SettingsError(f"{variable}: {NOT_SET}")
        count = loop.run(_run(url, _sources(service, SystemClock()), quiet=as_json))
    if as_json:
        print(orjson.dumps({"service": service.value, "told": count}).decode())
    else:
        Console(highlight=False).print(
            f"told again 已重新发布: {count:,}" if count else "nothing to tell yet 暂无可发布的数据"
        )


async def _run(url: str, sources: Sequence[Source], *, quiet: bool) -> int:
    database = Database(url, application_name="republish", pool_size=1)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=stderr, disable=quiet, transient=True) as bar:
            task = bar.add_task("republish 重新发布")
            for source in sources:
                before = bar.tasks[task].completed
                await tell_again(
                    database,
                    source,
                    partial(_moved, bar, task, before),
                )
            return int(bar.tasks[task].completed)
    finally:
        await database.close()


def _moved(bar: Progress, task: TaskID, before: float, told: int, total: int) -> None:
    bar.update(task, completed=before + told, total=before + total)
