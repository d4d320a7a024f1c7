"""GraphiQL, the workbench in the browser: a page of ours around packages that are vendored, so it works offline.

`vendored/` holds files of npm packages as they are, their licences, and `lock.json`: of each file its package, version,
path in it, and SHA-256. A newer version is taken by `npm pack <package>@<version>`, the files copied, the lock brought
up to date. GraphiQL stays below 5: from there on it comes as modules with Monaco, many times the size.
"""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

_FOLDER: Final = Path(__file__).parent
VENDORED: Final = _FOLDER / "vendored"
_USAGE: Final = _FOLDER.with_name("usage.html")

# Styles inline: the editor and the dialogs of GraphiQL write theirs into the page. Scripts never.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; "
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_USAGE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_NO_SNIFFING: Final = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


def page() -> Response:
    """Return the page."""
    text = (_FOLDER / "page.html").read_text(encoding="utf-8")
    return HTMLResponse(text, headers={"content-security-policy": _POLICY, **_NO_SNIFFING})


def routes(path: str) -> list[BaseRoute]:
    """Return the routes of what the page loads, and of the page that says how to use the graph.

    Args:
        path: Of the page, without a slash at its end; all else is below it.
    """
    usage = _USAGE.read_text(encoding="utf-8")

    async def use(_request: Request) -> Response:
        return HTMLResponse(usage, headers={"content-security-policy": _USAGE_POLICY, **_NO_SNIFFING})

    return [
        Route(f"{path}/usage", use),
        Mount(f"{path}/assets", _Files(directory=_FOLDER / "assets")),
        Mount(f"{path}/vendored", _Files(directory=VENDORED)),
    ]


class _Files(StaticFiles):
    """Serves files as what they are named."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(name.encode(), value.encode()) for name, value in _NO_SNIFFING.items()]
            await send(message)

        await super().__call__(scope, receive, named)
