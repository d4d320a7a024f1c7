"""`lianhe down`: stop everything, and if asked remove the data."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from cli.errors import stderr, told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from embedded import background
from embedded.errors import EmbeddedError
from embedded.orphans import stop_orphans
from embedded.state import RunState, read_state, state_path
from embedded.wipe import wipe


def down(
    *,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
    wipe_data: Annotated[bool, typer.Option("--wipe", help="Then remove all data, for good 删除全部数据.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before removing 不再确认.")] = False,
) -> None:
    """Stop every service, the broker and the database, and wait for them. 停止全部服务。

    The data stays, and `lianhe up` goes on with it, unless --wipe is given.

    Example 示例: lianhe down
    """
    console = Console(highlight=False, soft_wrap=True)
    directory = data_dir.expanduser().absolute()
    if wipe_data and not yes:
        typer.confirm(f"Remove all data in {directory} for good? 确定永久删除 {directory} 中的全部数据？", abort=True)
    with told(EmbeddedError):
        console.print(_stop(directory))
        if wipe_data:
            wipe(directory)
            console.print(f"removed 已删除: {directory}")


def _stop(directory: Path) -> str:
    with Live(console=stderr, transient=True, refresh_per_second=8) as live:

        def show(state: RunState) -> None:
            left = ", ".join(f"{one.name}" for one in state.processes if one.pid is not None)
            live.update(f"stopping 正在停止: {left}")

        if background.stop(directory, show):
            return "stopped 已停止"
    state = read_state(state_path(directory))
    found = asyncio.run(stop_orphans(state)) if state is not None else ()
    if found:
        names = ", ".join(f"{one.name} (pid {one.pid})" for one in found)
        return f"the process runner was gone; stopped what it left 进程管理器已不在，停止了遗留进程: {names}"
    return "nothing is running 没有正在运行的服务"
