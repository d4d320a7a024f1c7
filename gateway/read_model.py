"""Builds of the read model: each a PostgreSQL schema of its own, and a pointer that says which one is read.

A rebuild grows as `model_<n+1>` beside the live `model_<n>`; then the pointer is switched, and the old schema dropped
later. Schemas are never renamed: renaming was seen to break statements that connections had prepared.
"""

import re
from collections.abc import Sequence
from typing import Final

import asyncpg
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateSchema, DropSchema

from gateway.tables import ReadModelTable

SCHEMA_NAME: Final = re.compile(r"model_[1-9][0-9]{0,8}")
"""What the schema of a build is called."""

POINTER_TABLE: Final = """
    CREATE TABLE public.read_model (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        live text NOT NULL CHECK (live ~ '^model_[1-9][0-9]{0,8}$')
    )
"""
"""DDL of the pointer: at most one row, naming the schema that is read."""

CHANNEL: Final = "read_model"
"""PostgreSQL notification channel that tells of a switched pointer."""

_LIVE: Final = "SELECT live FROM public.read_model"
_SCHEMAS: Final = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^model_[1-9][0-9]{0,8}$'"
_COLUMNS: Final = """
    SELECT relation.relname AS table, attribute.attname AS column
    FROM pg_class AS relation
    JOIN pg_namespace AS schema ON schema.oid = relation.relnamespace
    JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid
    WHERE schema.nspname = $1 AND relation.relkind = 'r' AND attribute.attnum > 0 AND NOT attribute.attisdropped
"""


class NoReadModelError(Exception):
    """No build of the read model is live: the gateway's migrations have not run, or its first build is not switched."""

    def __init__(self) -> None:
        super().__init__(
            "public.read_model names no live build: run the gateway's migrations "
            "尚无可读的读模型，请先运行网关的数据库迁移"
        )


class IncompleteBuildError(Exception):
    """A build lacks tables or columns that this release reads and writes: an older release made it."""

    def __init__(self, name: str, lacking: Sequence[str]) -> None:
        super().__init__(
            f"{name}, the live build of the read model, was made by an older release and lacks: {', '.join(lacking)}. "
            "Build it anew: lianhe rebuild\n"
            f"读模型 {name} 由旧版本建立，缺少上述表或列，请运行 lianhe rebuild 重建"
        )


class LiveBuildError(Exception):
    """The build that is read is never dropped."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is the live build of the read model 正在使用的读模型不可删除")


def create(connection: Connection, name: str) -> None:
    """Create an empty build of the read model, inside the caller's transaction.

    Args:
        connection: A connection of SQLAlchemy, such as Alembic's `op.get_bind()`.
        name: The build's schema, `model_<n>`.

    Raises:
        ValueError: the name is not of that form.
        sqlalchemy.exc.ProgrammingError: the schema is there already.
    """
    connection.execute(CreateSchema(checked(name)))
    placed = MetaData()
    for table in ReadModelTable.metadata.sorted_tables:
        table.to_metadata(placed, schema=name)
    placed.create_all(connection, checkfirst=False)


def switch(connection: Connection, name: str) -> None:
    """Let the graph read the build `name` from now on, as soon as the caller's transaction commits.

    Raises:
        ValueError: the name is not of the form `model_<n>`.
    """
    connection.execute(
        text("INSERT INTO public.read_model (live) VALUES (:live) ON CONFLICT (one) DO UPDATE SET live = :live"),
        {"live": checked(name)},
    )
    connection.execute(text("SELECT pg_notify(:channel, :live)"), {"channel": CHANNEL, "live": name})


def drop(connection: Connection, name: str) -> None:
    """Drop a build with all that it has, inside the caller's transaction.

    Raises:
        ValueError: the name is not of the form `model_<n>`.
        LiveBuildError: it is the build that is read; nobody can switch to it before the transaction ends.
    """
    if connection.execute(text(f"{_LIVE} FOR UPDATE")).scalar() == checked(name):
        raise LiveBuildError(name)
    connection.execute(DropSchema(name, cascade=True, if_exists=True))


async def live_schema(connection: asyncpg.Connection | asyncpg.Pool) -> str:
    """Return the schema of the build that is read.

    Raises:
        NoReadModelError: the pointer is not there, or empty.
        ValueError: the pointer holds something that is no build's name.
    """
    try:
        live = await connection.fetchval(_LIVE)
    except asyncpg.UndefinedTableError as error:
        raise NoReadModelError from error
    if live is None:
        raise NoReadModelError
    return checked(str(live))


async def builds(connection: asyncpg.Connection | asyncpg.Pool) -> list[str]:
    """Return the schemas of all builds that are there, the oldest first."""
    return sorted((str(row["nspname"]) for row in await connection.fetch(_SCHEMAS)), key=number)


async def lacking(connection: asyncpg.Connection | asyncpg.Pool, name: str) -> list[str]:
    """Return what this release reads or writes and a build has not: a table by its name, a column as `table.column`."""
    there: dict[str, set[str]] = {}
    for row in await connection.fetch(_COLUMNS, checked(name)):
        there.setdefault(row["table"], set()).add(row["column"])
    found = []
    for table in ReadModelTable.metadata.sorted_tables:
        columns = there.get(table.name)
        if columns is None:
            found.append(table.name)
        else:
            found += [f"{table.name}.{column.name}" for column in table.columns if column.name not in columns]
    return sorted(found)


async def require_complete(connection: asyncpg.Connection | asyncpg.Pool, name: str) -> None:
    """Do nothing if a build has every table and column of this release.

    Raises:
        IncompleteBuildError: it lacks some.
    """
    missing = await lacking(connection, name)
    if missing:
        raise IncompleteBuildError(name, missing)


def number(name: str) -> int:
    """Return the number of a build.

    Raises:
        ValueError: the name is not of the form `model_<n>`.
    """
    return int(checked(name).removeprefix("model_"))


def checked(name: str) -> str:
    """Return `name` if it is the name of a build; it goes into SQL text, so nothing else may pass.

    Raises:
        ValueError: it is not of the form `model_<n>`.
    """
    if not SCHEMA_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no build of the read model: expected model_<n>")
    return name
