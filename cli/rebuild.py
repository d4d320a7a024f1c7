"""`lianhe rebuild`: the read model is built anew beside the one that is read, then switched."""

from time import monotonic
from typing import Annotated, ClassVar

import orjson
import typer
from aiokafka.errors import KafkaError
from pydantic import Field
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import stderr, told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from gateway.projection.building import Building, Switched
from gateway.projection.catching_up import BuildingError
from gateway.read_model import NoReadModelError
from kit import log, loop
from kit.database import AWAY
from kit.settings import DATABASE, PostgresUrl, ServiceSettings, load


class RebuildSettings(ServiceSettings):
    """What a rebuild needs: the broker, the gateway's database and the key of its dead letters."""

    service: ClassVar[str] = "gateway"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_GATEWAY", description=DATABASE)


def rebuild(
    *,
    back: Annotated[
        bool, typer.Option("--back", help="Go back to the former build, brought up to date 切回上一个读模型.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON; print nothing else.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Build the read model anew from the topics, beside the one that is read, and switch to it. 重建读模型。

    Queries are answered all the while. The former build is kept until the next rebuild, which drops it before it
    begins; --back switches to it again. Interrupted, nothing of the live read model was touched: give the same command
    again, and it begins anew.

    Example 示例: lianhe rebuild
    """
    with told(
        NothingRunsError,
        BuildingError,
        NoReadModelError,
        KafkaError,
        *AWAY,
    ):
        use_what_runs(data_dir)
        settings = load(RebuildSettings)
        log.set_up("gateway-rebuild", "ERROR")
        switched = loop.run(_run(settings, back=back, quiet=as_json))
    if as_json:
        print(_json(switched))
    else:
        _print(switched)


async def _run(settings: RebuildSettings, *, back: bool, quiet: bool) -> Switched:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn())
    with Progress(*columns, console=stderr, disable=quiet, transient=True) as bar:
        building = Building(settings, settings.database_url, _Watcher(bar))
        return await (building.back() if back else building.anew())


class _Watcher:
    """Moves the progress bar."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("rebuild 重建", total=None, rate="")
        self._began = monotonic()

    def doing(self, what: str) -> None:
        """Say it beside the bar."""
        self._bar.update(self._task, description=what)

    def moved(self, taken: int, total: int, events: int) -> None:
        """Move the bar."""
        rate = events / max(monotonic() - self._began, 0.001)
        told = f"{events:,} events 事件 · {rate:,.0f}/s"
        self._bar.update(self._task, completed=taken, total=total, rate=told)

    def noted(self, note: str) -> None:
        """Print it above the bar."""
        stderr.print(note)


def _json(switched: Switched) -> str:
    return orjson.dumps(
        {
            "before": switched.before,
            "build": switched.build,
            "events": switched.events,
            "seconds": round(switched.seconds, 3),
            "fillingSeconds": round(switched.filling_seconds, 3),
            "eventsPerSecond": round(switched.events / switched.filling_seconds),
            "rows": {table: {"before": before, "build": now} for table, (before, now) in switched.rows.items()},
            "takenOver": switched.taken_over,
        }
    ).decode()


def _print(switched: Switched) -> None:
    console = Console(highlight=False, soft_wrap=True)
    table = Table("table 表", f"rows in {switched.before} 行数", f"rows in {switched.build} 行数")
    for name, counts in switched.rows.items():
        table.add_row(name, *("–" if one is None else f"{one:,}" for one in counts))
    console.print(table)
    console.print(
        "counted at the switch: the same where nothing was being written, else the new build may be ahead "
        "切换时的行数：无写入时应相同，有写入时新模型可能领先"
    )
    console.print(
        f"{switched.build} is read now 现已启用: {switched.events:,} events 事件, "
        f"{switched.events / switched.filling_seconds:,.0f}/s, {switched.seconds:.1f} s 秒"
    )
    if not switched.taken_over:
        console.print(
            "no gateway keeps it up to date yet; one that starts goes on where this ended "
            "尚无网关接管，网关启动后将从此处继续"
        )
