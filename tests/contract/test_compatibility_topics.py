"""A topic file that changed since its release: each kind of change gets its category, and only harmless ones pass."""

import copy
from dataclasses import dataclass
from typing import Final

import pytest
from pydantic import JsonValue

from contracts.catalogue import EVENTS, topics
from contracts.compatibility.check import compatibility, releasable
from contracts.compatibility.contract_set import ContractSet
from contracts.compatibility.findings import Category
from contracts.wire_schema import Schema, wire_schema

RELEASED: Final = ContractSet(
    {name: topic.model_dump(mode="json", exclude_none=True) for name, topic in topics().items()},
    {event.event_type: wire_schema(event) for event in EVENTS},
)
REGISTERED: Final = "cn.lianhe.registration.entity.registered.v1"
CHANGED: Final = "cn.lianhe.registration.entity.changed.v1"
RECORDED: Final = "cn.lianhe.ledgers.entity.recorded.v1"
SECOND: Final = "cn.lianhe.ledgers.entity.recorded.v2"


@dataclass(frozen=True, slots=True)
class Setting:
    """A change of one setting of one topic file, and exactly what must be found."""

    topic: str
    changed: Schema
    found: tuple[Category, ...]

    def __str__(self) -> str:
        return f"{self.topic} {self.changed}"


def with_topic(name: str, changed: Schema) -> ContractSet:
    found = copy.deepcopy(dict(RELEASED.topics))
    found[name] = found.get(name, {}) | changed
    return ContractSet(found, RELEASED.schemas)


SAFE = (
    Setting("ledgers-entity", {"meaning": "Said in other words."}, (Category.WORDING_CHANGED,)),
    Setting("ledgers-entity", {"meaning_zh": "换一种说法"}, (Category.WORDING_CHANGED,)),
    Setting("ledgers-entity", {"readers": ["pairing", "gateway", "assessment"]}, (Category.READER_ADDED,)),
    Setting("ledgers-entity", {"readers": ["gateway"]}, (Category.READER_LEFT,)),
    Setting("registration-entity", {"readers": ["gateway", "ledgers"]}, (Category.WORDING_CHANGED,)),
    Setting("registration-entity", {"events": [CHANGED, REGISTERED]}, (Category.WORDING_CHANGED,)),
    Setting("ledgers-dead-letter", {"retention_days": 365}, (Category.RETENTION_LENGTHENED,)),
    Setting("pairing-judgement", {"events": []}, (Category.TOPIC_ADDED,)),
    Setting("ledgers-entity", {"events": [RECORDED, SECOND]}, (Category.VERSION_ADDED,)),
    Setting("ledgers-entity", {"events": [RECORDED, "cn.lianhe.ledgers.entity.closed.v1"]}, (Category.EVENT_ADDED,)),
)
REFUSED = (
    Setting("ledgers-entity", {"partitions": 12}, (Category.PARTITIONS_CHANGED,)),
    Setting("ledgers-entity", {"partitions": 3}, (Category.PARTITIONS_CHANGED,)),
    Setting("ledgers-entity", {"key": "uscc"}, (Category.KEY_CHANGED,)),
    Setting("ledgers-entity", {"owner": "registration"}, (Category.OWNER_CHANGED,)),
    Setting("ledgers-entity", {"events": []}, (Category.EVENT_REMOVED,)),
    Setting("ledgers-dead-letter", {"retention_days": 30}, (Category.RETENTION_SHORTENED,)),
    Setting("ledgers-dead-letter", {"data_class": "public-register"}, (Category.DATA_CLASS_LOWERED,)),
    Setting("ledgers-dead-letter", {"data_class": "personal"}, (Category.DATA_CLASS_RAISED,)),
    Setting("ledgers-dead-letter", {"data_class": "secret"}, (Category.UNCATEGORISED,)),
    Setting("ledgers-dead-letter", {"compression": "lz4"}, (Category.UNCATEGORISED,)),
    Setting(
        "ledgers-entity",
        {"cleanup": "delete", "retention_days": 30},
        (Category.CLEANUP_CHANGED, Category.CLEANUP_CHANGED),
    ),
)


@pytest.mark.parametrize("setting", SAFE, ids=str)
def test_a_harmless_change_is_named_and_passes(setting: Setting) -> None:
    found = compatibility(RELEASED, with_topic(setting.topic, setting.changed))
    assert [(one.place, one.category) for one in found] == [
        (f"topics/{setting.topic}.yaml", category) for category in setting.found
    ]
    assert releasable(found)


@pytest.mark.parametrize("setting", REFUSED, ids=str)
def test_any_other_change_is_named_and_refused(setting: Setting) -> None:
    found = compatibility(RELEASED, with_topic(setting.topic, setting.changed))
    assert [(one.place, one.category) for one in found] == [
        (f"topics/{setting.topic}.yaml", category) for category in setting.found
    ]
    assert not releasable(found)


def test_an_event_that_moved_is_not_taken_for_a_removed_one() -> None:
    moved = with_topic("registration-entity", {"events": [REGISTERED]})
    current = ContractSet({**moved.topics, "registration-change": {"events": [CHANGED]}}, RELEASED.schemas)
    assert [(one.place, one.category, one.what) for one in compatibility(RELEASED, current)] == [
        ("topics/registration-change.yaml", Category.TOPIC_ADDED, "the topic is new"),
        (
            "topics/registration-entity.yaml",
            Category.EVENT_MOVED,
            f"{CHANGED}: registration-entity → registration-change",
        ),
    ]


def test_a_topic_that_is_gone_takes_its_events_with_it() -> None:
    left = {name: topic for name, topic in RELEASED.topics.items() if name != "ledgers-entity"}
    found = compatibility(RELEASED, ContractSet(left, RELEASED.schemas))
    assert [one.category for one in found] == [Category.EVENT_REMOVED, Category.TOPIC_REMOVED]
    assert not releasable(found)


def test_a_schema_that_is_gone_is_an_event_that_is_gone() -> None:
    left = {name: schema for name, schema in RELEASED.schemas.items() if name != RECORDED}
    found = compatibility(RELEASED, ContractSet(RELEASED.topics, left))
    assert [(one.place, one.category) for one in found] == [(f"schemas/{RECORDED}.json", Category.EVENT_REMOVED)]
    assert not releasable(found)


@pytest.mark.parametrize(
    ("event_type", "category"),
    [(SECOND, Category.VERSION_ADDED), ("cn.lianhe.ledgers.entity.closed.v1", Category.EVENT_ADDED)],
)
def test_a_new_schema_passes_and_says_who_goes_first(event_type: str, category: Category) -> None:
    current = ContractSet(RELEASED.topics, {**RELEASED.schemas, event_type: {"type": "object"}})
    found = compatibility(RELEASED, current)
    assert [(one.place, one.category) for one in found] == [(f"schemas/{event_type}.json", category)]
    assert releasable(found)


def test_a_finding_says_place_change_reason_and_way_out() -> None:
    [finding] = compatibility(RELEASED, with_topic("ledgers-entity", {"partitions": 12}))
    assert str(finding) == (
        "breaking: PARTITIONS_CHANGED at topics/ledgers-entity.yaml: partitions: 6 → 12\n"
        "  why: keys move to other partitions: an old state may be read after a newer one\n"
        "  way out: make a new topic beside this one: roll out readers of both, then the owner, and retire the old one"
    )


def test_every_category_explains_itself() -> None:
    texts: list[JsonValue] = [text for category in Category for text in (category.why, category.way_out)]
    assert all(texts)
