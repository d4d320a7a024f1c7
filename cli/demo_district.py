"""`lianhe demo`: load a made-up district and hold the figures of the graph against those of the study."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.demo_registry import STARTED_VARIABLE, Timing
from cli.down import down
from cli.errors import stderr, told
from cli.token import signed
from cli.up import up
from contracts.vocabulary import DIVISION_WIDTH, CallerRole
from demo.district.district import District
from demo.district.study import DISTRICT, Study
from demo.loading.dead_letter import set_aside_each
from demo.loading.doors import Doors, LoadError
from demo.loading.entity_states import EntityStates
from demo.loading.figures import Figure, figures_of, settled
from demo.loading.loader import Loader
from demo.loading.people_states import PeopleStates
from demo.loading.process_states import ProcessStates
from demo.loading.rejected_rows import reject_each
from demo.loading.shown_states import missing_states
from demo.loading.states import States
from embedded import background
from embedded.environment import read_environment
from embedded.errors import EmbeddedError
from kit.files.errors import IntakeError
from kit.settings import NOT_SET, SettingsError, setting

_DOORS: Final = ("registration", "ledgers", "assessment", "pairing", "gateway")
_DATABASES: Final = {name: f"DATABASE_URL_{name.upper()}" for name in ("registration", "ledgers")}
_SUBJECT: Final = "lianhe demo"
_HOURS: Final = 12
_WRONG: Final = 2
"""Exit status where a figure is not the study's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which district: its figures, whether it is the small one, its seed, its day, and whether to start nothing."""

    study: Study
    small: bool
    seed: int
    as_of: date
    running: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where the services are, the broker among them, and the databases of registration and the ledgers, by service."""

    addresses: Mapping[str, str]
    databases: Mapping[str, str]


def show_district(asked: Asked, *, once: bool, as_json: bool, data_dir: Path) -> None:
    """Start everything, load a district and show its figures.

    Args:
        asked: which district.
        once: whether to stop everything afterwards.
        as_json: print one line of JSON and nothing else.
        data_dir: where data is kept.

    Raises:
        Exit: 1 with what went wrong on standard error, 2 where a figure differs.
    """
    timing = Timing()
    if began := os.environ.get(STARTED_VARIABLE):
        timing.parts.append(("set-up 安装", time.time() - float(began)))
    # what starting and stopping print is no part of the one line
    with (
        told(EmbeddedError, IntakeError, LoadError, OSError),
        redirect_stdout(sys.stderr) if as_json else nullcontext(),
    ):
        if not asked.running:
            with timing.part("start 启动"):
                up(data_dir=data_dir)
        place = _named_place() if asked.running else _started_place(data_dir)
        # not by kit.loop: its collector waits for 200,000 objects, and a request's cycles would fill the memory
        found = asyncio.run(_load(asked, data_dir.expanduser().absolute(), place, timing, quiet=as_json))
        if as_json:
            print(_json(asked, found, timing), file=sys.__stdout__)
        else:
            _print(asked, found, timing, place.addresses["gateway"], once=once)
        if once:
            down(data_dir=data_dir)
    if not all(one.right for one in found):
        raise typer.Exit(_WRONG)


def _started_place(data_dir: Path) -> Place:
    state = background.running(data_dir.expanduser().absolute())
    if state is None:
        raise LoadError("what was started is gone; see `lianhe logs`\n服务已退出，请查看 `lianhe logs`")
    variables = read_environment(data_dir.expanduser().absolute())
    return Place(state.addresses, {name: variables[variable] for name, variable in _DATABASES.items()})


def _named_place() -> Place:
    names = {"kafka": "KAFKA_BOOTSTRAP_SERVERS"} | {name: f"{name.upper()}_URL" for name in _DOORS}
    found = {name: setting(variable) for name, variable in names.items()}
    databases = {name: setting(variable) for name, variable in _DATABASES.items()}
    missing = [names[name] for name, value in found.items() if value is None]
    missing += [_DATABASES[name] for name, value in databases.items() if value is None]
    if missing:
        lines = [f"  {name}: {NOT_SET}" for name in missing]
        raise SettingsError("\n".join([f"{len(missing)} setting(s) can't be used 配置有误:", *lines]))
    return Place(_stated(found), _stated(databases))


def _stated(values: Mapping[str, str | None]) -> Mapping[str, str]:
    return {name: value for name, value in values.items() if value is not None}


async def _load(asked: Asked, data_dir: Path, place: Place, timing: Timing, *, quiet: bool) -> Sequence[Figure]:
    district = District(asked.study, asked.seed, asked.as_of)
    token, department = (
        signed(data_dir, role=role, division=DISTRICT.ljust(DIVISION_WIDTH, "0"), subject=_SUBJECT, hours=_HOURS)[0]
        for role in (CallerRole.SYSTEM, CallerRole.ORGANISATION_DEPARTMENT)
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    async with Doors(place.addresses, token, _SUBJECT, department=department) as doors:
        with Progress(*columns, console=stderr, disable=quiet, transient=True) as bar:
            loader = Loader(district, doors, _Watcher(bar))
            with timing.part("load 装入"):
                await loader.load()
            with timing.part("to the graph 进入图"):
                found = await settled(lambda: figures_of(doors, asked.study, asked.as_of))
            if not asked.small:
                return found
            states = States(district, doors, loader)
            with timing.part("states 各种状态"):
                await states.bring_about()
                processes = ProcessStates(district, doors, loader)
                await processes.bring_about()
                await EntityStates(district, doors, loader, states.cooperative).bring_about()
                await PeopleStates(district, doors, loader).bring_about()
                shown = [*await settled(states.figures), *await settled(processes.figures)]
                shown += await settled(lambda: missing_states(doors))
                shown += await set_aside_each(place.addresses["kafka"], place.databases["ledgers"])
                shown += await reject_each(place.databases["registration"], data_dir)
            return [*found, *shown]


class _Watcher:
    """Shows each step as a bar of its own."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def moved(self, step: str, done: int, total: int) -> None:
        """Move the step's bar."""
        if step not in self._tasks:
            self._tasks[step] = self._bar.add_task(step, total=total)
        self._bar.update(self._tasks[step], completed=done)


