"""What goes to the database: one statement, no value in its text, the build that is live, and its limits."""

import asyncio
from typing import Any

import asyncpg
import orjson
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from gateway import read_model
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.pool import read_pool
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH
from gateway.graphql.scope import EVERYTHING
from kit.sessions import sqlalchemy_url

pytestmark = pytest.mark.servers

INJECTIONS = (
    "'; DROP SCHEMA model_1 CASCADE; --",
    "' OR '1'='1",
    "\\'; SELECT pg_sleep(9); --",
    "$1",
    "%(p0)s :p0 __[SCHEMA_model_1]",
    '"); DELETE FROM model_1.entity; --',
    "E'\\x27'",
)


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("as_variable", [True, False])
async def test_no_value_is_ever_in_the_text_of_a_statement(
    engine: Engine,
    statements: list[str],
    text: str,
    as_variable: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    given = '{nameContains: $t, usccIn: [$t, "x"]}'
    literal = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    fields = f"entities(filter: {given}) {{ totalCount nodes {{ id }} }} entity(uscc: $t) {{ id }}"
    query = f"query ($t: String!) {{ {fields} }}" if as_variable else f"{{ {fields.replace('$t', literal)} }}"
    answer = await engine.answer(Asked(query, None, {"t": text} if as_variable else {}), EVERYTHING)
    assert answer.body.replace(b" ", b"") == b'{"data":{"entities":{"totalCount":0,"nodes":[]},"entity":null}}'
    assert len(statements) == 1
    assert text not in statements[0] or text == "$1"


async def test_requests_that_differ_in_values_alone_share_one_statement(ask: Any, statements: list[str]) -> None:
    query = """query ($n: Int, $f: EntityFilter, $c: String) {
      entities(first: $n, filter: $f, after: $c, sort: NAME_ASC) { nodes { id } pageInfo { endCursor } }
    }"""
    cursor = None
    for size in (1, 7, 400):
        page = await ask(query, n=size, f={"nameContains": str(size), "kind": ["OTHER"]}, c=cursor)
        cursor = page["entities"]["pageInfo"]["endCursor"] if size == 1 else cursor
    assert len(statements) == 3
    assert len(set(statements)) == 2, "with and without a cursor"


async def test_a_connection_of_the_pool_cannot_write(pool: asyncpg.Pool) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await pool.execute("DELETE FROM model_1.entity")


@pytest.fixture
async def two_builds(make_database: Any) -> str:
    """A database whose read model has a second build, with one entity more."""
    url: str = await make_database("gateway")
    alchemy = create_async_engine(sqlalchemy_url(url))
    async with alchemy.begin() as connection:
        await connection.run_sync(read_model.create, "model_2")
    await alchemy.dispose()
    driver = await asyncpg.connect(url)
    await driver.execute(
        """INSERT INTO model_2.entity SELECT gen_random_uuid(), 1, 'u', 'n', 'OTHER', 'ACTIVE', '000000000000', 'OTHER',
           null, null, null, null, null, null, '2024-02-28', now()"""
    )
    await driver.close()
    return url


async def test_the_build_that_the_pointer_names_is_read_and_a_dropped_one_forgotten(two_builds: str) -> None:
    now = 100.0
    pool = await read_pool(two_builds, size=2)
    engine = Engine(GRAPH, Reader(pool, GRAPH.schema, lambda: now))
    asked = Asked("{ entities { totalCount } }")

    async def total() -> bytes:
        return (await engine.answer(asked, EVERYTHING)).body.replace(b" ", b"")

    zero, one = b'{"data":{"entities":{"totalCount":0}}}', b'{"data":{"entities":{"totalCount":1}}}'
    assert await total() == zero
    driver = await asyncpg.connect(two_builds)
    await driver.execute("UPDATE public.read_model SET live = 'model_2'")
    assert await total() == zero, "the pointer is believed for a second"
    now += 1.0
    assert await total() == one
    await driver.execute("UPDATE public.read_model SET live = 'model_1'")
    now += 1.0
    assert await total() == zero
    await driver.execute("UPDATE public.read_model SET live = 'model_2'; DROP SCHEMA model_1 CASCADE")
    assert await total() == one, "a build that is gone is not waited for"
    await driver.execute("DELETE FROM public.read_model")
    now += 1.0
    answer = await engine.answer(asked, EVERYTHING)
    assert answer.status == 503
    await driver.close()
    await pool.close()


async def test_of_two_entities_with_one_code_the_one_recorded_last_is_found(two_builds: str) -> None:
    driver = await asyncpg.connect(two_builds)
    await driver.execute(
        """INSERT INTO model_1.entity SELECT id::uuid, 1, 'SAME', name, 'OTHER', 'ACTIVE', '000000000000', 'OTHER',
           null, null, null, null, null, null, '2024-02-28', moment::timestamptz
           FROM (VALUES ('00000000-0000-4000-8000-000000000001', 'before', '2024-01-01'),
                        ('00000000-0000-4000-8000-000000000002', 'last', '2024-03-01'),
                        ('00000000-0000-4000-8000-000000000003', 'between', '2024-02-01')) AS v (id, name, moment)"""
    )
    await driver.close()
    pool = await read_pool(two_builds, size=1)
    answer = await Engine(GRAPH, Reader(pool, GRAPH.schema)).answer(
        Asked('{ entity(uscc: "same") { name } }'), EVERYTHING
    )
    assert orjson.loads(answer.body) == {"data": {"entity": {"name": "last"}}}
    await pool.close()


async def test_a_database_without_a_read_model_is_told_as_not_ready(servers: Any) -> None:
    pool = await read_pool(servers.postgres, size=1)
    answer = await Engine(GRAPH, Reader(pool, GRAPH.schema)).answer(Asked("{ entities { totalCount } }"), EVERYTHING)
    assert answer.status == 503
    assert not answer.has_data
    await pool.close()


async def test_a_database_that_is_away_is_told_as_such_and_nothing_of_it_is_shown(two_builds: str) -> None:
    pool = await read_pool(two_builds, size=1)
    engine = Engine(GRAPH, Reader(pool, GRAPH.schema))
    name = two_builds.rpartition("/")[2]
    admin = await asyncpg.connect(two_builds.rpartition("/")[0] + "/postgres")
    await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    await asyncio.sleep(0.1)
    for query in ("{ entities { totalCount } }", "{ entities { totalCount } __schema { __typename } }"):
        answer = await engine.answer(Asked(query), EVERYTHING)
        assert answer.status == 503
        assert name.encode() not in answer.body
        assert b"data" not in answer.body.replace(b"The data", b"")
        assert answer.errors[0].message.startswith("The data can't be read right now: try again. (request id ")
        assert answer.errors[0].extensions is not None
        assert answer.errors[0].extensions["code"] == "SERVICE_UNAVAILABLE"
    await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert (await engine.answer(Asked("{ entities { totalCount } }"), EVERYTHING)).status == 200
    await admin.close()
    await pool.close()


async def test_a_statement_that_takes_too_long_is_ended_and_told_as_such(two_builds: str) -> None:
    pool = await read_pool(two_builds, size=1)
    engine = Engine(GRAPH, Reader(pool, GRAPH.schema))
    async with pool.acquire() as connection:
        await connection.execute("SET statement_timeout = '200ms'")
    locker = await asyncpg.connect(two_builds)
    async with locker.transaction():
        await locker.execute("LOCK TABLE model_1.entity IN ACCESS EXCLUSIVE MODE")
        answer = await engine.answer(Asked("{ entities { totalCount } }"), EVERYTHING)
    assert answer.status == 504
    assert answer.errors[0].extensions is not None
    assert answer.errors[0].extensions["code"] == "TIMEOUT"
    await locker.close()
    await pool.close()


async def test_an_error_inside_the_database_is_masked(two_builds: str) -> None:
    driver = await asyncpg.connect(two_builds)
    await driver.execute("ALTER TABLE model_1.entity RENAME COLUMN address TO secret_place")
    pool = await read_pool(two_builds, size=1)
    engine = Engine(GRAPH, Reader(pool, GRAPH.schema))
    answer = await engine.answer(Asked("{ entities { nodes { id address } } }"), EVERYTHING)
    assert answer.status == 500
    error = answer.errors[0]
    assert error.extensions is not None
    assert error.extensions["code"] == "INTERNAL_SERVER_ERROR"
    assert error.message == f"The server failed. (request id {error.extensions['requestId']})"
    assert b"address" not in answer.body
    assert b"column" not in answer.body
    await pool.close()
    await driver.close()
