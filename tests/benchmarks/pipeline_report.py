"""What the pipeline's benchmark found: a round, the medians of several, and how they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from statistics import median
from typing import Final

import orjson
from rich.console import Console
from rich.table import Table

OURS_AND_BARE: Final = "ours ÷ bare"


class Side(StrEnum):
    """Which pipeline ran."""

    OURS = "ours"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Round:
    """One run from an empty database to a full read model.

    Attributes:
        side: which pipeline.
        entities: how many entities went all the way.
        imported: seconds from the import's start to its end, the start of its process included.
        recorded: seconds from the import's start until the ledger held every entity.
        readable: seconds from the import's start until the read model held every entity and ledger record.
        cpu: seconds of CPU that each process took meanwhile, the import's with its start.
    """

    side: Side
    entities: int
    imported: float
    recorded: float
    readable: float
    cpu: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Entities a second, from the import's start to the full read model."""
        return self.entities / self.readable


@dataclass(frozen=True, slots=True)
class Summary:
    """All rounds of a run, at least one of each side."""

    rounds: Sequence[Round]

    def of(self, side: Side) -> list[Round]:
        """Return the rounds of one side."""
        return [one for one in self.rounds if one.side is side]

    def rate(self, side: Side) -> float:
        """Return the median of a side's rates, in entities/s."""
        return median(one.rate for one in self.of(side))

    @property
    def ratio(self) -> float:
        """Median rate of ours by that of bare."""
        return self.rate(Side.OURS) / self.rate(Side.BARE)

    def cpu(self, side: Side) -> dict[str, float]:
        """Return the median CPU seconds of each process."""
        rounds = self.of(side)
        return {name: median(one.cpu[name] for one in rounds) for name in rounds[0].cpu}

    def json(self) -> str:
        """Return everything as one line of JSON."""
        return orjson.dumps(
            {
                "ratio": self.ratio,
                "entities_per_second": {side.value: self.rate(side) for side in Side},
                "cpu_seconds": {side.value: self.cpu(side) for side in Side},
                "rounds": [{**asdict(one), "entities_per_second": one.rate} for one in self.rounds],
            }
        ).decode()


def show(console: Console, summary: Summary) -> None:
    """Print rounds, CPU and ratio."""
    rounds = Table("round", "entities", "import s", "ledger s", "read model s", "entities/s", title="rounds")
    for one in summary.rounds:
        rounds.add_row(
            one.side,
            f"{one.entities:,}",
            *(f"{seconds:.2f}" for seconds in (one.imported, one.recorded, one.readable)),
            f"{one.rate:,.0f}",
        )
    console.print(rounds)
    cpu = Table("process", *(f"{side}, CPU s" for side in Side), OURS_AND_BARE, title="CPU, medians")
    ours, bare = (summary.cpu(side) for side in Side)
    for name in (*ours, "all"):
        first, second = (sum(side.values()) if name == "all" else side[name] for side in (ours, bare))
        cpu.add_row(name, f"{first:.2f}", f"{second:.2f}", f"{first / second:.2f}" if second else "")
    console.print(cpu)
    console.print(
        f"ours {summary.rate(Side.OURS):,.0f} · bare {summary.rate(Side.BARE):,.0f} entities/s (medians) · "
        f"{OURS_AND_BARE} = {summary.ratio:.2f}"
    )
