"""Topics on the broker: created from the contract's topic files, and compared with them. Never deleted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from contracts.catalogue import Topic
from kit.broker_security import Tls, client_options

KNOWN_SECONDS: Final = 10.0
MOST_COPIES: Final = 3


class TopicState(StrEnum):
    """How a topic on the broker compares with its file."""

    MISSING = "missing"
    CREATED = "created"
    AS_WRITTEN = "as written"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class TopicReport:
    """A topic on the broker, beside its file. `records` counts offsets, transaction marks included."""

    topic: Topic
    state: TopicState
    differences: tuple[str, ...] = ()
    records: int = 0


async def apply(
    bootstrap_servers: str,
    topics: Sequence[Topic],
    *,
    prefix: str = "",
    replicas: int | None = None,
    tls: Tls | None = None,
) -> list[TopicReport]:
    """Create what is missing, then report. What differs is told, and left to an operator: it may hold data.

    Args:
        bootstrap_servers: where the broker is.
        topics: as they are written.
        prefix: put before their names.
        replicas: copies of what is created; None for one a broker, three at most.
        tls: the certificates for the broker; None where it is spoken to in plain text.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, **client_options(tls))
    await admin.start()
    try:
        there = set(await admin.list_topics())
        missing = [topic for topic in topics if prefix + topic.topic not in there]
        copies = replicas or min(MOST_COPIES, len((await admin.describe_cluster())["brokers"]))
        response = await admin.create_topics(
            [
                NewTopic(prefix + topic.topic, topic.partitions, copies, topic_configs=topic.settings)
                for topic in missing
            ]
        )
        for name, code, *message in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"{name}: {message}")
        await _until_known(admin, {prefix + topic.topic for topic in topics})
    finally:
        await admin.close()
    created = {topic.topic for topic in missing}
    return [
        TopicReport(one.topic, TopicState.CREATED, (), one.records)
        if one.topic.topic in created and one.state is TopicState.AS_WRITTEN
        else one
        for one in await report(bootstrap_servers, topics, prefix=prefix, tls=tls)
    ]


async def _until_known(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    """Wait until the broker that answers knows the topics; the controller that made them may be ahead of it."""
    async with asyncio.timeout(KNOWN_SECONDS):
        while not names.issubset(await admin.list_topics()):  # noqa: ASYNC110 - the broker tells nobody
            await asyncio.sleep(KNOWN_SECONDS / 200)


async def report(
    bootstrap_servers: str, topics: Sequence[Topic], *, prefix: str = "", tls: Tls | None = None
) -> list[TopicReport]:
    """Compare the broker's topics with their files, changing nothing."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, **client_options(tls))
    await admin.start()
    try:
        there = set(await admin.list_topics())
        names = [prefix + topic.topic for topic in topics if prefix + topic.topic in there]
        partitions = (
            {one["topic"]: len(one["partitions"]) for one in await admin.describe_topics(names)} if names else {}
        )
        settings = await _settings(admin, names)
    finally:
        await admin.close()
    ends = await _ends(bootstrap_servers, partitions, tls)
    return [_compare(topic, prefix + topic.topic, partitions, settings, ends) for topic in topics]


def _compare(
    topic: Topic, name: str, partitions: dict[str, int], settings: dict[str, dict[str, str]], ends: dict[str, int]
) -> TopicReport:
    if name not in partitions:
        return TopicReport(topic, TopicState.MISSING)
    differences = []
    if partitions[name] != topic.partitions:
        differences.append(f"partitions: {partitions[name]}, written {topic.partitions}")
    for key, value in topic.settings.items():
        found = settings[name].get(key)
        if found != value:
            differences.append(f"{key}: {found}, written {value}")
    state = TopicState.DIFFERENT if differences else TopicState.AS_WRITTEN
    return TopicReport(topic, state, tuple(differences), ends[name])


async def _settings(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    return {
        resource[3]: {entry[0]: entry[1] for entry in resource[4]}
        for answer in answers
        for resource in answer.resources
    }


async def _ends(bootstrap_servers: str, partitions: dict[str, int], tls: Tls | None) -> dict[str, int]:
    if not partitions:  # a consumer that is stopped as soon as it was started fails (aiokafka 0.14)
        return {}
    places = [TopicPartition(name, number) for name, count in partitions.items() for number in range(count)]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, enable_auto_commit=False, **client_options(tls))
    await consumer.start()
    try:
        ends = await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return {
        name: sum(ends[TopicPartition(name, number)] for number in range(count)) for name, count in partitions.items()
    }
