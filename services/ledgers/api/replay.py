"""How a reader of a topic knows that it has everything: how far the topic goes, and the hash of the ledgers' state."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from contracts.events.ledgers.members import MemberEvent
from contracts.vocabulary import MEMBER_KEEPERS
from kit.callers import Caller
from kit.commands import Body, allow
from kit.database import Database
from kit.ends import end_offsets
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, UNAVAILABLE, Problem
from services.ledgers.repository.state_hash import TOPICS, is_all_sent, state_hash
from services.ledgers.settings import LedgersSettings

_ONE_SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


class PartitionEnd(Body):
    """How far a partition goes."""

    partition: int
    offset: Annotated[int, Field(description="A reader has everything once its position is here or further.")]


class Replay(Body):
    """What a reader of a topic compares itself with. The ends were read last: what the hash covers is before them."""

    topic: Annotated[str, Field(description="Its name on the broker.")]
    ends: list[PartitionEnd]
    count: Annotated[int, Field(description="Aggregates, those deregistered, dissolved and erased included.")]
    state_hash: Annotated[str, Field(description="SHA-256 in hexadecimal; docs/bureau.md says over what 状态摘要.")]
    settled: Annotated[
        bool, Field(description="Whether all that the hash covers was sent to the topic 是否已全部发送.")
    ]


class ReplayRoutes:
    """The route `/replay/{topic}`.

    Args:
        database: the ledgers'.
        settings: where the broker is.
    """

    def __init__(self, database: Database, settings: LedgersSettings) -> None:
        self._database = database
        self._bootstrap_servers = settings.kafka_bootstrap_servers
        self._tls = settings.kafka_tls
        self._prefix = settings.kafka_topic_prefix
        self._one_at_a_time = asyncio.Lock()

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(responses=PROBLEMS)
        routes.add_api_route(
            "/replay/{topic}",
            self.replay,
            summary="How far a topic goes, and the hash of the ledgers' state 主题末端与状态摘要",
            tags=["replay 重放核对"],
        )
        return routes

    async def replay(self, caller: TheCaller, topic: str) -> Replay:
        """Return how far a topic goes, and the hash of what the ledgers have of it."""
        _refuse(caller, topic)
        async with self._one_at_a_time:  # each reads a whole table: those who command keep their connections
            async with self._database.transaction() as transaction:
                await transaction.connection.execute(_ONE_SNAPSHOT)
                settled = await is_all_sent(transaction.connection, topic)
                found = await state_hash(transaction.connection, topic)
            name = self._prefix + topic
            try:
                ends = await end_offsets(self._bootstrap_servers, name, self._tls)
            except ConnectionError as error:
                raise Problem(
                    UNAVAILABLE,
                    f"The broker can't say at the moment how far the topic goes ({error}). Ask again.",
                    f"消息代理暂时无法给出主题末端（{error}），请稍后重试。",
                ) from error
        return Replay(
            topic=name,
            ends=[PartitionEnd(partition=number, offset=offset) for number, offset in ends.items()],
            count=found.count,
            state_hash=found.digest,
            settled=settled,
        )


def _refuse(caller: Caller, topic: str) -> None:
    if topic not in TOPICS:
        served = ", ".join(sorted(TOPICS))
        raise Problem(
            NOT_FOUND, f"There is no such topic here. There are: {served}.", f"没有该主题，可用主题：{served}。"
        )
    if topic == MemberEvent.topic:
        allow(caller, MEMBER_KEEPERS, caller.division_code)
