"""How fast the graph reads: a page of 50 entities with their ledger records, beside bare SQL for the same page.

Usage: python -m tests.benchmarks.graph [--rounds 5] [--seconds 3] [--indexes] [--json]

The graph is asked as an ASGI application, without a network or a client's parsing; bare SQL is one hand-written
statement through the same driver and pool. Rounds take turns; the ratio of the medians is what counts.

With --indexes it tells instead what each index of the table `entity` costs whoever fills it: microseconds of work of
the server's process a row, written by `unnest` in batches of 500, in random order.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import orjson
import psutil
import uvloop
from rich.console import Console
from starlette.types import Message

from cli.migrate import FOLDERS
from embedded.servers import servers
from embedded.wipe import wipe
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.http import graphql_app
from gateway.graphql.pool import read_pool
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH
from gateway.graphql.scope import EVERYTHING
from gateway.projection.entities import ENTITY
from kit import migrations

ENTITIES: Final = 58_725
CALLERS: Final = 4
BATCH: Final = 500
FILL: Final = f"""
    INSERT INTO model_1.entity
    SELECT gen_random_uuid(), 1, '9150' || lpad(i::text, 14, '0'), '重庆第' || md5(i::text) || '号贸易有限公司',
           CASE WHEN i % 3671 = 0 THEN 'SPECIALISED_MARKET' WHEN i % 134 = 0 THEN 'MICRO_SMALL_ENTERPRISE'
                ELSE 'INDIVIDUAL_HOUSEHOLD' END,
           'ACTIVE', '500111' || lpad((i % 27)::text, 3, '0') || lpad((i % 40)::text, 3, '0'), 'MARKET_REGULATION',
           CASE WHEN i % 50 <> 0 THEN date '1980-01-01' + (i * 7) % 16000 END,
           '有限责任公司', i * 1000, 'CNY', repeat('日用百货、五金交电、', 5), '龙水镇' || i || '号',
           '2024-02-28', now()
    FROM generate_series(1, {ENTITIES}) AS i;
    INSERT INTO model_1.entity_ledger
    SELECT entity_id, 1, 1, uscc, name, kind, state, division_code, bureau, registered_on, effective_on, recorded_at
    FROM model_1.entity;
    VACUUM ANALYZE;
"""  # noqa: S608 - a constant
QUERY: Final = """
query Page($first: Int!, $sort: EntitySort!) {
  entities(first: $first, sort: $sort) {
    nodes {
      id uscc name kind state divisionCode bureau registeredOn address
      ledger { version state divisionCode recordedAt }
    }
    pageInfo { hasNextPage }
  }
}
"""
VARIABLES: Final[dict[str, object]] = {"first": 50, "sort": "REGISTERED_ON_DESC"}
BARE: Final = """
    SELECT json_build_object('nodes', json_agg(node) FILTER (WHERE position <= $1), 'more', count(*) > $1)::text
    FROM (
        SELECT row_number() OVER () AS position, json_build_object(
                   'id', entity_id, 'uscc', uscc, 'name', name, 'kind', kind, 'state', state,
                   'divisionCode', division_code, 'bureau', bureau, 'registeredOn', registered_on, 'address', address,
                   'ledger', (SELECT json_build_object('version', l.version, 'state', l.state,
                                                       'divisionCode', l.division_code, 'recordedAt', l.recorded_at)
                              FROM model_1.entity_ledger AS l WHERE l.entity_id = e.entity_id)) AS node
        FROM (SELECT * FROM model_1.entity
              ORDER BY coalesce(registered_on, '-infinity'::date) DESC, entity_id DESC LIMIT $1 + 1) AS e) AS page
