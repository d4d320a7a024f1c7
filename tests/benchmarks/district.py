"""How long the made-up district takes to load, beside a bare pipeline for its entities, and how much memory.

Usage: python -m tests.benchmarks.district [--rounds 1] [--json]

Ours: `demo.loading` through the front doors of a whole stack, from the first command until the graph shows every
figure; of it, the entities: from the first batch over HTTP until the read model holds every entity and ledger record.
Bare: the same entities from CSV by `bare_pipeline.py`. They take turns, each on a broker and a database of its own with
the same settings. The ratio counts. Ours goes by HTTP, with a key, an answer and a lock for each batch, where the
bare one reads a file. Memory is the peak of a process that loads, for the small district and for the whole.
"""

import argparse
import asyncio
import csv
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import orjson
from rich.console import Console
from rich.table import Table

from demo.district.district import District
from demo.district.study import AS_OF, DISTRICT_X
from demo.loading.doors import Doors
from demo.loading.figures import figures_of, settled
from demo.loading.loader import Loader
from demo.registry import COLUMNS
from embedded.servers import servers
from embedded.wipe import wipe
from tests.benchmarks.pipeline_report import Side
from tests.benchmarks.pipeline_rounds import BenchmarkError, run
from tests.stack import LIANHE, Stack, running

SEED: Final = 2024
TICK_SECONDS: Final = 0.1
SMALL_ROOM_MIB: Final = 6
"""By how much more the whole may take than the small one: 200 times the entities, ten times the members."""


class Arguments(argparse.Namespace):
    """The command line."""

    rounds: int
    json: bool


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds for the entities and for all, ours; entities a second of the bare pipeline."""

    entities: float
    everything: float
    bare_rate: float


class _Nobody:
    def moved(self, step: str, done: int, total: int) -> None:
        """Hear it."""


async def load(stack: Stack) -> tuple[float, float]:
    """Load the district; return the seconds until its entities are readable, and until every figure is right.

    Raises:
        BenchmarkError: a figure is wrong.
    """
    district = District(DISTRICT_X, SEED, AS_OF)
    token, department = (
        stack.run("token", "--role", role, "--division", "500111", "--subject", "bench").strip()
        for role in ("system", "organisation_department")
    )
    async with Doors(stack.state().addresses, token, "bench", department=department) as doors:
        loader = Loader(district, doors, _Nobody())
        began = perf_counter()
        step, total = "entities 市场主体", district.study.entities
        await loader.entities(district.entities(), step, total, district.referred())
        async with stack.database("gateway") as gateway:
            while True:
                if await gateway.fetchval("SELECT count(*) FROM model_1.entity_ledger") >= total:
                    break
                await asyncio.sleep(TICK_SECONDS)
        readable = perf_counter() - began
        again = perf_counter()
        await loader.entities(district.entities(), step, total, district.referred())
        answered = perf_counter() - again
        await loader.load()
        found = await settled(lambda: figures_of(doors, district.study, AS_OF))
        if not all(one.right for one in found):
            raise BenchmarkError(f"figures differ: {[one for one in found if not one.right]}")
        # the entities went twice more, to be answered from their keys: that is no part of a load
        return readable, perf_counter() - began - 2 * answered


def write_entities(directory: Path) -> Path:
    """Write the entities as a register's file, which the bare pipeline reads."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "district.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in District(DISTRICT_X, SEED, AS_OF).entities():
            capital = f"{one.capital // 10_000}(万)" if one.capital else "N/A"
            day = one.registered_on.isoformat()
            cells = (one.name, one.uscc, day, one.legal_form, "N/A", capital, one.business_scope, "重庆", "大足", "N/A")
            writer.writerow(cells)
    return directory


async def one_round(directory: Path, number: int) -> Round:
    """Run ours, then the bare one."""
    with running(directory / f"stack-{number}") as stack:
        entities, everything = await load(stack)
    place = directory / f"servers-{number}"
    try:
        async with servers(place) as its_own:
            found = await run(Side.BARE, servers=its_own, files=directory / "register", directory=directory)
    finally:
        wipe(place)
    return Round(entities, everything, found.rate)


def peak_mib(stack: Stack, *size: str) -> float:
    """Return the peak memory of a process that loads a district on a stack that runs, in MiB."""
    command = [*LIANHE, "demo", *size, "--json", "--data-dir", str(stack.directory)]
    silent = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    pid = os.posix_spawn(sys.executable, command, os.environ, file_actions=[silent])
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise BenchmarkError(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_maxrss / 1024


def _show(console: Console, rounds: list[Round], small: float, whole: float) -> dict[str, float]:
    count = DISTRICT_X.entities
    rate, bare = median(count / one.entities for one in rounds), median(one.bare_rate for one in rounds)
    told = {
        "everythingSeconds": round(median(one.everything for one in rounds), 1),
        "entitiesPerSecond": round(rate),
        "barePerSecond": round(bare),
        "ratio": round(rate / bare, 2),
        "smallMib": round(small, 1),
        "wholeMib": round(whole, 1),
    }
    table = Table("district X", "")
    for name, value in told.items():
        table.add_row(name, f"{value:,}")
    console.print(table)
    return told


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1, help="rounds of each (1)")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON on standard output")
    arguments = parser.parse_args(namespace=Arguments())
    if arguments.rounds < 1:
        parser.error("--rounds is 1 or more")
    progress = Console(stderr=True, highlight=False)
    with tempfile.TemporaryDirectory(prefix="lianhe-district-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        write_entities(directory / "register")
        try:
            with running(directory / "small") as stack:
                small = peak_mib(stack, "--small")
            with running(directory / "whole") as stack:
                whole = peak_mib(stack)
            rounds = asyncio.run(_rounds(arguments.rounds, directory, progress))
        except BenchmarkError as error:
            progress.print(str(error), markup=False)
            sys.exit(1)
    told = _show(progress if arguments.json else Console(highlight=False), rounds, small, whole)
    if arguments.json:
        sys.stdout.write(orjson.dumps(told).decode() + "\n")
    if whole - small > SMALL_ROOM_MIB:
        progress.print(f"the whole district takes {whole - small:.0f} MiB more than the small one: is it held?")
        sys.exit(1)


async def _rounds(count: int, directory: Path, progress: Console) -> list[Round]:
    done = []
    for number in range(count):
        progress.print(f"round {number + 1} of {count} …")
        done.append(await one_round(directory, number))
    return done


if __name__ == "__main__":
    main()
