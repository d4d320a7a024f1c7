"""The catalogue: every event type and every topic, found by name."""

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.events.base import EventData
from contracts.events.dead_letters import GatewayDeadLetterRecorded, LedgersDeadLetterRecorded
from contracts.events.ledgers import EntityRecorded
from contracts.events.registration import EntityChanged, EntityRegistered

EVENTS: Final[tuple[type[EventData], ...]] = (
    EntityRegistered,
    EntityChanged,
    EntityRecorded,
    LedgersDeadLetterRecorded,
    GatewayDeadLetterRecorded,
)
"""Every event type there is."""

ROOT: Final = Path(__file__).parent
TOPICS_DIRECTORY: Final = ROOT / "topics"

Service = Literal["registration", "ledgers", "assessment", "pairing", "gateway"]
TopicName = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)+$")]


class Topic(BaseModel):
    """One topic, as its file says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: TopicName
    meaning: Annotated[str, Field(min_length=20)]
    meaning_zh: Annotated[str, Field(min_length=4)]
    owner: Service
    readers: tuple[Service, ...]
    key: Annotated[str, Field(min_length=3, description="What the record key is.")]
    partitions: Annotated[int, Field(ge=1, le=64)]
    cleanup: Literal["compact", "delete"]
    retention_days: Annotated[
        int | None, Field(ge=1, description="For cleanup `delete`; a compacted topic keeps the newest of each key.")
    ] = None
    data_class: Literal["public-register", "internal", "personal"]
    events: tuple[str, ...]


def event_named(event_type: str) -> type[EventData] | None:
    """Return the model of a CloudEvents type, or None where this release doesn't know it."""
    return _events_by_type().get(event_type)


def topics() -> dict[str, Topic]:
    """Return every topic by its name, in order of name.

    Raises:
        ValueError: a topic file is not as `Topic` says; the message names the file.
    """
    return dict(_topics())


@cache
def _topics() -> tuple[tuple[str, Topic], ...]:
    found = []
    for path in sorted(TOPICS_DIRECTORY.glob("*.yaml")):
        try:
            topic = Topic.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from error
        found.append((topic.topic, topic))
    return tuple(found)


@cache
def _events_by_type() -> dict[str, type[EventData]]:
    return {event.event_type: event for event in EVENTS}
