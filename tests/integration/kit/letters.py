"""Dead letters of the tally: how the tests come by them, ask for them, and see what became of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from prometheus_client import REGISTRY

from kit import dead_letter_desk as desk
from kit.dead_letter_desk import Chosen, Try
from kit.ids import new_id
from kit.redriving import Redriver
from tests.conftest import Eventually
from tests.integration.kit.tally import AmountGiven, Place, Replica, Tally
from tests.integration.kit.wire import (
    Wire,
    committed_offsets,
    connected,
    end_offsets,
    produce,
    running,
    wire,
)

ACCOUNT = new_id()
NAME = "王小明"
NOW = datetime(2026, 7, 2, tzinfo=UTC)
STATES = "SELECT state, count(*) FROM dead_letter GROUP BY state ORDER BY state"


def crash(amount: int) -> Wire:
    """Return a record that a handler fails at until it is mended."""
    return wire(AmountGiven(account=ACCOUNT, amount=amount, note=f"crash {NAME}"))


async def set_aside(place: Place, eventually: Eventually, records: Sequence[Wire], **wiring: object) -> None:
    """Have the tally take in records, of which it sets some aside."""
    await produce(place, records)

    async def caught_up() -> bool:
        return await committed_offsets(place) == await end_offsets(place)

    async with running(Replica(place, **wiring).subscription):  # type: ignore[arg-type]
        await eventually(caught_up)


async def ask(place: Place, **chosen: object) -> list[UUID]:
    """Ask for dead letters to be redriven; return their ids."""
    async with connected(place) as connection, connection.transaction():
        return await desk.ask(connection, Chosen(**chosen), "somebody", NOW)  # type: ignore[arg-type]


async def history(place: Place, letter: UUID) -> list[Try]:
    """Return the tries of a dead letter."""
    async with connected(place) as connection:
        return await desk.tries(connection, letter)


async def drain(redriver: Redriver) -> int:
    """Redrive what is asked for; return how many were tried."""
    tried = 0
    while await redriver.redrive_next():
        tried += 1
    return tried


def counted(name: str, **labels: str) -> float:
    """Return the value of a metric."""
    return REGISTRY.get_sample_value(name, labels) or 0


def mended(place: Place, **wiring: object) -> Replica:
    """Return a replica whose handler was mended."""
    return Replica(place, handler=Tally(mended=True), **wiring)  # type: ignore[arg-type]
