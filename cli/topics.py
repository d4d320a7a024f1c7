"""`lianhe topics`: the topics, as written and as the broker has them."""

import asyncio
from typing import Annotated, ClassVar

import orjson
import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.table import Table

from cli.environment import NothingRunsError, use_what_runs
from cli.errors import told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from contracts import catalogue
from kit import topics as broker_topics
from kit.settings import BrokerSettings, load
from kit.topics import TopicReport, TopicState


class TopicsSettings(BrokerSettings):
    """Where the broker is."""

    service: ClassVar[str] = "topics"


def topics(
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Create the topics that are missing.")] = False,
    replicas: Annotated[
        int | None,
        typer.Option(
            min=1,
            show_default="one a broker, 3 at most",
            help="Copies of a created topic, each on another broker 副本数.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """List the topics, and create the missing ones with --apply. 列出或创建主题。

    Exit status 1 where a topic differs from its file: partitions and settings are never changed by themselves, since
    the topic may hold data.

    Example 示例: lianhe topics --apply
    """
    with told(NothingRunsError, KafkaError, OSError):
        use_what_runs(data_dir)
        settings = load(TopicsSettings)
        written = list(catalogue.topics().values())
        prefix = settings.kafka_topic_prefix
        address = settings.kafka_bootstrap_servers
        run = (
            broker_topics.apply(address, written, prefix=prefix, replicas=replicas, tls=settings.kafka_tls)
            if apply
            else broker_topics.report(address, written, prefix=prefix, tls=settings.kafka_tls)
        )
        reports = asyncio.run(run)
    for one in reports if as_json else ():
        print(orjson.dumps(_as_json(one)).decode())
    if not as_json:
        Console(highlight=False).print(_table(reports))
    if any(one.state is TopicState.DIFFERENT for one in reports):
        raise typer.Exit(1)


def _as_json(one: TopicReport) -> dict[str, object]:
    return {
        "topic": one.topic.topic,
        "owner": one.topic.owner,
        "readers": one.topic.readers,
        "partitions": one.topic.partitions,
        "cleanup": one.topic.cleanup,
        "state": one.state.value,
        "differences": one.differences,
        "end_offset": one.records,
    }


def _table(reports: list[TopicReport]) -> Table:
    table = Table("topic 主题", "owner 所有者", "partitions 分区", "cleanup 清理", "end offset 末位移", "state 状态")
    for one in reports:
        state = one.state.value if not one.differences else f"{one.state.value}: {'; '.join(one.differences)}"
        table.add_row(
            one.topic.topic, one.topic.owner, str(one.topic.partitions), one.topic.cleanup, str(one.records), state
        )
    return table
