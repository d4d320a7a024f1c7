"""GraphiQL is served from here alone, as it was vendored."""

import hashlib
import json
import re
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from gateway.graphql import graphiql
from gateway.graphql.documents import Documents
from gateway.graphql.schema import GRAPH

LOCK: dict[str, dict[str, Any]] = json.loads((graphiql.VENDORED / "lock.json").read_text(encoding="utf-8"))
PAGE = bytes(graphiql.page().body).decode()
OURS = graphiql.VENDORED.with_name("assets")


def locked() -> dict[str, str]:
    """Return the SHA-256 of each file by its name."""
    return {
        name: file["sha256"]
        for package in LOCK.values()
        for part in ("files", "bundled")
        for name, file in package.get(part, {}).items()
    }


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = Starlette(routes=graphiql.routes("/graphql"))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway/")


def test_each_vendored_file_is_the_one_that_is_locked() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in graphiql.VENDORED.iterdir()}
    del found["lock.json"]
    assert found == locked()


def test_each_package_has_a_version_and_its_licence() -> None:
    assert set(LOCK) == {"graphiql", "react", "react-dom", "graphql-ws"}
    for name, package in LOCK.items():
        assert package["licence"] == "MIT"
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert (graphiql.VENDORED / f"LICENSE-{name}").read_text(encoding="utf-8").startswith("MIT License")


def test_the_page_runs_scripts_of_its_own_origin_alone() -> None:
    policy = dict(one.split(" ", 1) for one in graphiql.page().headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self' ws: wss:"
    assert policy["frame-ancestors"] == "'none'"
    assert graphiql.page().headers["x-content-type-options"] == "nosniff"
    assert "//" not in "".join(re.findall(r'(?:src|href)="([^"]*)"', PAGE)), "no address of another place"
    assert re.findall(r"<script(?! src=)|<style|\son\w+=|style=", PAGE) == [], "nothing in line"


async def test_all_that_the_page_loads_is_there_under_its_own_type(client: httpx.AsyncClient) -> None:
    loaded = re.findall(r'(?:src|href)="([^"]*)"', PAGE)
    assert len(loaded) == 8
    for address in loaded:
        answer = await client.get(address)
        assert answer.status_code == 200
        kind = {"js": "text/javascript", "css": "text/css", "ge": "text/html"}[
            address.rpartition(".")[2][-3:].strip("a")
        ]
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["graphql/vendored/../page.html", "graphql/vendored/none.js", "graphql/assets/"])
async def test_nothing_else_is_served(client: httpx.AsyncClient, address: str) -> None:
    assert (await client.get(address)).status_code == 404


async def test_the_page_of_usage_needs_no_script(client: httpx.AsyncClient) -> None:
    answer = await client.get("graphql/usage")
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert "curl -s -X POST" in answer.text
    assert "graphql-transport-ws" in answer.text
    assert "<script" not in answer.text


def test_the_operations_that_the_editor_begins_with_are_valid() -> None:
    script = (OURS / "page.js").read_text(encoding="utf-8")
    shown = script.partition("const defaultQuery = `")[2].partition("`;")[0]
    document = Documents(GRAPH.schema).document(shown)
    assert set(document.operations) == {"MustFound", "Changes"}
