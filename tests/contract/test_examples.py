"""The hand-written examples: right by schema, by model, by envelope, and the same after a producer wrote them again."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker
from stdnum.cn import uscc

from contracts.asyncapi import ASYNCAPI_FILE, HEADERS_SCHEMA
from contracts.catalogue import EVENTS, event_named
from contracts.envelope import Envelope
from contracts.events.base import EventData
from contracts.examples import EXAMPLES_DIRECTORY, Example, examples
from contracts.wire_schema import SCHEMAS_DIRECTORY

EXAMPLES = [example for event in EVENTS for example in examples(event.event_type)]


def model(example: Example) -> type[EventData]:
    found = event_named(example.event_type)
    assert found is not None
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.event_type}/{example.name}")
class TestExample:
    def test_fits_the_schema(self, example: Example, formats: FormatChecker) -> None:
        schema = json.loads((SCHEMAS_DIRECTORY / f"{example.event_type}.json").read_bytes())
        Draft202012Validator(schema, format_checker=formats).validate(example.data)

    def test_is_the_same_bytes_after_it_was_read_and_written(self, example: Example) -> None:
        event = model(example).model_validate_json(example.raw)
        assert event.model_dump_json(exclude_none=True).encode() == example.raw

    def test_has_headers_that_are_the_same_after_they_were_read_and_written(self, example: Example) -> None:
        assert tuple(Envelope.decode(example.headers).encode()) == example.headers

    def test_has_headers_that_fit_the_published_schema(self, example: Example, formats: FormatChecker) -> None:
        headers = {name: value.decode() for name, value in example.headers}
        Draft7Validator(HEADERS_SCHEMA, format_checker=formats).validate(headers)

    def test_is_told_by_its_owner_as_its_type_about_its_key(self, example: Example) -> None:
        envelope = Envelope.decode(example.headers)
        event = model(example).model_validate_json(example.raw)
        assert envelope.type == example.event_type
        assert envelope.source == f"/lianhe/{event.topic.split('-')[0]}"
        assert envelope.subject == event.key == example.key.decode()

    def test_has_a_social_credit_code_with_a_right_check_digit(self, example: Example) -> None:
        code = example.data.get("uscc")
        if code is not None:
            assert uscc.validate(str(code)) == code

    def test_fits_the_published_payload_schema(self, example: Example, formats: FormatChecker) -> None:
        document = yaml.safe_load(ASYNCAPI_FILE.read_text(encoding="utf-8"))
        reference = document["components"]["messages"][example.event_type]["payload"]["$ref"]
        schema = {"$ref": reference, "components": document["components"]}
        Draft7Validator(schema, format_checker=formats).validate(example.data)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_type)
def test_an_event_has_an_example_with_every_field_and_one_with_the_required_ones_alone(event: type[EventData]) -> None:
    schema = json.loads((SCHEMAS_DIRECTORY / f"{event.event_type}.json").read_bytes())
    fields = [set(example.data) for example in examples(event.event_type)]
    assert set(schema["properties"]) in fields
    assert set(schema["required"]) in fields


def test_ids_of_events_are_not_used_twice() -> None:
    ids = [Envelope.decode(example.headers).id for example in EXAMPLES]
    assert len(set(ids)) == len(ids)


def test_an_event_without_examples_is_told_with_the_place() -> None:
    with pytest.raises(
        LookupError, match=r"no example of cn\.lianhe\.none: expected .*examples/cn\.lianhe\.none/<name>"
    ):
        examples("cn.lianhe.none", EXAMPLES_DIRECTORY)


def test_a_malformed_example_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "some.type").mkdir()
    (tmp_path / "some.type" / "half.json").write_text('{"headers": {}, "key": "k"}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"^some\.type/half\.json: (.|\n)*data"):
        examples("some.type", tmp_path)