"""

Way = Callable[[], Awaitable[bytes]]


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int
    seconds: float
    indexes: bool
    json: bool


def _parse() -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each way (5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds of a round (3)")
    parser.add_argument("--indexes", action="store_true", help="tell what each index costs instead")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    return parser.parse_args(namespace=Arguments())


def _ways(pool: asyncpg.Pool) -> dict[str, Way]:
    app = graphql_app(pool)
    engine = Engine(GRAPH, Reader(pool, GRAPH.schema))
    body = orjson.dumps({"query": QUERY, "variables": VARIABLES})
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"accept", b"application/json")],
    }

    async def compiled() -> bytes:
        sent: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message.get("body", b""))

        await app(dict(scope), receive, send)
        return b"".join(sent)

    async def bare() -> bytes:
        text: str = await pool.fetchval(BARE, 50)
        return text.encode()

    async def strawberry() -> bytes:
        return (await engine.resolved(engine.request(Asked(QUERY, None, VARIABLES)), EVERYTHING)).body

    return {"bare SQL": bare, "compiled, as ASGI": compiled, "field by field in Strawberry": strawberry}


def _check(answers: dict[str, bytes]) -> None:
    bare = orjson.loads(answers["bare SQL"])["nodes"]
    for name in ("compiled, as ASGI", "field by field in Strawberry"):
        if orjson.loads(answers[name])["data"]["entities"]["nodes"] != bare:
            raise SystemExit(f"{name} answers something else than bare SQL")


async def _rate(way: Way, seconds: float) -> float:
    end = time.perf_counter() + seconds
    done = 0

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await way()
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return done / (time.perf_counter() - started)


async def _pages(url: str, arguments: Arguments) -> dict[str, float]:
    pool = await read_pool(url, size=CALLERS)
    ways = _ways(pool)
    _check({name: await way() for name, way in ways.items()})
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(arguments.rounds + 1):
        for name, way in ways.items():
            rate = await _rate(way, arguments.seconds)
            if number:  # the first round warms up
                rates[name].append(rate)
    await pool.close()
    return {name: statistics.median(found) for name, found in rates.items()}


async def _cpu_per_row(connection: asyncpg.Connection, rows: list[tuple[Any, ...]]) -> float:
    """Microseconds that the connection's server process works for a row: steadier than the clock on a busy machine."""
    names = ", ".join(column.name for column in ENTITY.columns)
    arrays = ", ".join(f"${place}::{column.type}[]" for place, column in enumerate(ENTITY.columns, 1))
    statement = f"INSERT INTO model_1.entity ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608 - declared names
    await connection.execute("TRUNCATE model_1.entity")
    server = psutil.Process(connection.get_server_pid())
    before = server.cpu_times()
    for start in range(0, len(rows), BATCH):
        await connection.execute(statement, *zip(*rows[start : start + BATCH], strict=True))
    after = server.cpu_times()
    return (after.user + after.system - before.user - before.system) / len(rows) * 1e6


async def _indexes(url: str, arguments: Arguments) -> dict[str, float]:
    connection = await asyncpg.connect(url)
    rows = [tuple(row) for row in await connection.fetch("SELECT * FROM model_1.entity ORDER BY md5(entity_id::text)")]
    found = await connection.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'model_1' AND tablename = 'entity' "
        "AND indexname <> 'entity_pkey' ORDER BY 1"
    )
    for index in found:
        await connection.execute(f"DROP INDEX model_1.{index['indexname']}")
    costs: dict[str, list[float]] = {"primary key alone": [], **{f"and {index['indexname']}": [] for index in found}}
    for _ in range(arguments.rounds):
        costs["primary key alone"].append(await _cpu_per_row(connection, rows))
        for index in found:
            await connection.execute(index["indexdef"])
            costs[f"and {index['indexname']}"].append(await _cpu_per_row(connection, rows))
            await connection.execute(f"DROP INDEX model_1.{index['indexname']}")
    await connection.close()
    return {name: statistics.median(measured) for name, measured in costs.items()}


@asynccontextmanager
async def _database() -> AsyncIterator[str]:
    directory = Path(tempfile.mkdtemp(prefix="lianhe-benchmark-"))
    try:
        async with servers(directory) as running:
            url = running.postgres_admin_url
            await migrations.upgrade(url, FOLDERS["gateway"])
            connection = await asyncpg.connect(url)
            for statement in FILL.split(";"):
                if statement.strip():
                    await connection.execute(statement)
            await connection.close()
            yield url
    finally:
        wipe(directory)


async def _run(arguments: Arguments) -> None:
    async with _database() as url:
        rates = await (_indexes if arguments.indexes else _pages)(url, arguments)
    console = Console(highlight=False)
    reference = next(iter(rates.values()))
    if arguments.json:
        console.print_json(orjson.dumps({name: round(rate, 1) for name, rate in rates.items()}).decode(), indent=None)
        return
    unit = "µs/row" if arguments.indexes else "requests/s"
    for name, rate in rates.items():
        console.print(f"{name:<32} {rate:>9,.1f} {unit}  {rate / reference:>6.2f}")


if __name__ == "__main__":
    uvloop.run(_run(_parse()))
