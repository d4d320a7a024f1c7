"""How fast the read model is built anew, beside a bare reader of the same topics.

Usage: python -m tests.benchmarks.rebuild [--rounds 3] [--entities 30000] [--json]

Ours: `lianhe rebuild`, from its consumers' start until it has every event. Bare: plain aiokafka, orjson and asyncpg in
one process: the same rows by `unnest` in batches of 500 into unlogged tables with the same indexes; no envelope, no
schema, dead letter, version, committed offset, metric or trace. Rounds take turns; the ratio of the medians is what
counts.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.console import Console

from cli.migrate import FOLDERS
from contracts import catalogue
from embedded.servers import Servers, servers
from embedded.wipe import wipe
from kit import loop, migrations
from kit.topics import apply
from tests.integration.gateway.rebuild.place import GatewayPlace, recorded, registered

BATCH: Final = 500
VALUES: Final[Mapping[str, Callable[[str], object]]] = {
    "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat,
}
TABLES: Final[Mapping[str, tuple[str, Sequence[tuple[str, str]]]]] = {
    "registration-entity": (
        "entity",
        (
            ("entity_id", "uuid"),
            ("version", "bigint"),
            ("uscc", "text"),
            ("name", "text"),
            ("kind", "text"),
            ("state", "text"),
            ("division_code", "text"),
            ("bureau", "text"),
            ("effective_on", "date"),
            ("recorded_at", "timestamptz"),
        ),
    ),
    "ledgers-entity": (
        "entity_ledger",
        (
            ("entity_id", "uuid"),
            ("version", "bigint"),
            ("registration_version", "bigint"),
            ("uscc", "text"),
            ("name", "text"),
            ("kind", "text"),
            ("state", "text"),
            ("division_code", "text"),
            ("bureau", "text"),
            ("effective_on", "date"),
            ("recorded_at", "timestamptz"),
        ),
    ),
}
"""What the events of the benchmark have, as columns."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Events/s of every round."""

    ours: Sequence[float]
    bare: Sequence[float]

    @property
    def ratio(self) -> float:
        """Median of ours by that of bare."""
        return median(self.ours) / median(self.bare)


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int
    entities: int
    json: bool


def _parse() -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each (3)")
    parser.add_argument("--entities", type=int, default=30_000, help="entities, with two events each (30000)")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON on standard output")
    arguments = parser.parse_args(namespace=Arguments())
    if arguments.rounds < 1 or arguments.entities < 1:
        parser.error("--rounds and --entities are 1 or more")
    return arguments


@asynccontextmanager
async def _place(running: Servers) -> AsyncIterator[GatewayPlace]:
    admin = await asyncpg.connect(running.postgres_admin_url)
    await admin.execute("CREATE DATABASE bench_rebuild")
    await admin.close()
    url = running.postgres_admin_url.rpartition("/")[0] + "/bench_rebuild"
    await migrations.upgrade(url, FOLDERS["gateway"])
    place = GatewayPlace(running.kafka, "rebuild-", url)
    await apply(place.kafka, list(catalogue.topics().values()), prefix=place.prefix)
    yield place


async def _ours(place: GatewayPlace, events: int) -> float:
    built = await place.rebuilt()
    if built["events"] != events:
        raise RuntimeError(f"{built['events']} events were taken in, {events} told")
    return events / float(built["fillingSeconds"])


async def _bare(place: GatewayPlace, events: int) -> float:
    session = await asyncpg.connect(place.database_url)
    live = await session.fetchval("SELECT live FROM public.read_model")
    await session.execute("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare")
    for table, _ in TABLES.values():
        await session.execute(f"CREATE UNLOGGED TABLE bare.{table} (LIKE {live}.{table} INCLUDING ALL)")
    await session.close()
    started = perf_counter()
    await asyncio.gather(*(_fill(place, topic, events // 2) for topic in TABLES))
    return events / (perf_counter() - started)


async def _fill(place: GatewayPlace, topic: str, wanted: int) -> None:
    table, columns = TABLES[topic]
    arrays = ", ".join(f"${number}::{type_}[]" for number, (_, type_) in enumerate(columns, 1))
    insert = f"INSERT INTO bare.{table} ({', '.join(name for name, _ in columns)}) SELECT * FROM unnest({arrays})"  # noqa: S608 - names of ours
    session = await asyncpg.connect(place.database_url)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=place.kafka, enable_auto_commit=False, auto_offset_reset="earliest", fetch_max_wait_ms=50
    )
    await consumer.start()
    try:
        partitions = catalogue.topics()[topic].partitions
        consumer.assign([TopicPartition(place.prefix + topic, number) for number in range(partitions)])
        there = 0
        while there < wanted:
            records = await consumer.getmany(timeout_ms=100, max_records=BATCH)
            bodies = [orjson.loads(record.value) for part in records.values() for record in part]
            if bodies:
                await session.execute(insert, *(_column(bodies, name, type_) for name, type_ in columns))
            there += len(bodies)
    finally:
        await consumer.stop()
        await session.close()


def _column(bodies: Sequence[Mapping[str, Any]], name: str, type_: str) -> list[object]:
    value = VALUES.get(type_)
    return [body[name] for body in bodies] if value is None else [value(body[name]) for body in bodies]


async def _run(arguments: Arguments, directory: Path, progress: Console) -> Summary:
    ours: list[float] = []
    bare: list[float] = []
    async with servers(directory) as running, _place(running) as place:
        progress.print(f"telling {2 * arguments.entities:,} events …")
        await place.tell([registered(number) for number in range(arguments.entities)])
        await place.tell([recorded(number) for number in range(arguments.entities)])
        # The first round finds what isn't compiled yet; it is not counted.
        for turn in range(arguments.rounds + 1):
            first = await _ours(place, 2 * arguments.entities)
            second = await _bare(place, 2 * arguments.entities)
            progress.print(f"round {turn}: ours {first:,.0f} · bare {second:,.0f} events/s")
            if turn:
                ours.append(first)
                bare.append(second)
    return Summary(ours, bare)


def main() -> None:
    """Run the benchmark."""
    arguments = _parse()
    progress = Console(stderr=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="lianhe-rebuild-", ignore_cleanup_errors=True) as name:
        directory = Path(name) / "servers"
        try:
            summary = loop.run(_run(arguments, directory, progress))
        finally:
            wipe(directory)
    Console(highlight=False, stderr=arguments.json).print(
        f"rebuild: ours {median(summary.ours):,.0f} · bare {median(summary.bare):,.0f} events/s (medians) · "
        f"ours ÷ bare = {summary.ratio:.2f}"
    )
    if arguments.json:
        sys.stdout.write(
            orjson.dumps({"ratio": summary.ratio, "ours": summary.ours, "bare": summary.bare}).decode() + "\n"
        )


if __name__ == "__main__":
    main()
