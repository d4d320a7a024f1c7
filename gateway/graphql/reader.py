"""Runs statements on the live build of the read model, one for each reading."""

import time
from collections.abc import Callable
from typing import Final

import asyncpg
from graphql import GraphQLSchema

from gateway.graphql.caching import BoundedCache
from gateway.graphql.documents import Request
from gateway.graphql.inputs import shape_of
from gateway.graphql.limits import Budget
from gateway.graphql.scope import Scope
from gateway.graphql.statements import Groups, Statement, compiled
from gateway.read_model import live_schema

_CACHED_STATEMENTS: Final = 1_000
_TRUSTED_SECONDS: Final = 1.0
"""How long the pointer to the live build is believed; the old build outlives a switch by far more."""

_ACQUIRE_SECONDS: Final = 5.0
"""How long a request waits for a connection before it is told to try again."""

_GONE: Final = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.UndefinedColumnError)


class Reader:
    """Reads the live build through a pool."""

    def __init__(self, pool: asyncpg.Pool, schema: GraphQLSchema, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._schema = schema
        self._clock = clock
        self._build: str | None = None
        self._read_at = 0.0
        self._statements: BoundedCache[object, Statement] = BoundedCache(_CACHED_STATEMENTS)

    async def read(self, request: Request, groups: Groups, scope: Scope, budget: Budget) -> str:
        """Return the JSON text of root fields, read by one statement.

        Raises:
            QueryError: the arguments can't be used.
            RequestError: the request costs too much.
            asyncpg.PostgresError: the database failed.
        """
        build = await self._live_build()
        try:
            return await self._run(build, request, groups, scope, budget)
        except _GONE:
            # The build was switched and dropped within the time that the pointer was believed.
            self._build = None
            current = await self._live_build()
            if current == build:
                raise
            return await self._run(current, request, groups, scope, budget)

    async def _run(self, build: str, request: Request, groups: Groups, scope: Scope, budget: Budget) -> str:
        key = (
            request.document.text,
            request.operation_name,
            tuple(groups),
            tuple((name, shape_of(value)) for name, value in request.variables.coerced.items()),
            build,
            scope.shape,
        )
        statement = self._statements.get(key)
        if statement is None:
            statement = compiled(self._schema, request, groups, scope, build)
            self._statements.put(key, statement)
        values = statement.bind(request, scope, budget)
        async with self._pool.acquire(timeout=_ACQUIRE_SECONDS) as connection:
            text: str = await connection.fetchval(statement.sql, *values)
        return text

    async def _live_build(self) -> str:
        now = self._clock()
        if self._build is None or now - self._read_at >= _TRUSTED_SECONDS:
            self._build = await live_schema(self._pool)
            self._read_at = now
        return self._build
