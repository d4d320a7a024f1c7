"""Which web pages may ask the graph from a browser (CORS, the Fetch standard)."""

from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from gateway.settings import GatewaySettings

_DEVELOPMENT: Final = r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
_DAY_SECONDS: Final = 86_400


def with_origins(app: ASGIApp, settings: GatewaySettings) -> ASGIApp:
    """Return the application with answers to pages of the origins that the settings name.

    In development every page of this machine may ask, too. Nothing here says who the caller is: that is the token's.
    """
    development = settings.environment == "development"
    if not settings.cors_origins and not development:
        return app
    return CORSMiddleware(
        app,
        allow_origins=settings.cors_origins,
        allow_origin_regex=_DEVELOPMENT if development else None,
        allow_methods=("GET", "POST"),
        allow_headers=("Authorization", "Content-Type", "Idempotency-Key", "Correlation-Id", "traceparent"),
        expose_headers=("Retry-After",),
        max_age=_DAY_SECONDS,
    )
