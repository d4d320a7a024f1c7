"""A process of the tally, for tests to kill: `python -m tests.integration.kit.process '{"role": "consumer", …}'`.

It is the real consumer, relay or redriver; what a plan adds is the moment of its death, or of its standstill, to the
line, and for the negative controls one guard taken away.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Literal, cast
from unittest.mock import patch
from uuid import UUID

from aiokafka import AIOKafkaProducer, TopicPartition
from pydantic import BaseModel

from kit import broker, log, relay
from kit.consumer import Heard, Partition, Taken
from kit.database import Connection
from kit.dead_letters import DeadLetters, Outcome
from kit.decoding import Record
from kit.inbox import take_in
from tests.integration.kit.tally import AmountGiven, Place, Replica, Tally

Moment = Literal[
    "never",
    "before a batch",
    "inside a transaction",
    "between database and offsets",
    "inside a relayed batch",
    "between broker and outbox",
    "between mark and commit",
    "between a failure and its mark",
    "after the commit",
]
Guard = Literal["none", "inbox", "offsets after the database", "fence"]


class Plan(BaseModel):
    """What the process does, and how it ends."""

    role: Literal["consumer", "relay", "redriver"]
    kafka: str
    prefix: str
    database_url: str
    instance: str = "0"
    batch_size: int = 10
    session_timeout_ms: int = 20_000
    hung_seconds: int = 10
    at: Moment = "never"
    count: int = 1
    stand_still: bool = False
    without: Guard = "none"
    mended: bool = False

    @property
    def place(self) -> Place:
        """Where it works."""
        return Place(self.kafka, self.prefix, self.database_url)


class Death:
    """Ends this process, or brings it to a standstill, the n-th time that it is reached."""

    def __init__(self, plan: Plan) -> None:
        self._left = plan.count
        self._signal: Final = signal.SIGSTOP if plan.stand_still else signal.SIGKILL

    def __call__(self) -> None:
        """Come once nearer to it."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), self._signal)


def _consumer(plan: Plan) -> Replica:
    death = Death(plan)

    def seen(_heard: Sequence[Heard[AmountGiven]]) -> None:
        if plan.at == "inside a transaction":
            death()

    replica = Replica(plan.place, instance=plan.instance, batch_size=plan.batch_size, handler=Tally(seen, plan.mended))
    take = replica.consumer.take
    hold = replica.subscription._hold

    async def taking(records: Sequence[Record]) -> Taken:
        if plan.at == "before a batch":
            death()
        if plan.without == "offsets after the database":
            past = {TopicPartition(one.topic, one.partition): one.offset + 1 for one in records}
            await replica.subscription._kafka.commit(past)
        return await take(records)

    def holding(held: dict[Partition, int]) -> None:
        if plan.at == "between database and offsets":
            death()
        hold(held)

    replica.consumer.take = taking  # type: ignore[method-assign]
    replica.subscription._hold = holding  # type: ignore[method-assign]
    return replica


class _MortalDeadLetters(DeadLetters):
    """Dead letters at whose marks the process ends."""

    plan: Plan
    death: Death

    async def tried(
        self, connection: Connection, letter_id: UUID, outcome: Outcome, fault: tuple[str, str] | None = None
    ) -> bool:
        """Note what became of a try; the process ends before it where it failed, or after it."""
        if self.plan.at == "between a failure and its mark":
            self.death()
        noted = await super().tried(connection, letter_id, outcome, fault)
        if self.plan.at == "between mark and commit":
            self.death()
        return noted


async def _redrive(plan: Plan) -> None:
    with patch("tests.integration.kit.tally.DeadLetters", _MortalDeadLetters):
        redriver = _consumer(plan).redriver
    next_one = redriver.redrive_next

    async def redriving() -> bool:
        more = await next_one()
        if plan.at == "after the commit":
            _MortalDeadLetters.death()
        return more

    redriver.redrive_next = redriving  # type: ignore[method-assign]
    await _run(redriver.run)


async def _everything_is_new(
    _connection: Connection, _consumer: str, _source: str, _events: Sequence[UUID]
) -> set[UUID]:
    return set()


class _MortalProducer(AIOKafkaProducer):  # type: ignore[misc] # aiokafka has no types
    """A producer in whose hands the process ends. A record a batch, so that it can end in the middle of the relayed."""

    plan: Plan
    death: Death

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "max_batch_size": 1})

    async def send_batch(self, *args: Any, **options: Any) -> "asyncio.Future[object]":
        sent = await super().send_batch(*args, **options)
        if self.plan.at == "inside a relayed batch":
            await self.flush()
            self.death()
        return cast("asyncio.Future[object]", sent)

    async def commit_transaction(self) -> None:
        await super().commit_transaction()
        if self.plan.at == "between broker and outbox":
            self.death()


class _UnfencedProducer(_MortalProducer):
    """One without a transactional id: nothing keeps a former relay from sending on."""

    def __init__(self, **options: Any) -> None:
        options.pop("transactional_id")
        options.pop("transaction_timeout_ms")
        super().__init__(**options)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Do nothing of the kind."""
        yield


async def _run(run: Callable[[asyncio.Event], Any]) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run(stop)


def main(plan: Plan) -> None:
    """Run the process of a plan until SIGTERM, or its planned end."""
    log.set_up(f"tally-{plan.role}", "INFO")
    if plan.role == "relay":
        _MortalProducer.plan, _MortalProducer.death = plan, Death(plan)
        producer = _UnfencedProducer if plan.without == "fence" else _MortalProducer
        with patch.object(relay, "AIOKafkaProducer", producer):
            asyncio.run(_run(plan.place.relay(hung_seconds=plan.hung_seconds).run))
        return
    if plan.role == "redriver":
        _MortalDeadLetters.plan, _MortalDeadLetters.death = plan, Death(plan)
        asyncio.run(_redrive(plan))
        return
    taken_in = _everything_is_new if plan.without == "inbox" else take_in
    with (
        patch.object(broker, "SESSION_TIMEOUT_MS", plan.session_timeout_ms),
        patch("kit.consumer.take_in", taken_in),
    ):
        asyncio.run(_begin(plan))


async def _begin(plan: Plan) -> None:
    await _run(_consumer(plan).subscription.run)


if __name__ == "__main__":
    main(Plan.model_validate_json(sys.argv[1]))
