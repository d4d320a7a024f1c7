"""How fast the road is: from a register's files to the read model, beside a bare pipeline of the same hops.

Usage: python -m tests.benchmarks.pipeline [--rounds 3] [--entities N] [--json]

Rounds of ours and of the bare one (`bare_pipeline.py`) take turns on one broker and one database, each with fresh
databases and topics. The ratio of the two is what counts; the absolute numbers say what machine it was. See
docs/performance.md.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console

from demo.registry import write_registry
from embedded.servers import servers
from embedded.wipe import wipe
from tests.benchmarks.pipeline_report import Round, Side, Summary, show
from tests.benchmarks.pipeline_rounds import ROOT, BenchmarkError, run

REGISTER: Final = ROOT.parent / "shared" / "data" / "registry"
MADE_UP_ENTITIES: Final = 18_000
SEED: Final = 1


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int
    entities: int | None
    json: bool


def _parse() -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each pipeline (3)")
    parser.add_argument(
        "--entities",
        type=int,
        help=f"use a made-up register of so many; else the one in {REGISTER}, or a made-up one of {MADE_UP_ENTITIES}",
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON on standard output")
    arguments = parser.parse_args(namespace=Arguments())
    if arguments.rounds < 1 or (arguments.entities is not None and arguments.entities < 1):
        parser.error("--rounds and --entities are 1 or more")
    return arguments


def _input(directory: Path, entities: int | None) -> Path:
    if entities is None and REGISTER.is_dir():
        return REGISTER
    write_registry(directory, entities=entities or MADE_UP_ENTITIES, seed=SEED)
    return directory


async def _run(arguments: Arguments, directory: Path, progress: Console) -> Summary:
    files = _input(directory / "register", arguments.entities)
    rounds: list[Round] = []
    async with servers(directory / "servers") as running:
        # The first rounds run Java and Python that aren't compiled yet; they are shown and not counted.
        for turn in range(arguments.rounds + 1):
            for side in Side:
                what = f"round {turn} of {arguments.rounds}, {side}" if turn else f"warm-up, {side}"
                progress.print(f"{what} …")
                one = await run(side, servers=running, files=files, directory=directory)
                progress.print(f"{what}: {one.entities:,} entities in {one.readable:.2f} s, {one.rate:,.0f}/s")
                if turn:
                    rounds.append(one)
    return Summary(rounds)


def main() -> None:
    """Run the benchmark."""
    arguments = _parse()
    progress = Console(stderr=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="lianhe-pipeline-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        try:
            summary = asyncio.run(_run(arguments, directory, progress))
        except BenchmarkError as error:
            progress.print(str(error), markup=False)
            sys.exit(1)
        finally:
            wipe(directory / "servers")
    show(progress if arguments.json else Console(highlight=False), summary)
    if arguments.json:
        sys.stdout.write(summary.json() + "\n")


if __name__ == "__main__":
    main()
