"""Pages of other origins ask the graph from a browser, where the settings name them."""

import base64

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.cors import with_origins
from gateway.settings import GatewaySettings
from kit.settings import SettingsError, load

PAGE = "https://work.example.gov.cn"
LOCAL = "http://localhost:5173"


async def _answered(request: Request) -> Response:
    return PlainTextResponse(request.method)


def _settings(monkeypatch: pytest.MonkeyPatch, environment: str, origins: str | None) -> GatewaySettings:
    monkeypatch.setenv("DATABASE_URL_GATEWAY", "postgresql://a@127.0.0.1:1/x")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("DEAD_LETTER_KEY", base64.b64encode(bytes(32)).decode())
    monkeypatch.setenv("LIANHE_ENVIRONMENT", environment)
    if origins is not None:
        monkeypatch.setenv("CORS_ORIGINS", origins)
    return load(GatewaySettings)


@pytest.mark.parametrize(
    ("environment", "origins", "origin", "allowed"),
    [
        ("production", None, PAGE, None),
        ("production", PAGE, PAGE, PAGE),
        ("production", f"https://other.example, {PAGE}", PAGE, PAGE),
        ("production", PAGE, "https://evil.example", None),
        ("production", PAGE, LOCAL, None),
        ("development", None, LOCAL, LOCAL),
        ("development", None, "http://localhost.evil.example", None),
    ],
)
async def test_only_pages_of_named_origins_are_answered(
    monkeypatch: pytest.MonkeyPatch, environment: str, origins: str | None, origin: str, allowed: str | None
) -> None:
    settings = _settings(monkeypatch, environment, origins)
    app = with_origins(Starlette(routes=[Route("/graphql", _answered, methods=["POST"])]), settings)
    asks = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        preflight = await client.options("/graphql", headers=asks)
        answer = await client.post("/graphql", headers={"origin": origin})
    assert preflight.headers.get("access-control-allow-origin") == allowed
    assert answer.headers.get("access-control-allow-origin") == allowed
    assert "access-control-allow-credentials" not in answer.headers


def test_an_origin_is_no_address_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"CORS_ORIGINS"):
        _settings(monkeypatch, "production", f"{PAGE}/index.html")
