"""GraphQL over HTTP: `POST /graphql`, `GET /graphql` for queries, GraphiQL for browsers; and by WebSocket."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Final

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from gateway.changes.watching import Watch
from gateway.commands import Commands
from gateway.graphql import graphiql
from gateway.graphql.engine import Answer, Engine, refusal
from gateway.graphql.errors import Code, QueryError
from gateway.graphql.http_requests import BadRequestError, posted, queried
from gateway.graphql.negotiation import GRAPHQL_RESPONSE, HTML, JSON, preferred
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH, Graph
from gateway.graphql.scope import EVERYTHING, Scope
from gateway.graphql.subscriptions.groups import Subscriptions
from gateway.graphql.subscriptions.reading import ChangesReader
from gateway.graphql.websocket import Answering, Limits, Sockets
from kit.problems import UNAUTHENTICATED, Problem
from kit.telemetry import TRACEPARENT

_PATH: Final = "/graphql"
_HEADERS: Final = {
    HTTPStatus.METHOD_NOT_ALLOWED: {"allow": "POST"},
    HTTPStatus.UNAUTHORIZED: {"www-authenticate": "Bearer"},
}
_NOT_ACCEPTABLE: Final = BadRequestError(
    f"Answers are {JSON} or {GRAPHQL_RESPONSE}: accept one of them.",
    f"响应格式只有 {JSON} 和 {GRAPHQL_RESPONSE}，请在 Accept 中接受其一。",
    406,
)

ScopeOf = Callable[[Request], Awaitable[Scope]]
"""Says what the caller of a request may see; raises `Problem` for one whom it doesn't know."""


async def everything(_request: Request) -> Scope:
    """Let everybody see everything: for tests, and behind another wall."""
    return EVERYTHING


def graphql_app(
    pool: asyncpg.Pool,
    *,
    graph: Graph = GRAPH,
    scope_of: ScopeOf = everything,
    commands: Commands | None = None,
    watch: Watch | None = None,
    limits: Limits | None = None,
) -> Starlette:
    """Return the application that serves the graph at `/graphql`.

    Args:
        pool: Connections that can only read, as `gateway.graphql.pool.read_pool` opens them; the caller closes it.
        graph: The graph that is served.
        scope_of: What a caller may see.
        commands: Takes commands to their owners; without it every mutation is refused as unavailable.
        watch: Knows how far the log of changes goes; without it every subscription is refused as unavailable.
        limits: What WebSocket connections are held to.
    """
    engine = Engine(graph, Reader(pool, graph.schema), commands)
    limits = limits or Limits()
    subscriptions = None if watch is None else Subscriptions(watch, ChangesReader(pool, graph.schema), limits.waiting)
    sockets = Sockets(graph, Answering(engine, subscriptions, scope_of, limits))

    async def serve(request: Request) -> Response:
        accept = request.headers.get("accept", "")
        by_get = request.method != "POST"
        if by_get and "query" not in request.query_params and preferred(accept, (HTML, JSON, GRAPHQL_RESPONSE)) == HTML:
            return graphiql.page()
        media_type = preferred(accept, (JSON, GRAPHQL_RESPONSE))
        if media_type is None:
            return _refused(_NOT_ACCEPTABLE, JSON)
        try:
            asked = queried(request) if by_get else await posted(request)
        except BadRequestError as error:
            return _refused(error, media_type)
        try:
            scope = await scope_of(request)
        except Problem as problem:
            return _response(refusal(_unknown(problem)), media_type)
        headers = request.headers
        asked = replace(asked, authorization=headers.get("authorization"), traceparent=headers.get(TRACEPARENT))
        return _response(await engine.answer(asked, scope), media_type)

    async def speak(websocket: WebSocket) -> None:
        await sockets(websocket)

    return Starlette(
        routes=[
            Route(_PATH, serve, methods=["GET", "POST"]),
            WebSocketRoute(_PATH, speak),
            *graphiql.routes(_PATH),
        ]
    )


def _unknown(problem: Problem) -> QueryError:
    code = Code.UNAUTHENTICATED if problem.kind is UNAUTHENTICATED else Code.UNAVAILABLE
    return QueryError(code, problem.detail, problem.detail_zh)


def _response(answer: Answer, media_type: str) -> Response:
    status = answer.status
    if media_type == JSON and status == HTTPStatus.BAD_REQUEST:
        status = HTTPStatus.OK  # clients of the older media type look for errors in the body alone
    headers = _HEADERS.get(HTTPStatus(status))
    return Response(answer.body, status, headers, f"{media_type}; charset=utf-8")


def _refused(error: BadRequestError, media_type: str) -> Response:
    return Response(refusal(error.error).body, error.status, media_type=f"{media_type}; charset=utf-8")
