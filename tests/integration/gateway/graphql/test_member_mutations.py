"""Mutations about persons: what goes to the ledgers, and what comes back of a refusal."""

import json
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from gateway.commands import Commands, Owner
from gateway.graphql.http import graphql_app
from gateway.graphql.schema import GRAPH
from kit.problems import CONFLICT, Problem

pytestmark = pytest.mark.servers

SAGA = "018de2fb-636e-7103-9d5c-1ac451bbcfb9"
MEMBER, OTHER = UUID(int=1), UUID(int=2)


class Ledgers:
    """Stand for the ledgers at the other end of the line."""

    def __init__(self, answer: httpx.Response | None = None) -> None:
        self.heard: list[tuple[str, str, object]] = []
        self._answer = answer or httpx.Response(200, json={"aggregates": [], "correlationId": SAGA})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard.append((request.method, request.url.path, json.loads(request.content)))
        return self._answer

    async def give(self, pool: asyncpg.Pool, mutation: str) -> dict[str, Any]:
        """Give a mutation through the graph; return its answer."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        app = graphql_app(pool, commands=Commands({Owner.LEDGERS: "http://ledgers"}, client, pool))
        asked = f"mutation {{ given: {mutation} {{ status problem {{ type memberId }} }} }}"
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as graph:
            answer = (await graph.post("/graphql", json={"query": asked})).json()
        assert "errors" not in answer, answer
        found: dict[str, Any] = answer["data"]["given"]
        return found


@pytest.mark.parametrize(
    ("mutation", "heard"),
    [
        (
            'recordMember(name: "王小明", placement: {standing: FULL, workplaceEntityId: "e"}, idempotencyKey: "k")',
            ("POST", "/members", {"name": "王小明", "standing": "FULL", "workplaceEntityId": "e"}),
        ),
        (
            (
                'recordMember(name: "王小明", placement: {standing: FULL}, idempotencyKey: "k", '
                'facts: {idNumber: "n", telephone: "t", bornIn: "1985-03"})'
            ),
            (
                "POST",
                "/members",
                {"name": "王小明", "standing": "FULL", "idNumber": "n", "telephone": "t", "bornIn": "1985-03"},
            ),
        ),
        (
            (
                f'changePerson(id: "{MEMBER}", person: {{name: "王晓明", without: [TELEPHONE]}}, expectedVersion: 3, '
                'idempotencyKey: "k")'
            ),
            (
                "PUT",
                f"/members/{MEMBER}/person",
                {"expectedVersion": 3, "name": "王晓明", "without": ["TELEPHONE"]},
            ),
        ),
        (
            (
                f'mergeMembers(id: "{MEMBER}", other: {{id: "{OTHER}", expectedVersion: 4}}, expectedVersion: 3, '
                'placement: {standing: FULL, relationOrganisationId: "o"}, effectiveOn: "2024-02-28", '
                'idempotencyKey: "k")'
            ),
            (
                "POST",
                f"/members/{MEMBER}/merge",
                {
                    "otherId": str(OTHER),
                    "otherExpectedVersion": 4,
                    "expectedVersion": 3,
                    "standing": "FULL",
                    "relationOrganisationId": "o",
                    "effectiveOn": "2024-02-28",
                },
            ),
        ),
    ],
)
async def test_the_ledgers_get_what_was_commanded(pool: asyncpg.Pool, mutation: str, heard: object) -> None:
    ledgers = Ledgers()
    assert await ledgers.give(pool, mutation) == {"status": "APPLIED", "problem": None}
    assert ledgers.heard == [heard]


async def test_a_refusal_says_whose_the_id_number_is_where_the_ledgers_do(pool: asyncpg.Pool) -> None:
    problem = Problem(CONFLICT, "Another member has it.", "已登记。", {"memberId": str(OTHER)})
    ledgers = Ledgers(httpx.Response(409, content=problem.body()))
    mutation = f'changePerson(id: "{MEMBER}", person: {{idNumber: "n"}}, expectedVersion: 1, idempotencyKey: "k")'
    assert await ledgers.give(pool, mutation) == {
        "status": "REFUSED",
        "problem": {"type": "urn:lianhe:problem:conflict", "memberId": str(OTHER)},
    }


def test_looking_at_what_is_sealed_is_no_part_of_the_graph() -> None:
    sdl = GRAPH.sdl()
    for word in ("reveal", "searchMembers", "audit", "erasures"):
        assert word not in sdl
    assert sdl.count("idNumber") == sdl.count("idNumber: String = null"), "only given, never shown"
    assert sdl.count("bornIn: String\n") == 1
