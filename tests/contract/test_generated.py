"""The generated files: current, the same again, valid by AsyncAPI's own schema; and what is stale is named."""

import json
from pathlib import Path
from typing import Final

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from contracts.asyncapi import ASYNCAPI_FILE, asyncapi_document
from contracts.catalogue import EVENTS, topics
from contracts.events.base import EventData
from contracts.generate import GUIDE_FILE, generated, stale
from contracts.topic_guide import topic_guide
from contracts.wire_schema import SCHEMAS_DIRECTORY, Schema
from tests.contract.workshop import Workshop

VENDOR: Final = Path(__file__).parent / "vendor"
ENTITY_SCHEMA: Final = "contracts/schemas/cn.lianhe.ledgers.entity.recorded.v1.json"


def document() -> Schema:
    found: Schema = yaml.safe_load(ASYNCAPI_FILE.read_text(encoding="utf-8"))
    return found


def part(node: Schema, *path: str) -> Schema:
    for name in path:
        found = node[name]
        assert isinstance(found, dict)
        node = found
    return node


def references(node: object) -> list[str]:
    if isinstance(node, list):
        return [reference for one in node for reference in references(one)]
    if not isinstance(node, dict):
        return []
    here = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return here + [reference for one in node.values() for reference in references(one)]


def test_the_committed_files_are_current() -> None:
    assert stale(generated()) == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_type)
def test_a_schema_is_a_schema_and_is_named_after_its_event(event: type[EventData]) -> None:
    schema = json.loads((SCHEMAS_DIRECTORY / f"{event.event_type}.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:lianhe:schema:{event.event_type}"
    assert schema["title"] == event.__name__


def test_the_words_of_a_list_have_their_chinese_labels() -> None:
    schema = json.loads((SCHEMAS_DIRECTORY / "cn.lianhe.ledgers.entity.recorded.v1.json").read_bytes())
    assert schema["$defs"]["EntityState"]["x-labels-zh"] == {"ACTIVE": "存续", "DEREGISTERED": "注销"}


def test_the_asyncapi_document_is_valid_by_its_official_schema() -> None:
    official = json.loads((VENDOR / "asyncapi-3.0.0.json").read_bytes())
    assert [error.message for error in Draft7Validator(official).iter_errors(document())] == []


def test_the_official_schema_refuses_a_wrong_document() -> None:
    official = json.loads((VENDOR / "asyncapi-3.0.0.json").read_bytes())
    wrong = document()
    part(wrong, "channels", "ledgers-entity", "bindings", "kafka")["partitions"] = 0
    assert [error.json_path for error in Draft7Validator(official).iter_errors(wrong)] != []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    found = document()
    pointers = set(references(found))
    assert pointers
    for pointer in pointers:
        node: object = found
        for step in pointer.removeprefix("#/").split("/"):
            assert isinstance(node, dict)
            node = node[step]


def test_channels_messages_and_operations_tell_of_every_topic_from_both_sides() -> None:
    found = document()
    assert list(part(found, "channels")) == list(topics())
    assert sorted(part(found, "components", "messages")) == sorted(event.event_type for event in EVENTS)
    sends = {
        name for name, one in part(found, "operations").items() if isinstance(one, dict) and one["action"] == "send"
    }
    hears = set(part(found, "operations")) - sends
    assert sends == {f"{topic.owner}-tells-{topic.topic}" for topic in topics().values()}
    assert hears == {f"{reader}-hears-{topic.topic}" for topic in topics().values() for reader in topic.readers}


def test_a_channel_has_its_topics_settings() -> None:
    kafka = part(document(), "channels", "registration-entity", "bindings", "kafka")
    assert kafka == {
        "topic": "registration-entity",
        "partitions": 6,
        "topicConfiguration": {"cleanup.policy": ["compact"], "min.compaction.lag.ms": 2592000000},
        "bindingVersion": "0.5.0",
    }


def test_a_message_has_its_key_its_data_class_and_its_correlation_id() -> None:
    message = part(document(), "components", "messages", "cn.lianhe.ledgers.entity.recorded.v1")
    assert part(message, "bindings", "kafka", "key") == {
        "type": "string",
        "format": "uuid",
        "description": "Id of the entity, as registration made it.",
    }
    assert message["tags"] == [{"name": "data-class:public-register"}]
    assert message["correlationId"] == {"$ref": "#/components/correlationIds/saga"}


def test_a_topic_with_an_unknown_event_makes_no_document() -> None:
    [topic, *_] = topics().values()
    with pytest.raises(LookupError, match=r"a topic file names cn\.lianhe\.none, which is not in the catalogue"):
        asyncapi_document([topic.model_copy(update={"events": ("cn.lianhe.none",)})], "1.0.0")


def test_the_page_of_topics_has_a_row_and_an_arrow_for_everything() -> None:
    page = GUIDE_FILE.read_text(encoding="utf-8")
    for topic in topics().values():
        node = f"topic_{topic.topic.replace('-', '_')}"
        assert f"| `{topic.topic}` |" in page
        assert f"  {topic.owner} --> {node}\n" in page
        assert all(f"  {node} --> {reader}\n" in page for reader in topic.readers)


def test_a_bar_in_a_meaning_does_not_break_the_table() -> None:
    [topic, *_] = topics().values()
    page = topic_guide([topic.model_copy(update={"meaning": "this | or that"})])
    assert "this &#124; or that" in page


def test_generating_again_changes_nothing(workshop: Workshop) -> None:
    before = workshop.files()
    done = workshop.run("-m", "contracts.generate")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert workshop.files() == before


def test_a_changed_model_makes_its_files_stale_until_they_are_generated(workshop: Workshop) -> None:
    workshop.change("contracts/events/ledgers/entities.py", 'description="企业名称."', 'description="名称."')
    before = workshop.files()
    checked = workshop.run("-m", "contracts.generate", "--check")
    assert checked.returncode == 1
    assert checked.stderr == (
        f"stale 已过期:\n  contracts/asyncapi.yaml\n  {ENTITY_SCHEMA}\nrun 请运行: python -m contracts.generate\n"
    )
    assert workshop.files() == before
    assert workshop.run("-m", "contracts.generate").stdout == f"contracts/asyncapi.yaml\n{ENTITY_SCHEMA}\n"
    assert workshop.run("-m", "contracts.generate", "--check").returncode == 0


def test_a_schema_of_no_event_and_a_half_written_file_are_stale_and_go(workshop: Workshop) -> None:
    left_over = [workshop.root / "contracts/schemas" / name for name in ("cn.lianhe.none.v1.json", ".half.json.tmp")]
    for path in left_over:
        path.write_text("{", encoding="utf-8")
    checked = workshop.run("-m", "contracts.generate", "--check")
    assert checked.returncode == 1
    assert all(path.name in checked.stderr for path in left_over)
    assert workshop.run("-m", "contracts.generate").returncode == 0
    assert [path.exists() for path in left_over] == [False, False]


def test_a_malformed_topic_file_is_named_without_a_traceback(workshop: Workshop) -> None:
    workshop.change("contracts/topics/ledgers-entity.yaml", "partitions: 6", "partitions: six")
    done = workshop.run("-m", "contracts.generate", "--check")
    assert done.returncode == 1
    assert done.stderr.startswith("ledgers-entity.yaml: ")
    assert "Traceback" not in done.stderr
