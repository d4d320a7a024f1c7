"""Who sees what of the graph: by token, and without one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import httpx
import pytest

from gateway.auth import Scopes
from gateway.graphql.http import graphql_app
from kit.callers import Verifier
from tests.integration.gateway.graphql.conftest import EntityRow
from tests.tokens import ISSUER, Issuer

pytestmark = pytest.mark.servers

QUERY = "{ entities { totalCount } }"
Answers = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(params=[True, False], ids=["development", "production"])
def anonymous(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
async def asked(pool: asyncpg.Pool, issuer: Issuer, tmp_path: Path, anonymous: bool) -> AsyncIterator[Answers]:  # noqa: FBT001 - a fixture
    verifier = Verifier.of(ISSUER, str(issuer.publish(tmp_path)))
    app = graphql_app(pool, scope_of=Scopes(verifier, anonymous=anonymous))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:

        async def ask(query: str = QUERY, **headers: str) -> httpx.Response:
            return await client.post("/graphql", json={"query": query}, headers=headers)

        yield ask


def code(answer: httpx.Response) -> object:
    [error] = answer.json()["errors"]
    assert any("\u4e00" <= character <= "\u9fff" for character in error["extensions"]["messageZh"])
    return error["extensions"]["code"]


async def test_without_a_token_only_development_answers(asked: Answers, *, anonymous: bool) -> None:
    answer = await asked()
    if anonymous:
        assert answer.json() == {"data": {"entities": {"totalCount": 240}}}
    else:
        assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_that_does_not_hold_is_refused_also_where_none_is_needed(asked: Answers, issuer: Issuer) -> None:
    for header in ("Bearer nothing", "Basic x", issuer.header(exp=1)["Authorization"]):
        answer = await asked(Authorization=header)
        assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("digits", ["500111001", "500111", "500112"])
async def test_a_token_sees_its_own_divisions_and_the_district_what_is_unassigned(
    asked: Answers, issuer: Issuer, rows: list[EntityRow], digits: str
) -> None:
    prefixes = (digits, "000000000000") if len(digits) == 6 else (digits,)
    answer = await asked(**issuer.header("TOWNSHIP", digits.ljust(12, "0")))
    seen = sum(row.division_code.startswith(prefixes) for row in rows)
    assert 0 < seen < len(rows)
    assert answer.json() == {"data": {"entities": {"totalCount": seen}}}


@pytest.mark.parametrize(
    ("role", "statements"),
    [("DISTRICT", False), ("ORGANISATION_DEPARTMENT", True), ("NON_PUBLIC_COMMITTEE", True), ("TOWNSHIP", False)],
)
async def test_members_are_read_for_those_alone_who_keep_them(
    asked: Answers, issuer: Issuer, pool: asyncpg.Pool, role: str, *, statements: bool
) -> None:
    sent: list[str] = []
    async with pool.acquire() as connection:
        connection.add_query_logger(lambda record: sent.append(record.query))
    answer = await asked("{ members { totalCount } }", **issuer.header(role))
    assert answer.json() == {"data": {"members": {"totalCount": 0}}}
    [statement] = [one for one in sent if ".member" in one]
    assert ("WHERE false" not in statement) is statements
