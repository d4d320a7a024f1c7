"""What an entity takes: bytes in each database and topic, and processor time in each process.

Usage: python -m tests.benchmarks.footprint [--entities 18000]

A made-up register is imported into a stack of its own; what was there before is taken off. See
docs/growing.md.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import Final

import asyncpg
import psutil
from rich.console import Console
from rich.table import Table

from demo.registry import write_registry
from embedded.environment import read_environment
from tests.stack import Stack, running

SEED: Final = 1
DATABASES: Final = ("registration", "ledgers", "assessment", "pairing", "gateway")
PROCESSES: Final = (
    *("registration", "registration-relay", "ledgers", "ledgers-relay"),
    *("assessment", "pairing", "gateway", "postgres", "kafka"),
)


class Arguments(argparse.Namespace):
    """The command line."""

    entities: int


def _parse() -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=int, default=18_000, help="of a made-up register (18000)")
    return parser.parse_args(namespace=Arguments())


async def _bytes(stack: Stack) -> dict[str, int]:
    found: dict[str, int] = {}
    environment = read_environment(stack.directory)
    for name in DATABASES:
        connection = await asyncpg.connect(environment[f"DATABASE_URL_{name.upper()}"])
        try:
            found[f"database {name}"] = await connection.fetchval("SELECT pg_database_size(current_database())")
        finally:
            await connection.close()
    for segment in (stack.directory / "kafka" / "data").glob("*/*.log"):
        topic = segment.parent.name.rpartition("-")[0]
        if not topic.startswith("__"):
            found[f"topic {topic}"] = found.get(f"topic {topic}", 0) + segment.stat().st_size
    return found


def _seconds(stack: Stack) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in PROCESSES:
        process = psutil.Process(stack.pid(name))
        times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
        found[name] = sum(one.user + one.system + one.children_user + one.children_system for one in times)
    return found


async def _measured(stack: Stack, register: Path, entities: int) -> tuple[dict[str, float], dict[str, float]]:
    before, began = await _bytes(stack), _seconds(stack)
    await asyncio.to_thread(stack.run, "import", str(register), "--json")
    await stack.settled(entities)
    after, ended = await _bytes(stack), _seconds(stack)
    grown = {name: (size - before.get(name, 0)) / entities for name, size in after.items()}
    return grown, {name: (ended[name] - began[name]) / entities for name in ended}


def main() -> None:
    """Run the benchmark."""
    arguments = _parse()
    with tempfile.TemporaryDirectory(prefix="lianhe-footprint-", ignore_cleanup_errors=True) as name:
        register = Path(name) / "register"
        register.mkdir()
        accepted = write_registry(register, entities=arguments.entities, seed=SEED).accepted
        with running(Path(name) / "data") as stack:
            grown, worked = asyncio.run(_measured(stack, register, accepted))
    sizes = Table("place", "bytes an entity", title=f"{accepted:,} entities")
    for place, size in sorted(grown.items()):
        if size >= 1:
            sizes.add_row(place, f"{size:,.0f}")
    sizes.add_row("all", f"{sum(grown.values()):,.0f}")
    times = Table("process", "µs of a core an entity")
    for process, seconds in worked.items():
        times.add_row(process, f"{seconds * 1e6:,.0f}")
    times.add_row("all", f"{sum(worked.values()) * 1e6:,.0f}")
    console = Console(highlight=False)
    console.print(sizes)
    console.print(times)


if __name__ == "__main__":
    main()
