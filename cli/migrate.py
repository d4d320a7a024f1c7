"""`lianhe migrate`: bring the databases to the newest revision."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Final

import asyncpg
import orjson
import typer
from rich.console import Console

from cli.errors import told
from kit import migrations

ROOT: Final = Path(__file__).parent.parent
FOLDERS: Final = {
    "registration": ROOT / "services" / "registration" / "migrations",
    "ledgers": ROOT / "services" / "ledgers" / "migrations",
    "gateway": ROOT / "gateway" / "migrations",
}


def migrate(*, as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False) -> None:
    """Bring every database that has an address to the newest revision. 升级数据库结构。

    The addresses are DATABASE_URL_REGISTRATION, DATABASE_URL_LEDGERS, DATABASE_URL_GATEWAY; one that isn't set is left
    out. Running it twice changes nothing.

    Example 示例: lianhe migrate
    """
    console = Console(highlight=False)
    urls = {name: url for name in FOLDERS if (url := os.environ.get(f"DATABASE_URL_{name.upper()}"))}
    with told(asyncpg.PostgresError, OSError, LookupError):
        if not urls:
            raise LookupError("no DATABASE_URL_<SERVICE> is set; run `lianhe up`, or set them 未设置数据库地址")
        for name, url in urls.items():
            before, after = asyncio.run(migrations.upgrade(url, FOLDERS[name]))
            if as_json:
                print(orjson.dumps({"service": name, "before": before, "after": after}).decode())
            elif before == after:
                console.print(f"{name}: at {after} already 已是最新")
            else:
                console.print(f"{name}: {before or 'empty 空库'} → {after}")
