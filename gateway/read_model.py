"""Builds of the read model: each a PostgreSQL schema of its own, and a pointer that says which one is read.

A rebuild grows as `model_<n+1>` beside the live `model_<n>`; then the pointer is switched, and the old schema dropped
later. Schemas are never renamed: renaming was seen to break statements that connections had prepared.
"""

import re
from typing import Final

import asyncpg
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import CreateSchema

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

_LIVE: Final = "SELECT live FROM public.read_model"


class NoReadModelError(Exception):
    """No build of the read model is live: the gateway's migrations have not run, or its first build is not switched."""

    def __init__(self) -> None:
        super().__init__(
            "public.read_model names no live build: run the gateway's migrations "
            "尚无可读的读模型，请先运行网关的数据库迁移"
        )


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


def checked(name: str) -> str:
    """Return `name` if it is the name of a build; it goes into SQL text, so nothing else may pass.

    Raises:
        ValueError: it is not of the form `model_<n>`.
    """
    if not SCHEMA_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no build of the read model: expected model_<n>")
    return name
