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
from gateway.graphql.statements import Bound, Root, Statement, compiled, root_groups
from gateway.read_model import live_schema

_CACHE_CHARACTERS: Final = 4 * 1024 * 1024
"""Statement text that is kept: about 1,000 statements as they are, 100 of the widest."""
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
        self._statements: BoundedCache[object, Statement] = BoundedCache(_CACHE_CHARACTERS)

    async def read(self, request: Request, scope: Scope, budget: Budget, root: Root | None = None) -> str:
        """Return the JSON text of a query's root fields, or of one of them, read by one statement.

        Raises:
            NotCompiledError: the operation does not compile.
            QueryError: the arguments can't be used.
            RequestError: the request costs too much.
            asyncpg.PostgresError: the database failed.
        """
        build = await self._live_build()
        statement = self._statement(build, request, scope, root)
        bound = statement.bind(request, scope)
        budget.spend(bound.cost)
        try:
            return await self._fetch(statement, bound)
        except _GONE:
            # The build was switched and dropped within the time that the pointer was believed.
            self._build = None
            current = await self._live_build()
            if current == build:
                raise
            return await self._fetch(self._statement(current, request, scope, root), bound)

    async def _fetch(self, statement: Statement, bound: Bound) -> str:
        async with self._pool.acquire(timeout=_ACQUIRE_SECONDS) as connection:
            text: str = await connection.fetchval(statement.sql, *bound.values)
        return text

    def _statement(self, build: str, request: Request, scope: Scope, root: Root | None) -> Statement:
        key = (
            request.document.text,
            request.operation_name,
            tuple((name, shape_of(value)) for name, value in request.variables.coerced.items()),
            root and root.key,
            build,
            scope.shape,
        )
        statement = self._statements.get(key)
        if statement is None:
            groups = {root.key: root.details} if root else root_groups(self._schema, request)
            statement = compiled(self._schema, request, groups, scope, build)
            self._statements.put(key, statement, len(statement.sql))
        return statement

    async def _live_build(self) -> str:
        now = self._clock()
        if self._build is None or now - self._read_at >= _TRUSTED_SECONDS:
            self._build = await live_schema(self._pool)
            self._read_at = now
        return self._build
