"""GraphQL by WebSocket: the protocol graphql-transport-ws, at the address of the graph.

The protocol's states are those of Strawberry's handler. What is overridden: messages are checked before it reads them
(it takes their form for granted), who asks is found out at `connection_init`, and operations are run by our engine.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast

import orjson
from graphql import GraphQLError, OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)

from gateway.graphql.engine import Asked, Engine
from gateway.graphql.errors import RequestError, masking
from gateway.graphql.http_requests import MAX_BODY_BYTES
from gateway.graphql.schema import Graph
from gateway.graphql.scope import Scope
from gateway.graphql.subscriptions.errors import away, too_many
from gateway.graphql.subscriptions.groups import Subscriptions
from gateway.graphql.websocket_messages import authorization, malformed
from kit import metrics
from kit.problems import UNAUTHENTICATED, Problem

_FORBIDDEN: Final = 4403
_TRY_AGAIN: Final = 1013
_TOO_BIG: Final = 1009
_REASON_BYTES: Final = 123
"""Longest reason of a close (RFC 6455, 5.5)."""
_NOTHING: Final = Scope(divisions=(), bureaus=frozenset())


@dataclass(frozen=True, slots=True)
class Limits:
    """What connections are held to.

    Attributes:
        connections: Of this process, at the most.
        operations: Under way at once on a connection, at the most.
        init_seconds: So long a connection may take to begin.
        ping_seconds: So often the client is pinged, and its token looked at again.
        waiting: So many changes may wait for a subscriber, whose texts all of a group share.
    """

    connections: int = 1000
    operations: int = 50
    init_seconds: float = 10.0
    ping_seconds: float = 20.0
    waiting: int = 1000


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers the operations of all connections.

    Attributes:
        engine: Runs queries and mutations, and makes requests of subscriptions.
        subscriptions: Runs these; without it every one is refused as unavailable.
        scope_of: Says what the caller of a request may see.
        limits: What connections are held to.
    """

    engine: Engine
    subscriptions: Subscriptions | None
    scope_of: Callable[[Request], Awaitable[Scope]]
    limits: Limits

    async def answers(self, asked: Asked, scope: Scope) -> AsyncGenerator[str, None]:
        """Yield the JSON of each answer to an operation.

        Raises:
            GraphQLError: it is refused, or ends.
            RequestError: the same, with several errors.
        """
        request = self.engine.request(asked)
        if request.operation.operation is OperationType.SUBSCRIPTION:
            if self.subscriptions is None:
                raise away()
            with metrics.SUBSCRIPTIONS_OPEN.track_inprogress():
                async with aclosing(self.subscriptions.stream(request, scope)) as told:
                    async for text in told:
                        yield text
            return
        answer = await self.engine.answer(asked, scope)
        if not answer.has_data:
            raise RequestError(answer.errors)
        yield answer.body.decode()


@dataclass(slots=True)
class Connection:
    """One connection: who is at the other end."""

    websocket: WebSocket
    answering: Answering
    authorization: str | None = None
    scope: Scope = _NOTHING


