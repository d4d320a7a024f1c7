"""`lianhe`: the entry. What a person can mend is told in a few lines; anything else is a bug and shows itself."""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import typer

COMMANDS: Final[Mapping[str, str]] = {
    "demo": "cli.demo:demo",
    "up": "cli.up:up",
    "down": "cli.down:down",
    "status": "cli.status:status",
    "logs": "cli.logs:logs",
    "import": "cli.import_:import_",
    "template": "cli.template:app",
    "import-organisations": "cli.import_ledgers:import_organisations_",
    "import-members": "cli.import_ledgers:import_members_",
    "divisions": "cli.divisions:divisions",
    "topics": "cli.topics:topics",
    "dead-letters": "cli.dead_letters:app",
    "databases": "cli.databases:databases",
    "migrate": "cli.migrate:migrate",
    "serve": "cli.serve:serve",
    "secrets": "cli.secrets:secrets",
    "settings": "cli.settings:settings",
    "token": "cli.token:token",
    "rotate-keys": "cli.rotate_keys:rotate_keys",
    "republish": "cli.republish:republish",
    "rebuild": "cli.rebuild:rebuild",
    "check": "cli.check:check",
}
"""Each command and where it is. Only the one that is asked for is imported: `status` needs no database driver."""


def command_line(asked: str | None = None) -> typer.Typer:
    """Return the command line, with the one command that is asked for, or with all."""
    app = typer.Typer(
        name="lianhe",
        help="Lianhe 联合: 小个专 Party-building work of a district, by events. 区县“小个专”党建工作平台。",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    # a callback makes the name of the command part of the command line, also where it is the only one
    app.callback()(_nothing)
    for name in (asked,) if asked is not None and asked in COMMANDS else COMMANDS:
        module, _, function = COMMANDS[name].partition(":")
        found = getattr(import_module(module), function)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def main() -> None:
    """Run the command line."""
    command_line(sys.argv[1] if len(sys.argv) > 1 else None)()


def _nothing() -> None:
    return


if __name__ == "__main__":
    main()
