"""How a command ends when something is wrong that a person can mend."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from kit.settings import SettingsError

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def told(*kinds: type[Exception]) -> Iterator[None]:
    """Print errors of these kinds, and settings that can't be used, as a message; exit with status 1."""
    expected: tuple[type[Exception], ...] = (SettingsError, *kinds)
    try:
        yield
    except expected as error:
        stderr.print(f"[red]error 错误:[/red] {str(error) or type(error).__name__}", markup=True)
        raise typer.Exit(1) from None
