"""`lianhe secrets`: the passwords and keys of a deployment, a file each."""

import os
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import quote

import orjson
import typer
from rich.console import Console

from cli.errors import told
from cli.migrate import FOLDERS
from embedded import development_key
from embedded.databases import SUPERUSER
from embedded.errors import EmbeddedError
from embedded.files import key_made, secret_kept, write_atomically
from embedded.plan import DEAD_LETTER_KEY, LIANHE

_READ_ONLY: Final = 0o400
_OPEN: Final = 0o755


def secrets(
    directory: Annotated[Path, typer.Argument(help="Where they are kept; made if it is missing 存放目录.")],
    *,
    database_host: Annotated[str, typer.Option(help="host:port of PostgreSQL, for the addresses.")] = "postgres:5432",
    development: Annotated[
        bool, typer.Option("--development", help="Make a development issuer of tokens too; refused in production.")
    ] = False,
    owner: Annotated[int | None, typer.Option(help="User id that is to read them; takes root 文件所有者.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the files' names as one line of JSON.")] = False,
) -> None:
    """Make the passwords and keys of a deployment where they are missing. 生成部署所需的密码与密钥。

    A directory for each part that needs some, so that each is given no others: <service>-database (username, password,
    url), <service>-keys, postgres, grafana. A file that is there stays as it is; put your own there beforehand. Only
    names are printed. Keep a copy elsewhere: without the keys what they sealed can't be opened.

    Example 示例: lianhe secrets deploy/compose/secrets --development
    """
    with told(EmbeddedError, OSError):
        made = _made(directory, database_host)
        if development:
            made += _issuer(directory)
        for path in made:
            path.chmod(_READ_ONLY)
            if owner is not None:
                os.chown(path, owner, owner)
            path.parent.chmod(_OPEN)
        directory.chmod(_OPEN)
    names = sorted(str(path.relative_to(directory)) for path in made)
    if as_json:
        print(orjson.dumps(names).decode())
        return
    console = Console(highlight=False, soft_wrap=True)
    for name in names:
        console.print(f"{directory / name}")
    console.print("keep a copy of them elsewhere 请另行妥善备份")


def _made(directory: Path, host: str) -> list[Path]:
    found = []

    def keep(path: Path, value: str | None = None) -> str:
        found.append(path)
        return secret_kept(path) if value is None else secret_kept(path, lambda: value)

    def keep_key(path: Path) -> None:
        found.append(path)
        secret_kept(path, key_made)

    for service in FOLDERS:
        place = directory / f"{service}-database"
        username, password = keep(place / "username", service), keep(place / "password")
        keep(place / "url", f"postgresql://{username}:{quote(password, safe='')}@{host}/{username}")
        for name in (DEAD_LETTER_KEY, *_keys(service)):
            keep_key(directory / f"{service}-keys" / name.lower().replace("_", "-"))
    keep(directory / "grafana" / "password")
    password = keep(directory / "postgres" / "password")
    keep(directory / "postgres" / "url", f"postgresql://{SUPERUSER}:{quote(password, safe='')}@{host}/{SUPERUSER}")
    return found


def _keys(service: str) -> list[str]:
    return sorted({key for process in LIANHE.services if process.database == service for key in process.keys})


def _issuer(directory: Path) -> list[Path]:
    public = development_key.make(directory / "development")
    shown = directory / "issuer" / "jwks.json"
    shown.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(shown, public.read_text(encoding="utf-8"))
    return [shown, public, public.with_name("development-key.json")]
