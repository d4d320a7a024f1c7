"""The topic files, the event models and the files beside them fit each other, with nothing left over."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Annotated, ClassVar

import pytest
import yaml
from pydantic import Field, JsonValue

from contracts.catalogue import EVENTS, ROOT, TOPICS_DIRECTORY, Topic, event_named, load_topic, topics
from contracts.envelope import family_and_version
from contracts.events.base import EventData
from contracts.examples import EXAMPLES_DIRECTORY
from contracts.wire_schema import SCHEMAS_DIRECTORY, wire_schema

TOPICS = list(topics().values())
PAST_WITHOUT_ED = frozenset({"given", "made", "withdrawn"})
PERSONAL_WORDS = frozenset(
    {"phone", "telephone", "mobile", "email", "wechat", "birth", "birthday", "born", "gender", "sex", "ethnicity"}
    | {"passport", "portrait", "photo", "surname", "kinship", "religion", "health", "education"}
)
PERSONAL_NAMES = frozenset(
    {"id_number", "identity_number", "id_card", "person_name", "full_name", "given_name", "member_name", "contact_name"}
    | {"legal_representative", "legal_person", "operator_name", "owner_name", "cadre_name", "secretary_name"}
)


def field_names(node: JsonValue) -> set[str]:
    """Every field name of a schema, at every level."""
    if isinstance(node, list):
        return set().union(*(field_names(part) for part in node))
    if not isinstance(node, dict):
        return set()
    properties = node.get("properties", {})
    here = set(properties) if isinstance(properties, dict) else set()
    return here.union(*(field_names(part) for part in node.values()))


def personal_fields(event: type[EventData]) -> set[str]:
    return {
        name
        for name in field_names(wire_schema(event))
        if name in PERSONAL_NAMES or PERSONAL_WORDS.intersection(name.split("_"))
    }


def test_every_event_has_one_schema_file_and_no_schema_file_is_left_over() -> None:
    assert sorted(path.name for path in SCHEMAS_DIRECTORY.iterdir()) == sorted(f"{e.event_type}.json" for e in EVENTS)


def test_every_event_has_examples_and_no_folder_of_examples_is_left_over() -> None:
    assert sorted(path.name for path in EXAMPLES_DIRECTORY.iterdir()) == sorted(event.event_type for event in EVENTS)


def test_every_file_in_the_topics_folder_is_a_topic() -> None:
    assert sorted(path.name for path in TOPICS_DIRECTORY.iterdir()) == [f"{topic.topic}.yaml" for topic in TOPICS]


def test_the_events_of_the_topic_files_are_the_events_of_the_catalogue_each_once() -> None:
    listed = sorted((name, topic.topic) for topic in TOPICS for name in topic.events)
    assert listed == sorted((event.event_type, event.topic) for event in EVENTS)


def test_every_event_model_below_the_contracts_is_in_the_catalogue() -> None:
    written = set()
    for path in (ROOT / "events").rglob("*.py"):
        written.update(re.findall(r'event_type: ClassVar\[str\] = "([^"]+)"', path.read_text(encoding="utf-8")))
    assert written == {event.event_type for event in EVENTS}


def test_versions_of_an_event_count_from_one_without_gaps() -> None:
    versions = defaultdict(list)
    for event in EVENTS:
        family, version = family_and_version(event.event_type)
        versions[family].append(version)
    assert {family: sorted(found) for family, found in versions.items()} == {
        family: list(range(1, len(found) + 1)) for family, found in versions.items()
    }


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.topic)
class TestTopic:
    def test_is_named_after_its_owner(self, topic: Topic) -> None:
        assert topic.topic.split("-")[0] == topic.owner

    def test_has_no_dot_in_its_name(self, topic: Topic) -> None:
        assert "." not in topic.topic

    def test_is_not_read_by_its_owner(self, topic: Topic) -> None:
        assert topic.owner not in topic.readers

    def test_names_each_reader_once(self, topic: Topic) -> None:
        assert len(set(topic.readers)) == len(topic.readers)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_type)
class TestEvent:
    def test_is_named_by_service_aggregate_and_a_verb_in_the_past(self, event: type[EventData]) -> None:
        cn, lianhe, service, aggregate, verb, version = event.event_type.split(".")
        assert (cn, lianhe, f"{service}-{aggregate}") == ("cn", "lianhe", event.topic)
        assert verb.endswith("ed") or verb in PAST_WITHOUT_ED
        assert re.fullmatch(r"v[1-9][0-9]*", version)

    def test_is_found_by_its_name(self, event: type[EventData]) -> None:
        assert event_named(event.event_type) is event

    def test_has_the_key_field_of_its_topic_and_it_is_required(self, event: type[EventData]) -> None:
        required = wire_schema(event)["required"]
        assert isinstance(required, list)
        assert topics()[event.topic].key in required

    def test_tells_in_english_and_chinese_what_happened(self, event: type[EventData]) -> None:
        assert event.meaning.endswith(".")
        assert re.search("[一-鿿]", event.meaning_zh)

    def test_describes_every_field(self, event: type[EventData]) -> None:
        properties = wire_schema(event)["properties"]
        assert isinstance(properties, dict)
        assert [
            name for name, field in properties.items() if not isinstance(field, dict) or "description" not in field
        ] == []

    def test_carries_no_attribute_of_a_person_unless_its_topic_is_personal(self, event: type[EventData]) -> None:
        if topics()[event.topic].data_class != "personal":
            assert personal_fields(event) == set()


def test_every_service_that_reads_has_a_topic_for_its_dead_letters_and_no_other_service_has_one() -> None:
    readers = {reader for topic in TOPICS for reader in topic.readers}
    assert {topic.owner for topic in TOPICS if topic.topic == f"{topic.owner}-dead-letter"} == readers


def test_an_attribute_of_a_person_is_seen_at_any_depth() -> None:
    class Contact(EventData):
        mobile_phone: str

    class Leaky(EventData):
        event_type: ClassVar[str] = "cn.lianhe.registration.leak.made.v1"
        meaning: ClassVar[str] = "A leak was made."
        meaning_zh: ClassVar[str] = "泄漏"
        contacts: Annotated[list[Contact], Field(default_factory=list)]
        id_number: str

    assert personal_fields(Leaky) == {"mobile_phone", "id_number"}


def test_a_type_that_nobody_tells_is_not_found() -> None:
    assert event_named("cn.lianhe.registration.entity.registered.v999") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"partitions": 0}, "greater than or equal to 1"),
        ({"owner": "tax"}, "Input should be 'registration'"),
        ({"retention_days": 30}, "retention_days is given for cleanup `delete`"),
        ({"cleanup": "delete"}, "retention_days is given for cleanup `delete`"),
        ({"events": []}, "at least 1 item"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
        ({"topic": "other-name"}, "the file of topic other-name is named other-name.yaml"),
        ({"topic": "dotted.name"}, "String should match pattern"),
    ],
)
def test_a_wrong_topic_file_is_refused_by_name_and_reason(
    tmp_path: Path, change: dict[str, JsonValue], message: str
) -> None:
    path = tmp_path / "ledgers-entity.yaml"
    right = yaml.safe_load((TOPICS_DIRECTORY / path.name).read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(right | change), encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        load_topic(path)
    assert str(caught.value).startswith("ledgers-entity.yaml: ")


def test_a_topic_file_that_is_no_yaml_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "ledgers-entity.yaml"
    path.write_text("topic: [", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^ledgers-entity\.yaml: "):
        load_topic(path)


def test_settings_are_kafkas_own() -> None:
    assert topics()["ledgers-entity"].settings == {
        "cleanup.policy": "compact",
        "min.compaction.lag.ms": "2592000000",
    }
    assert topics()["ledgers-dead-letter"].settings == {"cleanup.policy": "delete", "retention.ms": "15552000000"}
