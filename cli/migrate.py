"""`lianhe migrate`: bring the databases to the newest revision."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from kit import migrations
from kit.database import AWAY
from kit.settings import setting

ROOT: Final = Path(__file__).parent.parent
FOLDERS: Final = {
    "registration": ROOT / "services" / "registration" / "migrations",
    "ledgers": ROOT / "services" / "ledgers" / "migrations",
    "assessment": ROOT / "services" / "assessment" / "migrations",
    "pairing": ROOT / "services" / "pairing" / "migrations",
    "gateway": ROOT / "gateway" / "migrations",
}


def migrate(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Bring every database that has an address to the newest revision. 升级数据库结构。

    The addresses are DATABASE_URL_<SERVICE> of registration, ledgers, assessment, pairing and gateway; one that isn't
    set is left out. Running it twice changes nothing.

    Example 示例: lianhe migrate
    """
    console = Console(highlight=False)
    with told(NothingRunsError, *AWAY):
        use_what_runs(data_dir)
        urls = {name: url for name in FOLDERS if (url := setting(f"DATABASE_URL_{name.upper()}"))}
        for name, url in urls.items():
            before, after = asyncio.run(migrations.upgrade(url, FOLDERS[name]))
            if as_json:
                print(orjson.dumps({"service": name, "before": before, "after": after}).decode())
            elif before == after:
                console.print(f"{name}: at {after} already 已是最新")
            else:
                console.print(f"{name}: {before or 'empty 空库'} → {after}")
