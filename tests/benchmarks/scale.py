"""How replicas share the work of an import: from a register's files to the read model, with 1, 2 and 3 of each process.

Usage: python -m tests.benchmarks.scale [--entities 18000] [--brokers 1] [--replicas 3]

On one machine replicas share its cores, so the ratios say what taking turns costs, not what more machines would bring.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Final

from rich.console import Console
from rich.table import Table

from demo.registry import write_registry
from tests.stack import Stack, running

SEED: Final = 1


class Arguments(argparse.Namespace):
    """The command line."""

    entities: int
    brokers: int
    replicas: int


def _parse() -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=int, default=18_000, help="of a made-up register (18000)")
    parser.add_argument("--brokers", type=int, default=1, help="brokers of each stack (1)")
    parser.add_argument("--replicas", type=int, default=3, help="the most replicas of each process (3)")
    return parser.parse_args(namespace=Arguments())


async def _settled_after(stack: Stack, register: Path, entities: int) -> float:
    started = perf_counter()
    out = await asyncio.to_thread(stack.run, "import", str(register), "--json")
    await stack.settled(entities)
    seconds = perf_counter() - started
    sys.stderr.write(out)
    return seconds


def main() -> None:
    """Run the benchmark."""
    arguments = _parse()
    seconds: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="lianhe-scale-", ignore_cleanup_errors=True) as name:
        register = Path(name) / "register"
        register.mkdir()
        accepted = write_registry(register, entities=arguments.entities, seed=SEED).accepted
        for replicas in range(1, arguments.replicas + 1):
            options = ("--brokers", str(arguments.brokers), "--replicas", str(replicas))
            with running(Path(name) / f"data-{replicas}", options=options) as stack:
                seconds[replicas] = asyncio.run(_settled_after(stack, register, accepted))
    table = Table(
        "replicas", "entities/s", "ratio to one", title=f"{accepted:,} entities, {arguments.brokers} broker(s)"
    )
    for replicas, taken in seconds.items():
        table.add_row(str(replicas), f"{accepted / taken:,.0f}", f"{seconds[1] / taken:.2f}")
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
