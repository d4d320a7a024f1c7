"""A WebSocket client that speaks ASGI to the application, so that a test sees each message and each close."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Self

import orjson
from starlette.types import ASGIApp, Message

PROTOCOL: Final = "graphql-transport-ws"
LONG_SECONDS: Final = 30


class Socket:
    """One connection.

    Args:
        app: the application.
        headers: of the handshake.
        protocols: that are offered.

    Attributes:
        protocol: that was accepted.
        closed: code and reason, once the server has closed it.
        reading: cleared, the client takes nothing more off the line.
    """

    def __init__(
        self, app: ASGIApp, headers: Mapping[str, str] | None = None, protocols: Sequence[str] = (PROTOCOL,)
    ) -> None:
        self.protocol: str | None = None
        self.closed: tuple[int, str] | None = None
        self.reading = asyncio.Event()
        self.reading.set()
        self._app = app
        self._protocols = list(protocols)
        self._headers = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._heard: asyncio.Queue[Any] = asyncio.Queue()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Shake hands."""
        scope: dict[str, object] = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": "/graphql",
            "raw_path": b"/graphql",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"gateway"), *self._headers],
            "subprotocols": self._protocols,
        }
        await self._sent.put({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._run(scope))
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Hang up."""
        self.reading.set()
        await self._sent.put({"type": "websocket.disconnect", "code": 1001, "reason": ""})
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await asyncio.wait_for(self._task, LONG_SECONDS)

    async def send(self, message: object) -> None:
        """Send a message: an object as JSON, a text or bytes as they are."""
        if isinstance(message, bytes):
            await self._sent.put({"type": "websocket.receive", "bytes": message})
        else:
            text = message if isinstance(message, str) else orjson.dumps(message).decode()
            await self._sent.put({"type": "websocket.receive", "text": text})

    async def begin(self, payload: object = None) -> Self:
        """Begin, with a payload if one is given, and hear that it was acknowledged."""
        await self.send(
            {"type": "connection_init"} if payload is None else {"type": "connection_init", "payload": payload}
        )
        assert await self.hear() == {"type": "connection_ack"}
        return self

    async def subscribe(self, query: str, name: str = "1", **variables: object) -> None:
        """Begin an operation."""
        await self.send({"id": name, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def hear(self) -> Any:
        """Return the next message of the server."""
        return await asyncio.wait_for(self._heard.get(), LONG_SECONDS)

    async def told(self, name: str = "1") -> Any:
        """Return the data of the next message, which must be an answer to an operation without errors."""
        message = await self.hear()
        assert (message["type"], message["id"]) == ("next", name), message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def refused(self, name: str = "1") -> Any:
        """Return the first error of the next message, which must be an error of an operation."""
        message = await self.hear()
        assert (message["type"], message["id"]) == ("error", name), message
        assert any("\u4e00" <= one <= "\u9fff" for one in message["payload"][0]["extensions"]["messageZh"])
        return message["payload"][0]

    async def silent(self) -> None:
        """Hear nothing until a ping of ours is answered: what went before it has had its time."""
        await self.send({"type": "ping"})
        assert await self.hear() == {"type": "pong"}

    async def over(self) -> tuple[int, str]:
        """Wait until the server has closed it; return code and reason."""
        await asyncio.wait_for(self._over.wait(), LONG_SECONDS)
        assert self.closed is not None
        return self.closed

    async def _run(self, scope: dict[str, object]) -> None:
        try:
            await self._app(scope, self._sent.get, self._send)
        finally:
            self._over.set()

    async def _send(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            self.protocol = message["subprotocol"]
        elif message["type"] == "websocket.close":
            self.closed = (message.get("code", 1000), message.get("reason") or "")
            self._over.set()
            await self._sent.put({"type": "websocket.disconnect", "code": self.closed[0], "reason": self.closed[1]})
        else:
            await self.reading.wait()
            await self._heard.put(orjson.loads(message["text"]))
