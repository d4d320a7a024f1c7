"""Counts and times HTTP requests, by route: its template, never the path that somebody asked for."""

from time import perf_counter
from typing import Final

from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit import metrics

OTHER: Final = "other"
"""What is no route or method of ours: strangers must not make labels."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOT_COUNTED: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
"""Asked by machines every few seconds: they would hide what people ask."""
_FAILED: Final = 500


class Measured:
    """Middleware that measures every HTTP request of an application.

    Args:
        app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and note route, method, status and time."""
        if scope["type"] != "http" or scope["path"] in NOT_COUNTED:
            await self._app(scope, receive, send)
            return
        status = _FAILED  # one that raises is answered so, further out

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        begun = perf_counter()
        try:
            await self._app(scope, receive, noting)
        finally:
            route, method = route_of(scope), scope["method"] if scope["method"] in METHODS else OTHER
            metrics.HTTP_REQUESTS.labels(route, method, f"{status // 100}xx").inc()
            metrics.HTTP_SECONDS.labels(route, method).observe(perf_counter() - begun)


def route_of(scope: Scope) -> str:
    """Return the template of the route that answers, as `/members/{member_id}`, or `other`."""
    route = scope.get("route")
    return route.path_format if isinstance(route, Route) else OTHER
