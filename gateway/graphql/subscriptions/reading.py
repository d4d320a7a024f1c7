"""Reads what subscribers are told: one statement a page of changes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
from graphql import GraphQLSchema

from gateway.changes.log import State
from gateway.graphql.caching import BoundedCache
from gateway.graphql.documents import Request
from gateway.graphql.inputs import shape_of
from gateway.graphql.scope import Scope
from gateway.graphql.subscriptions.errors import too_old
from gateway.graphql.subscriptions.statements import ChangesStatement, Plan, Root, compiled_changes

_CACHE_CHARACTERS: Final = 1024 * 1024
_AT_ONCE: Final = 3
"""Pages read at the same time, so that subscriptions leave most connections to queries."""
_ACQUIRE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Told:
    """One change, as a subscriber is told it.

    Attributes:
        position: Its place in the log.
        text: The JSON of the answer.
        traceparent: The trace in which it came, where it is traced.
    """

    position: int
    text: str
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of the log.

    Attributes:
        told: The changes that are told, in order.
        reached: All up to this position was read, told or not.
        late: Whether the next change is one that the read model has not taken in yet, or an older build of it has.
    """

    told: Sequence[Told]
    reached: int
    late: bool


class ChangesReader:
    """Reads pages of changes through a pool.

    Args:
        pool: Connections that can only read.
        schema: Of the graph.
    """

    def __init__(self, pool: asyncpg.Pool, schema: GraphQLSchema) -> None:
        self._pool = pool
        self._schema = schema
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._statements: BoundedCache[object, ChangesStatement] = BoundedCache(_CACHE_CHARACTERS)

    def root(self, request: Request) -> Root:
        """Return the root field of a subscription."""
        return Root.of(self._schema, request)

    def plan(self, request: Request, scope: Scope, build: str) -> Plan:
        """Return what is read for a subscription on a build of the read model.

        Raises:
            QueryError: the arguments can't be used.
            RequestError: a change costs too much.
        """
        root = self.root(request)
        key = (
            request.document.text,
            request.operation_name,
            tuple((name, shape_of(value)) for name, value in request.variables.coerced.items()),
            build,
            scope.shape,
        )
        statement = self._statements.get(key)
        if statement is None:
            statement = compiled_changes(self._schema, root, request, scope, build)
            self._statements.put(key, statement, len(statement.statement.sql))
        return statement.plan(root, request, scope)

    async def page(self, plan: Plan, after: int, state: State, *, patient: bool) -> Page:
        """Read the changes behind a position, up to the log's state or the size of a page.

        Args:
            plan: What is read.
            after: The position.
            state: How far the log goes.
            patient: Whether to stop before a change that the build has not taken in, which comes about for a moment
                while one build takes over from another; else it is told of as the row is.

        Raises:
            SubscriptionError: what followed the position is deleted.
            asyncpg.PostgresError: the database failed.
        """
        async with self._places, self._pool.acquire(timeout=_ACQUIRE_SECONDS) as connection:
            rows = await connection.fetch(plan.sql, *plan.page(after, state.last))
        if rows[0]["pruned"] > after:
            raise too_old(after)
        changes = [row for row in rows if row["position"] is not None]
        told: list[Told] = []
        reached = after
        for change in changes:
            if change["late"] and patient:
                return Page(told, reached, late=True)
            reached = change["position"]
            if change["told"] is not None:
                text = f'{{"data":{{"{plan.key}":{change["told"]}}}}}'
                told.append(Told(reached, text, change["traceparent"]))
        return Page(told, reached if len(changes) == plan.size else max(after, state.last), late=False)
