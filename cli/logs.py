"""`lianhe logs`: what the processes say."""

import time
from pathlib import Path
from typing import Annotated

import typer

from cli.errors import told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from embedded.errors import EmbeddedError
from embedded.logfile import LogFollower, last_lines

_POLL_SECONDS = 0.2


def logs(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Processes; all without.")] = None,
    *,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C 持续输出.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many lines of each 行数.")] = 20,
) -> None:
    """Print the end of the logs, of all processes or of those named. 查看日志。

    With more than one log, each line begins with its process's name.

    Example 示例: lianhe logs ledgers ledgers-relay -f
    """
    with told(EmbeddedError):
        paths = _paths(data_dir.expanduser().absolute() / "logs", names or [])
    prefixes = {path: f"{path.stem}: " if len(paths) > 1 else "" for path in paths}
    # Opened before the last lines are read: a line in between may come twice, never not at all.
    followers = [LogFollower(path) for path in paths] if follow else []
    for path in paths:
        for line in last_lines(path, lines):
            print(prefixes[path] + line)
    try:
        while followers:
            for follower in followers:
                for line in follower.new_lines():
                    print(prefixes[follower.path] + line, flush=True)
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _paths(directory: Path, names: list[str]) -> list[Path]:
    there = {path.stem: path for path in sorted(directory.glob("*.log"))}
    unknown = [name for name in names if name not in there]
    if unknown or not there:
        have = ", ".join(there) or "-"
        raise EmbeddedError(
            f"There is no log of {', '.join(unknown) or 'any process'} in {directory}; there are: {have}.",
            f"{directory} 中没有 {'、'.join(unknown) or '任何进程'} 的日志；现有：{have}。",
        )
    return [there[name] for name in names] if names else list(there.values())
