"""The graph as a part of the gateway's process: it answers once its connections are open."""

import asyncio
from typing import Final

import asyncpg
import httpx
import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from gateway.auth import Scopes
from gateway.changes.sequencing import Sequencer
from gateway.changes.watching import Watch
from gateway.commands import Commands
from gateway.graphql.errors import Code
from gateway.graphql.http import graphql_app
from gateway.graphql.pool import read_pool
from gateway.settings import GatewaySettings
from kit.callers import Verifier
from kit.clock import SystemClock
from kit.database import AWAY
from kit.health import Progress
from kit.log import logger
from kit.vitals import forget_pool, watch_pool

_log = logger(__name__)
_TRY_AGAIN: Final = 1013
READ_POOL: Final = "gateway graph"
"""Names the pool that queries read by."""
_LIMITS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=50, keepalive_expiry=2)
"""An owner closes a connection that was idle for 5 s: one that it is just closing must not be taken for a command."""
_NOT_YET: Final = orjson.dumps(
    {
        "errors": [
            {
                "message": "The gateway has no connection to its database yet; try again in a moment.",
                "extensions": {"code": Code.UNAVAILABLE, "messageZh": "网关尚未连上数据库，请稍后再试。"},
            }
        ]
    }
)


class GraphServing:
    """Serves the graph: an ASGI application, and the component that opens and closes its connections.

    It also numbers the log of changes, in turns with the other gateways, and watches it for subscriptions.

    Args:
        settings: of the gateway.
        progress: what health sees.
    """

    def __init__(self, settings: GatewaySettings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or speak by WebSocket; while there is no connection, say to try again."""
        app = self._app
        if app is None and scope["type"] == "websocket":
            app = WebSocketClose(_TRY_AGAIN)
        if app is None:
            app = Response(_NOT_YET, status_code=503, headers={"retry-after": "1"}, media_type="application/json")
        await app(scope, receive, send)

    async def run(self, stop: asyncio.Event) -> None:
        """Open the connections, waiting for a database that is away, and close them when `stop` is set."""
        pool = await self._open(stop)
        if pool is None:
            return
        watch_pool(READ_POOL, pool)
        # not by a proxy of the environment: the owners are beside it
        async with httpx.AsyncClient(trust_env=False, limits=_LIMITS) as client:
            commands = Commands(self._settings.owners(), client, pool, self._settings.kafka_topic_prefix)
            watch = Watch(self._settings.database_url)
            self._app = graphql_app(pool, commands=commands, scope_of=scopes(self._settings), watch=watch)
            self._progress.is_ready()
            async with asyncio.TaskGroup() as group:
                group.create_task(Sequencer(self._settings.database_url, SystemClock()).run(stop))
                group.create_task(watch.run(stop))
        await pool.close()
        forget_pool(READ_POOL)

    async def _open(self, stop: asyncio.Event) -> asyncpg.Pool | None:
        while not stop.is_set():
            try:
                return await read_pool(self._settings.database_url)
            except AWAY as error:
                self._progress.waits(f"database 数据库: {type(error).__name__}")
                _log.warning("waiting for the database", error=repr(error))
                await asyncio.sleep(0.5)
        return None


def scopes(settings: GatewaySettings) -> Scopes:
    """Return who may see what, by the settings: without a token only in development."""
    issuer, keys = settings.auth_issuer, settings.auth_jwks
    verifier = None if issuer is None or keys is None else Verifier.of(issuer, keys)
    return Scopes(verifier, anonymous=settings.environment == "development")
