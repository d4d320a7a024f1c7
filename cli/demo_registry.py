"""`lianhe demo --registry`: from nothing to real market entities in the graph, with the time of each part."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import orjson
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from cli.down import down
from cli.environment import use_what_runs
from cli.errors import stderr, told
from cli.import_ import run_import
from cli.up import up
from demo.counts import QUERY, Counted, Counter, StandstillError
from demo.registry import write_registry
from embedded import background
from embedded.errors import EmbeddedError
from kit.files.errors import IntakeError
from kit.files.outcomes import Counts
from kit.files.source import expand
from kit.settings import load
from services.registration.settings import ImportSettings

REAL: Final = Path(__file__).parent.parent.parent / "shared" / "data" / "registry"
MADE_UP_ENTITIES: Final = 17_945
SEED: Final = 2024
STARTED_VARIABLE: Final = "LIANHE_SET_UP_STARTED"
"""Set by `make demo` to the second at which it began, so that the set-up before Python is timed too."""


@dataclass(slots=True)
class Timing:
    """The seconds of each part, in order."""

    parts: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time a part."""
        began = time.monotonic()
        yield
        self.parts.append((name, time.monotonic() - began))


def show_registry(*, once: bool, data_dir: Path, source: Path | None) -> None:
    """Start everything, import registrations twice, and show them in the graph.

    Args:
        once: whether to stop everything afterwards.
        data_dir: where data is kept.
        source: files to import; without it ../shared/data/registry where that is there, else made-up rows.

    Raises:
        Exit: with what went wrong on standard error.
    """
    console = Console(highlight=False, soft_wrap=True)
    timing = Timing()
    if began := os.environ.get(STARTED_VARIABLE):
        timing.parts.append(("set-up 安装", time.time() - float(began)))
    with told(EmbeddedError, IntakeError, StandstillError, OSError):
        with timing.part("start 启动"):
            up(data_dir=data_dir)
        use_what_runs(data_dir)
        gateway = _gateway(data_dir)
        registry = source or _registry(data_dir, console)
        first, again, counted = asyncio.run(_import_twice(registry, data_dir, gateway, timing))
        _print(console, first, again, counted, timing)
        _print_graph(console, gateway)
        if once:
            down(data_dir=data_dir)
        else:
            console.print(f"\nThe stack is running 服务正在运行: {gateway}/graphql")
            console.print("stop with 停止: .venv/bin/lianhe down · again 再来一次: .venv/bin/lianhe demo --registry")


def _gateway(data_dir: Path) -> str:
    state = background.running(data_dir.expanduser().absolute())
    if state is None:
        raise StandstillError("what was started is gone; see `lianhe logs` 服务已退出，请查看 `lianhe logs`")
    return state.addresses["gateway"]


def _registry(data_dir: Path, console: Console) -> Path:
    if REAL.is_dir():
        console.print(f"real registrations 真实登记数据: {REAL}")
        return REAL
    made_up = data_dir / "demo-registry"
    made_up.mkdir(parents=True, exist_ok=True)
    write_registry(made_up, entities=MADE_UP_ENTITIES, seed=SEED)
    console.print(f"made-up registrations (USCC places 3 to 8 are 999999) 虚构登记数据: {made_up}")
    return made_up


async def _import_twice(registry: Path, data_dir: Path, gateway: str, timing: Timing) -> tuple[Counts, Counts, Counted]:
    settings = load(ImportSettings)
    rejects = data_dir / "rejects.csv"
    files = expand([registry])
    counter = Counter(registration=settings.database_url, ledgers=os.environ["DATABASE_URL_LEDGERS"], gateway=gateway)
    try:
        with timing.part("import 导入"):
            first = await run_import(settings, files, rejects, dry_run=False, quiet=False)
        with (
            timing.part("to the graph 进入图"),
            Progress(SpinnerColumn(), TextColumn("{task.description}"), console=stderr, transient=True) as bar,
        ):
            task = bar.add_task("")
            counted = await counter.settle(
                lambda now: bar.update(
                    task, description=f"registration {now.registration:,} · ledger {now.ledger:,} · graph {now.graph:,}"
                )
            )
        with timing.part("import again 再次导入"):
            again = await run_import(settings, files, rejects, dry_run=False, quiet=False)
    finally:
        await counter.close()
    return first.total, again.total, counted


def _print(console: Console, first: Counts, again: Counts, counted: Counted, timing: Timing) -> None:
    console.print(
        f"\nimport 导入: read 读取 {first.read:,} · taken in 接收 {first.taken_in:,} (new 新增 {first.new:,}) · "
        f"rejected 拒收 {first.rejected:,}"
    )
    console.print(
        f"counted 计数: registration 登记 {counted.registration:,} · ledger 台账 {counted.ledger:,} · "
        f"graph 图 {counted.graph:,}"
    )
    console.print(
        f"again 再次导入: new 新增 {again.new:,} · changed 变更 {again.changed:,} · unchanged 未变 {again.unchanged:,}"
    )
    console.print("time 用时: " + " · ".join(f"{name} {seconds:.1f} s" for name, seconds in timing.parts))
    road = sum(seconds for name, seconds in timing.parts if name.startswith(("import 导入", "to the graph")))
    if first.new:
        console.print(f"throughput 吞吐: {first.new / road:,.0f} entities/s, from file to graph 从文件到图")


def _print_graph(console: Console, gateway: str) -> None:
    query = QUERY.replace("entities {", "entities(first: 2, sort: REGISTERED_ON_ASC) {")
    answer = httpx.post(f"{gateway}/graphql", json={"query": query}, timeout=30, trust_env=False)
    body = orjson.dumps({"query": query}).decode()
    console.print("\nexample query 查询示例:", markup=False)
    console.print(f"curl -s {gateway}/graphql -H 'content-type: application/json' -d '{body}'", markup=False)
    console.print(orjson.dumps(answer.json(), option=orjson.OPT_INDENT_2).decode(), markup=False)