class _Socket(ASGIWebSocketAdapter):
    """Sends and receives JSON; a connection that is closed is so for all that goes on on it."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        del ignore_parsing_errors  # of the older protocol
        while self.ws.application_state != WebSocketState.DISCONNECTED:
            try:
                text = (await self.ws.receive()).get("text")
            except (WebSocketDisconnect, RuntimeError):
                return
            if self.ws.client_state == WebSocketState.DISCONNECTED:
                return
            if text is None:
                raise NonTextMessageReceived
            if len(text.encode()) > MAX_BODY_BYTES:
                await self.close(_TOO_BIG, f"A message has at most {MAX_BODY_BYTES} bytes 消息过大")
                return
            try:
                message = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                raise NonJsonMessageReceived from error
            yield message

    async def send_json(self, message: Mapping[str, object]) -> None:
        await self.send_text(orjson.dumps(message).decode())

    async def send_text(self, text: str) -> None:
        if self.ws.application_state != WebSocketState.CONNECTED:
            raise WebSocketDisconnected
        try:
            await self.ws.send_text(text)
        except WebSocketDisconnect as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state == WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):
                await self.ws.close(code, reason.encode()[:_REASON_BYTES].decode(errors="ignore"))


class _Handler(BaseGraphQLTransportWSHandler[Connection, None]):
    """One connection's protocol."""

    _keeping: asyncio.Task[None] | None = None

    async def handle_message(self, message: Message) -> None:
        reason = malformed(message)
        if reason is not None:
            await self.handle_invalid_message(reason)
        else:
            await super().handle_message(message)

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        if self.connection_timed_out:
            return
        payload = message.get("payload") or {}
        if not self.connection_init_received:
            if self.connection_init_timeout_task:
                self.connection_init_timeout_task.cancel()
            sent = self.context.websocket.headers.get("authorization")
            self.context.authorization = authorization(payload) or sent
            if not await self._admitted():
                return
            self._keeping = asyncio.create_task(self._keep())
        await super().handle_connection_init({"type": "connection_init", "payload": payload})

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        most = self.context.answering.limits.operations
        if len(self.operations) >= most and message["id"] not in self.operations:
            await self.send_message({"id": message["id"], "type": "error", "payload": [too_many(most).formatted]})
        else:
            await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Connection, None]) -> None:
        try:
            await self._run(operation)
        except WebSocketDisconnected:
            return  # the connection ends, and all its operations with it
        except RequestError as error:
            await self._ends(operation, list(error.errors))
        except GraphQLError as error:
            await self._ends(operation, [error])
        except Exception as error:  # noqa: BLE001 - the border: what the server did wrong is logged and masked
            await self._ends(operation, [masking(error)])

    async def shutdown(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
        await super().shutdown()

    async def _run(self, operation: Operation[Connection, None]) -> None:
        asked = Asked(
            operation.query,
            operation.operation_name,
            operation.variables or {},
            authorization=self.context.authorization,
        )
        start = f'{{"id":{orjson.dumps(operation.id).decode()},"type":"next","payload":'
        socket = cast("_Socket", self.websocket)
        async with aclosing(self.context.answering.answers(asked, self.context.scope)) as answers:
            async for text in answers:
                await socket.send_text(f"{start}{text}}}")
        await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def _ends(self, operation: Operation[Connection, None], errors: list[GraphQLError]) -> None:
        with suppress(WebSocketDisconnected):
            await operation.send_initial_errors(errors)

    async def _keep(self) -> None:
        with suppress(WebSocketDisconnected):
            while True:
                await asyncio.sleep(self.context.answering.limits.ping_seconds)
                if not await self._admitted():
                    return
                await self.send_message({"type": "ping"})

    async def _admitted(self) -> bool:
        """Find out what the caller may see; close the connection of one whose token doesn't hold, or no longer."""
        connection = self.context
        try:
            connection.scope = await connection.answering.scope_of(_as_request(connection))
        except Problem as problem:
            if problem.kind is UNAUTHENTICATED:
                await self.websocket.close(_FORBIDDEN, f"Forbidden 身份未认证: {problem.detail}")
                return False
            if self.connection_acknowledged:
                return True  # an issuer that is away ends nothing that it once let begin
            await self.websocket.close(_TRY_AGAIN, f"Try again later 请稍后重试: {problem.detail}")
            return False
        return True


class _View(GraphQL[Connection, None]):
    """Accepts connections: those of this origin, with a protocol that is spoken here."""

    websocket_adapter_class = _Socket
    graphql_transport_ws_handler_class = _Handler

    def __init__(self, graph: Graph, answering: Answering) -> None:
        super().__init__(
            graph.strawberry,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=answering.limits.init_seconds),
            max_subscriptions_per_connection=None,
        )
        self._answering = answering

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Connection:
        del response
        return Connection(cast("WebSocket", request), self._answering)


class Sockets:
    """Serves the graph by WebSocket.

    Args:
        graph: The graph that is served.
        answering: What answers.
    """

    def __init__(self, graph: Graph, answering: Answering) -> None:
        self._view = _View(graph, answering)
        self._most = answering.limits.connections
        metrics.CONNECTIONS_LIMIT.set(self._most)
        self._open = 0

    async def __call__(self, websocket: WebSocket) -> None:
        """Speak with one client until the connection ends."""
        if self._open >= self._most:
            offered = GRAPHQL_TRANSPORT_WS_PROTOCOL in websocket.scope["subprotocols"]
            await websocket.accept(GRAPHQL_TRANSPORT_WS_PROTOCOL if offered else None)
            await websocket.close(_TRY_AGAIN, "Too many connections, try again later 连接数已达上限，请稍后重试")
            return
        self._open += 1
        try:
            with metrics.CONNECTIONS_OPEN.track_inprogress():
                await self._view.run(websocket)
        finally:
            self._open -= 1


def _as_request(connection: Connection) -> Request:
    """Return the handshake as the HTTP request that it is, with the token that came after it, if one did."""
    headers = connection.websocket.headers.raw
    if connection.authorization is not None:
        headers = [(name, value) for name, value in headers if name.lower() != b"authorization"]
        headers.append((b"authorization", connection.authorization.encode("latin-1", errors="replace")))
    return Request({**connection.websocket.scope, "type": "http", "method": "GET", "headers": headers})
