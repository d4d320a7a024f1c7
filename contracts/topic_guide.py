"""The page docs/topics.md: every topic for a developer at a bureau, and a picture of who tells whom."""

from collections.abc import Iterable
from typing import Final

from contracts.catalogue import DataClass, Service, Topic

SERVICES_ZH: Final[dict[Service, str]] = {
    "registration": "登记",
    "ledgers": "台账",
    "assessment": "考核",
    "pairing": "结对共建",
    "gateway": "网关",
}
_DATA_CLASSES_ZH: Final[dict[DataClass, str]] = {
    "public-register": "登记公开信息",
    "internal": "内部",
    "personal": "个人信息",
}
_HEAD: Final = """\
# Topics 主题

This page is written by `python -m contracts.generate` from `contracts/topics/*.yaml`: change those, not this.
本页由命令生成，请修改主题文件。

A record's key is the aggregate's id; the newest record of a key holds its whole state. Types, schemas and examples are
in `contracts/asyncapi.yaml`; what may change is in [contracts.md](contracts.md).
消息键为聚合编号；同一键的最新一条消息即其完整状态。
"""
_COLUMNS: Final = (
    "Topic 主题",
    "Meaning 含义",
    "Key 键",
    "Partitions 分区",
    "Stays 保留",
    "Events 事件",
    "Told by 发布",
    "Heard by 订阅",
    "Data class 数据分类",
)


def topic_guide(topics: Iterable[Topic]) -> str:
    """Write the page."""
    found = list(topics)
    rows = [_row(_COLUMNS), _row(["---"] * len(_COLUMNS)), *(_row(_cells(topic)) for topic in found)]
    picture = ["```mermaid", "flowchart LR", *_nodes(found), *_arrows(found), "```"]
    return "\n".join([_HEAD, *rows, "", "## Who tells whom 事件流向", "", *picture, ""])


def _cells(topic: Topic) -> list[str]:
    return [
        f"`{topic.topic}`",
        f"{topic.meaning}<br>{topic.meaning_zh}",
        f"`{topic.key}`",
        str(topic.partitions),
        "newest of each key 每键最新" if topic.retention_days is None else f"{topic.retention_days} days 天",
        "<br>".join(f"`{event}`" for event in topic.events),
        _service(topic.owner),
        "<br>".join(_service(reader) for reader in topic.readers) or "nobody yet 暂无",
        f"{topic.data_class} {_DATA_CLASSES_ZH[topic.data_class]}",
    ]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _service(service: Service) -> str:
    return f"{service} {SERVICES_ZH[service]}"


def _nodes(topics: list[Topic]) -> Iterable[str]:
    seen = {service for topic in topics for service in (topic.owner, *topic.readers)}
    for service in SERVICES_ZH:
        if service in seen:
            yield f'  {service}("{_service(service)}")'
    for topic in topics:
        yield f'  {_node(topic)}[["{topic.topic}"]]'


def _arrows(topics: list[Topic]) -> Iterable[str]:
    for topic in topics:
        yield f"  {topic.owner} --> {_node(topic)}"
        for reader in topic.readers:
            yield f"  {_node(topic)} --> {reader}"


def _node(topic: Topic) -> str:
    return f"topic_{topic.topic.replace('-', '_')}"
