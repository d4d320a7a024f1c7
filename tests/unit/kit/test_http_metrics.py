"""HTTP requests are counted by the template of their route: strangers make no labels."""

from collections.abc import Mapping

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from kit.http_metrics import Measured

NAME = "王小明"


async def answers(_request: Request) -> Response:
    return Response("here")


def application() -> FastAPI:
    routes: list[BaseRoute] = [Route("/metrics", answers)]
    app = FastAPI(routes=routes)
    app.add_middleware(Measured)

    @app.post("/counted/{member}/steps")
    async def step(member: int) -> int:
        return member

    @app.get("/broken")
    async def fails() -> None:
        raise LookupError(NAME)

    return app


def counted(before: Mapping[tuple[str, str, str], float] | None = None) -> dict[tuple[str, str, str], float]:
    """Return the requests by route, method and status since those of before."""
    found = {
        (sample.labels["route"], sample.labels["method"], sample.labels["status"]): sample.value
        for family in REGISTRY.collect()
        for sample in family.samples
        if sample.name == "lianhe_http_requests_total"
    }
    return {key: value - (before or {}).get(key, 0) for key, value in found.items() if value != (before or {}).get(key)}


@pytest.mark.parametrize(
    ("method", "path", "label"),
    [
        ("POST", "/counted/17/steps", ("/counted/{member}/steps", "POST", "2xx")),
        ("POST", f"/counted/{NAME}/steps", ("/counted/{member}/steps", "POST", "4xx")),
        ("GET", f"/{NAME}", ("other", "GET", "4xx")),
        ("BREW", f"/{NAME}", ("other", "other", "4xx")),
        ("GET", "/broken", ("/broken", "GET", "5xx")),
    ],
)
async def test_a_request_is_counted_once_by_its_routes_template(
    method: str, path: str, label: tuple[str, str, str]
) -> None:
    before = counted()
    transport = httpx.ASGITransport(application(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        await client.request(method, path)
    assert counted(before) == {label: 1}
    seconds = REGISTRY.get_sample_value("lianhe_http_request_seconds_count", {"route": label[0], "method": label[1]})
    assert seconds is not None


async def test_what_machines_ask_every_few_seconds_is_not_counted() -> None:
    before = counted()
    transport = httpx.ASGITransport(application())
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        assert (await client.get("/metrics")).text == "here"
    assert counted(before) == {}


async def test_a_route_below_a_mount_is_counted_by_its_own_template_and_what_the_mount_lacks_as_other() -> None:
    app = Measured(Starlette(routes=[Mount("/", app=Starlette(routes=[Route("/graphql", answers)]))]))
    before = counted()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        await client.get("/graphql")
        await client.get(f"/{NAME}")
    assert counted(before) == {("/graphql", "GET", "2xx"): 1, ("other", "GET", "4xx"): 1}
