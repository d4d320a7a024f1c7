"""What the broker knows of the builds' consumer groups: how far they are, who is in them.

A group's committed offsets are moved after the database has what is before them, so they tell what a build really has,
whichever process wrote it.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self, TypeAlias

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import DeleteGroupsRequest
from aiokafka.protocol.group import LeaveGroupRequest

from gateway.projection.consumers import TOPICS, consumer_names
from gateway.read_model import SCHEMA_NAME
from kit.broker_security import client_options
from kit.settings import BrokerSettings

ANSWER_SECONDS: Final = 15.0
"""So long the broker may take; aiokafka alone would wait 40 s for one that hangs."""

Offsets: TypeAlias = Mapping[TopicPartition, int]
_NUMBERED: Final = re.compile(r"gateway\.(model-[1-9][0-9]{0,8})\..+")


def has(reached: Offsets, wanted: Offsets) -> bool:
    """Return whether every partition is at, or behind, where it is wanted."""
    return all(reached[place] >= offset for place, offset in wanted.items())


class Positions:
    """Asks the broker. It is open while it is entered, and every question raises what the client library does.

    Args:
        settings: where the broker is, and the topics' prefix.

    Raises:
        KafkaError: the broker is away, or refuses.
        OSError: the same, on the way to it.
        TimeoutError: it gives no answer.
    """

    def __init__(self, settings: BrokerSettings) -> None:
        self._servers = settings.kafka_bootstrap_servers
        self._tls = settings.kafka_tls
        self._prefix = settings.kafka_topic_prefix
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Connect."""
        options = {"bootstrap_servers": self._servers, **client_options(self._tls)}
        self._client = AIOKafkaClient(**options)
        self._admin = AIOKafkaAdminClient(**options)
        self._consumer = AIOKafkaConsumer(enable_auto_commit=False, isolation_level="read_uncommitted", **options)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                self._stack.push_async_callback(self._client.close)
                await self._client.bootstrap()
                self._stack.push_async_callback(self._admin.close)
                await self._admin.start()
                self._stack.push_async_callback(self._consumer.stop)
                await self._consumer.start()
                self._places = await self._partitions()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._stack.aclose()

    async def _partitions(self) -> Sequence[TopicPartition]:
        described = await self._admin.describe_topics([self._prefix + topic for topic in TOPICS])
        for one in described:
            if one["error_code"]:
                raise for_code(one["error_code"])(one["topic"])
        return [TopicPartition(one["topic"], part["partition"]) for one in described for part in one["partitions"]]

    async def ends(self) -> Offsets:
        """Return the end of every partition that a build hears: high watermarks, as `kit.ends` says why."""
        async with asyncio.timeout(ANSWER_SECONDS):
            ends: Offsets = await self._consumer.end_offsets(self._places)
        return ends

    async def reached(self, build: str) -> Offsets:
        """Return up to where a build has every partition; 0 where its consumers have committed nothing."""
        found = dict.fromkeys(self._places, 0)
        async with asyncio.timeout(ANSWER_SECONDS):
            for group in self._groups(build):
                offsets = await self._admin.list_consumer_group_offsets(group)
                found |= {place: at.offset for place, at in offsets.items() if place in found}
        return found

    async def instances(self, build: str) -> list[set[str]]:
        """Return of each of a build's groups which instances are in it: their INSTANCE_ID."""
        return [{client for _, client in await self._members(group)} for group in self._groups(build)]

    async def leave(self, build: str, instance: str) -> None:
        """Take an instance that has ended out of a build's groups.

        A static member that stops keeps its partitions until its session times out, so that a restart moves nothing.
        One that won't come back must say so, or nobody reads them meanwhile.
        """
        for group in self._groups(build):
            for member, client in await self._members(group):
                if client == instance:
                    await self._ask(group, LeaveGroupRequest(group, member))

    async def numbered(self) -> set[str]:
        """Return the builds of which the broker has groups; without the first, whose groups have no number."""
        async with asyncio.timeout(ANSWER_SECONDS):
            groups = [name for name, _ in await self._admin.list_consumer_groups()]
        found = {
            match[1].replace("-", "_")
            for name in groups
            if name.startswith(self._prefix) and (match := _NUMBERED.fullmatch(name.removeprefix(self._prefix)))
        }
        return {name for name in found if SCHEMA_NAME.fullmatch(name)}

    async def forget(self, build: str) -> None:
        """Delete a build's groups with their offsets; those that have members, or are not there, stay as they are."""
        for group in self._groups(build):
            await self._ask(group, DeleteGroupsRequest([group]))

    def _groups(self, build: str) -> list[str]:
        return [self._prefix + name for name in consumer_names(build)]

    async def _members(self, group: str) -> list[tuple[str, str]]:
        """Return members with their instances. One group a question: aiokafka misreads an answer about several."""
        async with asyncio.timeout(ANSWER_SECONDS):
            [answer] = await self._admin.describe_consumer_groups([group])
        return [
            (member_id, client.removeprefix(f"{group}-"))
            for _, _, _, _, _, members in answer.groups
            for member_id, client, *_ in members
        ]

    async def _ask(self, group: str, request: LeaveGroupRequest | DeleteGroupsRequest) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._client.send(await self._admin.find_coordinator(group), request)
