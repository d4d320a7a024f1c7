"""One database and one login role a service, on any PostgreSQL server."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from embedded.files import secret_kept

SUPERUSER = "postgres"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


async def ensure_databases(admin_url: str, services: Sequence[str], secrets: Path) -> dict[str, str]:
    """Make each service's database and role where they are missing; run again, it changes nothing.

    A role owns its own database and may not connect to another's.

    Args:
        admin_url: A superuser's address.
        services: Names of services; also the names of their databases and roles.
        secrets: The directory where passwords are kept, a file a role, mode 0600.

    Returns:
        Service name to ``postgresql://role:password@host:port/database``.

    Raises:
        ValueError: A name is no plain lower-case identifier.
    """
    for name in services:
        _require_name(name)
    server = urlsplit(admin_url).netloc.rpartition("@")[2]
    connection = await asyncpg.connect(admin_url)
    try:
        urls = {}
        for name in services:
            password = secret_kept(secrets / f"postgres-{name}")
            await ensure(connection, database=name, role=name, password=password)
            urls[name] = f"postgresql://{name}:{quote(password, safe='')}@{server}/{name}"
        return urls
    finally:
        await connection.close()


async def ensure(connection: "asyncpg.Connection[asyncpg.Record]", *, database: str, role: str, password: str) -> None:
    """Make a database and the role that owns it where they are missing, and set the role's password.

    Args:
        connection: A superuser's.
        database: Name of the database.
        role: Name of the role.
        password: The role's.

    Raises:
        ValueError: A name is no plain lower-case identifier.
    """
    _require_name(database)
    _require_name(role)
    # Identifiers are checked against a strict pattern, and literals quoted by the server: DDL takes no parameters.
    literal = await connection.fetchval("SELECT quote_literal($1)", password)
    if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
        await connection.execute(f'CREATE ROLE "{role}"')
    # At every start, so that a role made by a start that was killed gets its password too.
    await connection.execute(f'ALTER ROLE "{role}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {literal}')
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
        await connection.execute(f'CREATE DATABASE "{database}" OWNER "{role}"')
    await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a database and a role 不能用作数据库或账号名称")
