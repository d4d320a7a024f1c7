"""The catalogue: every event type and every topic, found by name."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from contracts.events import assessment, dead_letters, pairing, registration
from contracts.events.base import EventData
from contracts.events.ledgers import (
    contacts,
    coverage,
    development,
    entities,
    floatings,
    life,
    lines,
    members,
    organisations,
    posts,
    reorganisations,
    transfers,
)

EVENTS: Final[tuple[type[EventData], ...]] = (
    *registration.EVENTS,
    *entities.EVENTS,
    *lines.EVENTS,
    *organisations.EVENTS,
    *members.EVENTS,
    *transfers.EVENTS,
    *life.EVENTS,
    *contacts.EVENTS,
    *reorganisations.EVENTS,
    *development.EVENTS,
    *floatings.EVENTS,
    *posts.EVENTS,
    *coverage.EVENTS,
    *assessment.EVENTS,
    *pairing.EVENTS,
    *dead_letters.EVENTS,
)
"""Every event type there is."""

ROOT: Final = Path(__file__).parent
TOPICS_DIRECTORY: Final = ROOT / "topics"

COMPACTION_LAG: Final = timedelta(days=30)
"""For so long every record of a compacted topic stays, so that a reader who was away still hears each fact."""

Service = Literal["registration", "ledgers", "assessment", "pairing", "gateway"]
DataClass = Literal["public-register", "internal", "personal"]
"""Who may hear it, from anybody with a right to the register to named readers only; in rising order."""
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
    data_class: DataClass
    erased_within_days: Annotated[
        int | None, Field(ge=31, description="For personal data: so long after an erasure older records are gone.")
    ] = None
    events: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _retention_fits_cleanup(self) -> Self:
        if (self.cleanup == "delete") != (self.retention_days is not None):
            raise ValueError("retention_days is given for cleanup `delete`, and only there")
        if self.cleanup == "compact" and (self.data_class == "personal") != (self.erased_within_days is not None):
            raise ValueError("erased_within_days is given for compacted personal data, and only there")
        return self

    @property
    def settings(self) -> dict[str, str]:
        """The topic's settings by Kafka's own names, as its admin client takes them."""
        if self.retention_days is None:
            settings = {"cleanup.policy": "compact", "min.compaction.lag.ms": _milliseconds(COMPACTION_LAG)}
            if self.erased_within_days is not None:
                settings["max.compaction.lag.ms"] = _milliseconds(timedelta(days=self.erased_within_days))
            return settings
        return {"cleanup.policy": "delete", "retention.ms": _milliseconds(timedelta(days=self.retention_days))}


def _milliseconds(time: timedelta) -> str:
    return str(time // timedelta(milliseconds=1))


def event_named(event_type: str) -> type[EventData] | None:
    """Return the model of a CloudEvents type, or None where this release doesn't know it."""
    return _events_by_type().get(event_type)


def topics() -> dict[str, Topic]:
    """Return every topic by its name, in order of name.

    Raises:
        ValueError: a topic file is not as `Topic` says, or not named as its topic; the message names the file.
    """
    return dict(_topics())


def load_topic(path: Path) -> Topic:
    """Read one topic file.

    Raises:
        ValueError: it is not as `Topic` says, or not named as its topic; the message names the file.
    """
    try:
        topic = Topic.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if topic.topic != path.stem:
        raise ValueError(f"{path.name}: the file of topic {topic.topic} is named {topic.topic}.yaml")
    return topic


@cache
def _topics() -> tuple[tuple[str, Topic], ...]:
    return tuple((path.stem, load_topic(path)) for path in sorted(TOPICS_DIRECTORY.glob("*.yaml")))


@cache
def _events_by_type() -> dict[str, type[EventData]]:
    return {event.event_type: event for event in EVENTS}
