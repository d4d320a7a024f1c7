"""How long a command takes to be seen in the graph, at a steady rate, beside bare hops on the same servers.

Usage: python -m tests.benchmarks.commands [--rate 100] [--seconds 20] [--json]

Ours: a mutation at the gateway that registers an entity; it answers once the graph shows it (gateway → registration →
its database and outbox → relay → Kafka → projection → read model). Bare: the same hops by plain asyncpg and aiokafka in
one process: an insert into one database, a record sent and awaited, heard, and inserted into another. Both are sent at
the rate, whether or not those before have answered; each round of ours is followed by one of the bare.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from rich.console import Console
from rich.table import Table
from stdnum.cn import uscc

from tests.benchmarks.posting import Posting
from tests.stack import Stack, running

WARM_UP_SECONDS = 3
TOPIC = "bench-bare"
REGISTER = """
    mutation ($key: String!, $entity: EntityInput!) {
      registerEntity(entity: $entity, idempotencyKey: $key) { status problem { detail } }
    }
"""

Do = Callable[[int], Awaitable[None]]


async def latencies(do: Do, rate: int, seconds: int, first: int) -> list[float]:
    """Do something at a rate; return how long each took, in milliseconds, those of the warm-up left out."""
    started = perf_counter()
    took: list[float] = []

    async def one(number: int) -> None:
        due = started + number / rate
        await asyncio.sleep(max(0, due - perf_counter()))
        await do(first + number)
        if number >= rate * WARM_UP_SECONDS:
            took.append((perf_counter() - due) * 1000)  # from when it was due: a late start is waiting too

    await asyncio.gather(*(one(number) for number in range(rate * (seconds + WARM_UP_SECONDS))))
    return took


async def ours(stack: Stack, rate: int, seconds: int, first: int) -> list[float]:
    """Give commands through the graph."""
    token = stack.run("token", "--role", "district", "--division", "500111").strip()
    posting = Posting(stack.state().addresses["gateway"], "/graphql", token)

    async def register(number: int) -> None:
        body = f"92999999MA{number:07d}"
        entity = {"uscc": body + uscc.calc_check_digit(body), "name": f"户{number}", "divisionCode": "500111101000"}
        variables = {"key": str(uuid4()), "entity": entity}
        answer = orjson.loads(await posting.post(orjson.dumps({"query": REGISTER, "variables": variables})))
        if answer["data"]["registerEntity"]["status"] != "APPLIED":
            raise RuntimeError(f"{answer}")

    try:
        return await latencies(register, rate, seconds, first)
    finally:
        posting.close()


async def bare(stack: Stack, rate: int, seconds: int) -> list[float]:
    """Send the same number along the same hops, with nothing around them."""
    servers = stack.environment["KAFKA_BOOTSTRAP_SERVERS"]
    owner = await asyncpg.create_pool(stack.environment["DATABASE_URL_REGISTRATION"], min_size=5, max_size=5)
    reader = await asyncpg.connect(stack.environment["DATABASE_URL_GATEWAY"])
    for connection in (owner, reader):
        await connection.execute("CREATE TABLE IF NOT EXISTS bench_bare (id uuid PRIMARY KEY, body jsonb NOT NULL)")
    await _topic(servers)
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all", linger_ms=0)
    consumer = AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=servers,
        group_id=f"bare-{uuid4()}",
        auto_offset_reset="earliest",
        fetch_max_wait_ms=50,
    )
    await producer.start()
    await consumer.start()
    seen: dict[bytes, asyncio.Event] = {}

    async def project() -> None:
        while True:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                await reader.executemany(
                    "INSERT INTO bench_bare VALUES ($1, $2::jsonb) ON CONFLICT DO NOTHING",
                    [(record.key.decode(), record.value.decode()) for record in records],
                )
                for record in records:
                    if record.key in seen:  # a round before this one has keys of its own
                        seen.pop(record.key).set()

    async def send(number: int) -> None:
        key = str(uuid4())
        done = seen[key.encode()] = asyncio.Event()
        body = orjson.dumps({"uscc": f"{number}", "name": f"户{number}", "division_code": "500111101000"})
        await owner.execute("INSERT INTO bench_bare VALUES ($1, $2::jsonb)", key, body.decode())
        await producer.send_and_wait(TOPIC, body, key=key.encode())
        await done.wait()

    projecting = asyncio.create_task(project())
    try:
        while not consumer.assignment():  # noqa: ASYNC110 - the client tells nobody
            await asyncio.sleep(0.05)
        return await latencies(send, rate, seconds, 0)
    finally:
        projecting.cancel()
        await asyncio.gather(projecting, return_exceptions=True)
        await consumer.stop()
        await producer.stop()
        await owner.close()
        await reader.close()


async def _topic(servers: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        if TOPIC not in await admin.list_topics():
            await admin.create_topics([NewTopic(TOPIC, 6, 1)])
    finally:
        await admin.close()


def _percentiles(took: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(took, n=100)
    return cuts[49], cuts[98]


async def _run(directory: Path, rate: int, seconds: int, progress: Console) -> dict[str, object]:
    with running(directory / "data") as stack:
        mine, plain = [], []
        for turn in range(2):
            progress.print(f"round {turn + 1} of 2, ours …")
            mine += await ours(stack, rate, seconds, turn * 1_000_000)
            progress.print(f"round {turn + 1} of 2, bare …")
            plain += await bare(stack, rate, seconds)
    ((p50, p99), (bare50, bare99)) = _percentiles(mine), _percentiles(plain)
    return {
        "rate": rate,
        "commands": len(mine),
        "p50": p50,
        "p99": p99,
        "bareP50": bare50,
        "bareP99": bare99,
        "ratioP50": p50 / bare50,
        "ratioP99": p99 / bare99,
    }


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=100, help="commands a second (100)")
    parser.add_argument("--seconds", type=int, default=20, help="a round (20)")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON on standard output")
    arguments = parser.parse_args()
    progress = Console(stderr=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="lianhe-commands-") as name:
        found = asyncio.run(_run(Path(name), arguments.rate, arguments.seconds, progress))
    if arguments.json:
        sys.stdout.write(orjson.dumps(found).decode() + "\n")
        return
    table = Table("command → seen in the graph", "ours", "bare", "ratio", title=f"{arguments.rate} commands/s")
    table.add_row("p50, ms", f"{found['p50']:.0f}", f"{found['bareP50']:.0f}", f"{found['ratioP50']:.1f}")
    table.add_row("p99, ms", f"{found['p99']:.0f}", f"{found['bareP99']:.0f}", f"{found['ratioP99']:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
