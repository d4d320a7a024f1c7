"""`lianhe status`: what runs, and whether it is ready."""

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.up import DEFAULT_DIRECTORY, DataDirectory
from embedded import background
from embedded.state import RunPhase, RunState


class ExitCode(IntEnum):
    """What the exit status of `lianhe status` means."""

    READY = 0
    NOT_READY = 1
    NOT_RUNNING = 3


def status(
    *,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole state as a JSON object.")] = False,
) -> None:
    """Show every process: state, pid, port, uptime, restarts. 查看运行状态。

    Exit status 0 if all are ready, 1 if some are not, 3 if nothing runs.

    Example 示例: lianhe status --json
    """
    console = Console(highlight=False, soft_wrap=True)
    state = background.running(data_dir.expanduser().absolute())
    if state is None:
        if as_json:
            print('{"phase": "stopped", "processes": []}')
        else:
            console.print("nothing is running; start with `lianhe up` 没有正在运行的服务，请用 `lianhe up` 启动")
        raise typer.Exit(ExitCode.NOT_RUNNING)
    if as_json:
        print(state.model_dump_json())
    else:
        console.print(_table(state))
        for name, address in state.addresses.items():
            console.print(f"{name}: {address}")
    if state.phase is not RunPhase.RUNNING or not all(process.ready for process in state.processes):
        raise typer.Exit(ExitCode.NOT_READY)


def _table(state: RunState) -> Table:
    table = Table(
        Column("process 进程", no_wrap=True),
        "state 状态",
        "pid",
        "port 端口",
        "for 时长",
        "restarts 重启",
        "last exit 上次退出",
    )
    now = datetime.now(UTC)
    for one in state.processes:
        colour = "green" if one.ready else "yellow"
        table.add_row(
            one.name,
            f"[{colour}]{one.phase}[/{colour}]",
            str(one.pid or ""),
            str(one.port or ""),
            str(timedelta(seconds=int((now - one.since).total_seconds()))),
            str(one.restarts),
            one.last_exit or "",
        )
    return table
