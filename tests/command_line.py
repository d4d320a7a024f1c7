"""What the command line takes, for tests that hold documents against it."""

from typing import Any, Final

import typer.main

from cli.main import command_line

LIANHE: Final = typer.main.get_command(command_line())


def accepts(words: list[str]) -> bool:
    """Tell whether the command line has a command, with its subcommand and options; values are not looked at."""
    command: Any = LIANHE
    for word in words:
        if word.startswith("-"):
            known = {name for parameter in command.params for name in parameter.opts}
            if word.partition("=")[0] not in known | {"--help"}:
                return False
        elif hasattr(command, "commands"):
            command = command.commands.get(word)
            if command is None:
                return False
    return True
