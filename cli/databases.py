"""`lianhe databases`: each service's role and database, on a PostgreSQL server that is already there."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

import asyncpg
import orjson
import typer
from rich.console import Console

from cli.errors import told
from cli.migrate import FOLDERS
from embedded.databases import ensure
from kit.settings import NOT_SET, SettingsError, setting

ADMIN: Final = "POSTGRES_ADMIN_URL"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for.

    Attributes:
        service: whose it is.
        database: name of the database.
        role: who owns it and logs in.
        password: the role's.
    """

    service: str
    database: str
    role: str
    password: str


def databases(*, as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False) -> None:
    """Make each service's role and database as DATABASE_URL_<SERVICE> names them. 创建各服务的数据库与账号。

    For a PostgreSQL server that has none yet; POSTGRES_ADMIN_URL is a superuser's address there. A role owns its own
    database and may not connect to another's. Running it twice changes nothing but a password that was changed in the
    address. Any of the settings may be given by a file: POSTGRES_ADMIN_URL_FILE and so on.

    Example 示例: lianhe databases
    """
    with told(ValueError, asyncpg.PostgresError, OSError):
        admin = setting(ADMIN)
        wanted = [_wanted(name, url) for name in FOLDERS if (url := setting(f"DATABASE_URL_{name.upper()}"))]
        missing = [f"  {ADMIN}: {NOT_SET}"] if admin is None else []
        if not wanted:
            missing.append(f"  DATABASE_URL_REGISTRATION: {NOT_SET}")
        if admin is None or missing:
            raise SettingsError("\n".join([f"{len(missing)} setting(s) can't be used 配置有误:", *missing]))
        asyncio.run(_ensure(admin, wanted))
    for one in wanted:
        if as_json:
            print(orjson.dumps({"service": one.service, "database": one.database, "role": one.role}).decode())
        else:
            Console(highlight=False).print(f"{one.service}: database 数据库 {one.database}, role 账号 {one.role}")


def _wanted(service: str, url: str) -> Wanted:
    parts = urlsplit(url)
    database, role, password = parts.path.removeprefix("/"), parts.username, parts.password
    if not (database and role and password):
        raise SettingsError(
            f"DATABASE_URL_{service.upper()}: expected postgresql://role:password@host:port/database; role, password "
            "or database is missing 地址缺少账号、密码或数据库名，请更正"
        )
    return Wanted(service, database, unquote(role), unquote(password))


async def _ensure(admin: str, wanted: list[Wanted]) -> None:
    connection = await asyncpg.connect(admin)
    try:
        for one in wanted:
            await ensure(connection, database=one.database, role=one.role, password=one.password)
    finally:
        await connection.close()
