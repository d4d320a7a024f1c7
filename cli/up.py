"""`lianhe up`: everything on this machine, from nothing to ready."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from cli.errors import stderr, told
from embedded import background
from embedded.errors import EmbeddedError
from embedded.files import data_directory
from embedded.ports import Ports
from embedded.scale import Scale
from embedded.state import DEFAULT_PLAN, Outcome, RunState, read_state, state_path
from embedded.traces import ADDRESS, ASKED_FOR

DataDirectory = Annotated[
    Path, typer.Option("--data-dir", envvar="LIANHE_DATA", help="Where data, logs and passwords are kept 数据目录.")
]
DEFAULT_DIRECTORY = Path(".lianhe")
_Port = Annotated[int | None, typer.Option(min=1, max=65535, show_default="that of last time, or a free one")]
_DISPLAY_SECONDS = 0.2


def up(
    *,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay, and stop all on Ctrl-C 前台运行.")] = False,
    kafka_port: _Port = None,
    postgres_port: _Port = None,
    gateway_port: _Port = None,
    brokers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=5,
            show_default="as many as at the first start, or 1",
            help="How many brokers; fixed by the first start 消息代理个数.",
        ),
    ] = None,
    replicas: Annotated[
        int, typer.Option(min=1, max=8, help="How many processes of each service 每个服务的进程数.")
    ] = 1,
    traces: Annotated[
        bool,
        typer.Option(
            "--traces", envvar=ASKED_FOR, help="Show traces in a browser: starts Zipkin too 在浏览器中查看链路追踪."
        ),
    ] = False,
    plan: Annotated[str, typer.Option(hidden=True, help="Which processes: module:attribute of a Plan.")] = DEFAULT_PLAN,
) -> None:
    """Start the database, the broker and every service, and return when all is ready. 启动全部服务。

    Nothing but this package is needed: no root, Docker, Java or PostgreSQL. KAFKA_BOOTSTRAP_SERVERS and
    DATABASE_URL_<SERVICE> in the environment replace the embedded servers. The first start downloads Kafka (45 MB), the
    first one with --traces Zipkin (131 MB); then every row that `lianhe import` takes in is traced, and every command.

    With --brokers 3 each record is on three brokers, and one of them may die. With --replicas 2 the processes of a
    service share its partitions, and one takes over what another leaves.

    Example 示例: lianhe up --gateway-port 8000 --traces
    """
    # The runner is another process, or reads its environment as that one does.
    os.environ[ASKED_FOR] = "1" if traces else ""
    ports = Ports(kafka_port, postgres_port, gateway_port)
    scale = Scale(brokers, replicas)
    begin = _in_foreground if foreground else _in_background
    with told(EmbeddedError):
        directory = data_directory(data_dir)
        started = begin(directory, plan, ports, scale)
    if started.already:
        _print_running(started.state)
        if traces and (started.state is None or ADDRESS not in started.state.addresses):
            stderr.print("It runs without traces: `lianhe down`, then `lianhe up --traces`.")
            stderr.print("当前运行未启用链路追踪：请先 `lianhe down`，再 `lianhe up --traces`。")
            raise typer.Exit(1)
        return
    state = started.state
    if state is None or state.failure is not None:
        _print_failure(directory, state)
        raise typer.Exit(1)
    if foreground:
        stderr.print("stopped 已停止")
        return
    _print_running(state, first="ready 已就绪")


def _in_background(directory: Path, plan: str, ports: Ports, scale: Scale) -> background.Started:
    with _display() as live:
        try:
            return background.start(directory, plan, ports, scale, lambda state: live.update(progress(state)))
        except KeyboardInterrupt:
            live.stop()
            stderr.print("interrupted; everything was stopped 已中断，全部进程已停止")
            raise typer.Exit(130) from None


def _in_foreground(directory: Path, plan: str, ports: Ports, scale: Scale) -> background.Started:
    # Only here: it loads the clients of the broker and the database, which would slow down every other command.
    from embedded.run import log_to_file, run  # noqa: PLC0415 -- see above

    log_to_file(directory)
    ended = threading.Event()
    with _display() as live:

        def show() -> None:
            while not ended.wait(_DISPLAY_SECONDS):
                state = read_state(state_path(directory))
                if state is not None:
                    live.update(progress(state))

        display = threading.Thread(target=show, daemon=True)
        display.start()
        try:
            outcome = asyncio.run(run(directory, plan, ports, scale))
        finally:
            ended.set()
            display.join()
    return background.Started(read_state(state_path(directory)), already=outcome is Outcome.ALREADY_RUNNING)


@contextmanager
def _display() -> Iterator[Live]:
    with Live(console=stderr, refresh_per_second=8) as live:
        yield live
    if not stderr.is_terminal:
        # To a file or pipe Rich leaves the last line open.
        stderr.line()


def progress(state: RunState) -> Table:
    """Show the steps of a start with their time, and the processes that aren't ready yet."""
    table = Table.grid(padding=(0, 2))
    now = datetime.now(UTC)
    for step in state.steps:
        seconds = ((step.finished or now) - step.started).total_seconds()
        note = step.note
        if step.name == "services" and step.finished is None:
            note = ", ".join(f"{one.name} {one.phase}" for one in state.processes if not one.ready)
        mark = "[green]✓[/green]" if step.finished else ("[red]✗[/red]" if state.failure else "…")
        table.add_row(mark, step.name, f"{seconds:.1f} s", note)
    return table


def _print_running(state: RunState | None, first: str = "already running 已在运行") -> None:
    console = Console(highlight=False, soft_wrap=True)
    if state is None:
        console.print(first)
        return
    console.print(f"{first} (pid {state.pid})")
    for name, address in state.addresses.items():
        console.print(f"  {name}: {address}")
    if ADDRESS in state.addresses:
        console.print(
            "traces 链路追踪: open that address; `lianhe import` names the trace of a row 用浏览器打开上述地址"
        )
    console.print("status 状态: lianhe status · logs 日志: lianhe logs -f · stop 停止: lianhe down")


def _print_failure(directory: Path, state: RunState | None) -> None:
    name, lines = background.told_by(directory, state)
    if lines:
        stderr.print(f"── the end of {name}.log 日志末尾 ──", style="dim")
        for line in lines:
            stderr.print(line, markup=False)
    if state is not None and state.failure is not None:
        stderr.print(f"[red]error 错误:[/red] {state.failure.english}\n{state.failure.chinese}")
    stderr.print("What had started was stopped. When the cause is mended, run `lianhe up` again.")
    stderr.print("已启动的进程均已停止。排除原因后请重新运行 `lianhe up`。")
