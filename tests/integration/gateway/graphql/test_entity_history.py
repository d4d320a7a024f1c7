"""The history of an entity asked through the graph, of the ledgers themselves; and what is said where they are away."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from gateway.commands import Commands, Owner
from gateway.graphql.http import graphql_app
from kit.ids import new_id
from tests.conftest import MakeDatabase
from tests.integration.ledgers.desk import DISTRICT, USCCS, Desk, desk_on
from tests.integration.ledgers.test_entity_history import OTHER, hears

pytestmark = pytest.mark.servers

HISTORY = """
    history { id effectiveOn recordedAt next held { name until }
              covered { since until fullMembers probationaryMembers organisationIds workCoverage }
              versions { registrationVersion uscc name kind effectiveOn until superseded recordedAt changed } }
    problem { type titleZh detail detailZh }
"""


class AskHistory(Protocol):
    def __call__(self, arguments: str, *, role: str = ..., division: str = ...) -> Awaitable[dict[str, Any]]: ...


def asking(pool: asyncpg.Pool, client: httpx.AsyncClient, header: Callable[[str, str], dict[str, str]]) -> AskHistory:
    app = graphql_app(pool, commands=Commands({Owner.LEDGERS: "http://ledgers"}, client, pool))

    async def ask(arguments: str, *, role: str = "DISTRICT", division: str = DISTRICT) -> dict[str, Any]:
        query = f"{{ entityHistory({arguments}) {{ {HISTORY} }} entities(first: 1) {{ nodes {{ id }} }} }}"
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as graph:
            answer = (await graph.post("/graphql", json={"query": query}, headers=header(role, division))).json()
        assert "errors" not in answer, answer
        assert len(answer["data"]["entities"]["nodes"]) == 1, "the rest of the graph is answered all the same"
        found: dict[str, Any] = answer["data"]["entityHistory"]
        return found

    return ask


@pytest.fixture
async def desk(make_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_on(await make_database("ledgers"), tmp_path) as opened:
        yield opened


@pytest.fixture
async def entity(desk: Desk) -> UUID:
    entity = new_id()
    await hears(desk, entity, 1, date(2024, 1, 1))
    await hears(desk, entity, 2, date(2024, 2, 20), name="乙")
    return entity


@pytest.fixture
def ask_history(pool: asyncpg.Pool, desk: Desk) -> AskHistory:
    return asking(pool, desk.client, desk.issuer.header)


async def test_what_the_ledgers_keep_is_in_the_graph(ask_history: AskHistory, entity: UUID) -> None:
    answer = await ask_history(f'id: "{entity}", effectiveOn: "2024-02-01", recordedAt: "2024-02-28T12:00:00+08:00"')
    assert answer["problem"] is None
    history = answer["history"]
    assert (history["id"], history["effectiveOn"], history["next"]) == (str(entity), "2024-02-01", None)
    assert history["recordedAt"] == "2024-02-28T12:00:00+08:00"
    assert history["held"] == {"name": "甲", "until": "2024-02-19"}
    assert history["versions"][0] == {
        "registrationVersion": 2,
        "uscc": USCCS[0],
        "name": "乙",
        "kind": "MICRO_SMALL_ENTERPRISE",
        "effectiveOn": "2024-02-20",
        "until": None,
        "superseded": False,
        "recordedAt": "2024-02-28T04:00:00+00:00",
        "changed": ["name"],
    }
    before = await ask_history(f'id: "{entity}", effectiveOn: "2024-02-20", recordedAt: "2024-02-28T03:30:00Z"')
    assert before["history"]["held"] == {"name": "甲", "until": None}


async def test_by_what_it_was_covered_on_a_day(ask_history: AskHistory, desk: Desk, entity: UUID) -> None:
    assert (await ask_history(f'id: "{entity}"'))["history"]["covered"] is None
    own = {"name": "支部", "form": "BRANCH", "mode": "SINGLE", "entityIds": [str(entity)], "effectiveOn": "2024-02-01"}
    organisation = await desk.made("/organisations", own)
    await desk.knows_member(entity, effectiveOn="2024-01-10")
    answer = await ask_history(f'id: "{entity}", effectiveOn: "2024-02-03"')
    assert answer["history"]["covered"] == {
        "since": "2024-02-01",
        "until": None,
        "fullMembers": None,
        "probationaryMembers": 0,
        "organisationIds": [str(organisation)],
        "workCoverage": False,
    }


async def test_page_by_page(ask_history: AskHistory, entity: UUID) -> None:
    first = (await ask_history(f'id: "{entity}", first: 1'))["history"]
    assert ([one["name"] for one in first["versions"]], first["next"]) == (["乙"], 2)
    second = (await ask_history(f'id: "{entity}", first: 1, before: 2'))["history"]
    assert ([one["name"] for one in second["versions"]], second["next"]) == (["甲"], None)


async def test_the_owner_refuses_who_may_not_see_the_entity(ask_history: AskHistory, entity: UUID) -> None:
    for arguments, scope, kind in (
        (f'id: "{entity}"', {"role": "TOWNSHIP", "division": OTHER}, "forbidden"),
        (f'id: "{uuid4()}"', {}, "not-found"),
        ('id: "../members"', {}, "not-found"),
        ('id: "E1"', {}, "invalid"),
    ):
        answer = await ask_history(arguments, **scope)
        assert answer["history"] is None
        assert answer["problem"]["type"] == f"urn:lianhe:problem:{kind}"
        assert answer["problem"]["detailZh"]


def _gone(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


@pytest.mark.parametrize(
    "answer", [_gone, lambda _: httpx.Response(502, text="<html>"), lambda _: httpx.Response(200, json={"next": 1})]
)
async def test_an_owner_that_is_away_is_told_in_both_languages(
    pool: asyncpg.Pool, answer: Callable[[httpx.Request], httpx.Response]
) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        found = await asking(pool, client, lambda *_: {})(f'id: "{uuid4()}"')
    assert found["history"] is None
    assert found["problem"] == {
        "type": "urn:lianhe:problem:unavailable",
        "titleZh": "服务暂不可用",
        "detail": "The service that keeps this doesn't answer. Ask again in a moment; the rest of the graph is there.",
        "detailZh": "保存该数据的服务暂无应答，请稍后重试；其他查询不受影响。",
    }


async def test_a_moment_without_a_zone_and_a_page_too_large_are_refused(refused: Any) -> None:
    for arguments, reason in (
        ('recordedAt: "2024-02-28T12:00:00"', "write it with its zone"),
        ("first: 201", "1 to 200 states"),
    ):
        error = await refused(f'{{ entityHistory(id: "{uuid4()}", {arguments}) {{ problem {{ type }} }} }}')
        assert reason in error["message"]


async def test_many_histories_cost_what_their_pages_have(refused: Any) -> None:
    many = " ".join(
        f'a{number}: entityHistory(id: "{uuid4()}", first: 200) {{ problem {{ type }} }}' for number in range(26)
    )
    error = await refused(f"{{ {many} }}")
    assert error["extensions"]["code"] == "QUERY_TOO_LARGE"