def _json(asked: Asked, found: Sequence[Figure], timing: Timing) -> str:
    return orjson.dumps(
        {
            "seed": asked.seed,
            "asOf": asked.as_of,
            "small": asked.small,
            "right": all(one.right for one in found),
            "figures": [{"name": one.name, "expected": one.expected, "found": one.found} for one in found],
            "seconds": {name: round(seconds, 3) for name, seconds in timing.parts},
        }
    ).decode()


def _print(asked: Asked, found: Sequence[Figure], timing: Timing, gateway: str, *, once: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    title = f"district X 演示区, as of 截至 {asked.as_of}, seed 种子 {asked.seed}: everything in it is made up 均为虚构"
    table = Table("figure 指标", "expected 应为", "found 图中", "", title=title)
    for one in found:
        mark = "[green]✓[/green]" if one.right else "[red]✗[/red]"
        table.add_row(one.name, f"{one.expected:,}", f"{one.found:,}", mark)
    console.print(table)
    wrong = sum(not one.right for one in found)
    console.print(f"figures 指标: {len(found) - wrong} of {len(found)} as expected 与应有值一致")
    console.print("time 用时: " + " · ".join(f"{name} {seconds:.1f} s" for name, seconds in timing.parts))
    if asked.running:
        console.print(f"\nthe graph 图: {gateway}/graphql")
    elif not once:
        console.print(f"\nThe stack is running 服务正在运行: {gateway}/graphql")
        console.print("see members too 查看党员: lianhe token --role organisation_department --division 500111")
        console.print("stop with 停止: lianhe down · begin anew 重新开始: lianhe down --wipe")
