"""Producer, schema and consumer agree: what producers write fits the schema, what fits the schema is taken in."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import JsonValue, ValidationError

from contracts.catalogue import EVENTS
from contracts.events.base import EventData
from contracts.events.registration import Capital, EntityRegistered
from contracts.examples import examples
from contracts.wire_schema import Schema, wire_schema

FORMATS: Mapping[str, st.SearchStrategy[str]] = {
    "uuid": st.uuids().map(str),
    "date": st.dates().map(date.isoformat),
    "date-time": st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat().replace("+00:00", "Z")),
}


def fitting(schema: Schema, shared: Schema) -> st.SearchStrategy[JsonValue]:  # noqa: PLR0911 - a return a keyword
    """Values that fit a schema, for the keywords that our schemas use."""
    match schema:
        case {"$ref": str(reference)}:
            target = shared[reference.removeprefix("#/$defs/")]
            assert isinstance(target, dict)
            return fitting(target, shared)
        case {"enum": list(words)}:
            return st.sampled_from(words)
        case {"type": "string"}:
            return fitting_texts(schema).map(_as_json)
        case {"type": "integer", "minimum": int(least)}:
            most = schema.get("maximum")
            assert most is None or isinstance(most, int)
            return st.integers(least, most).map(_as_json)
        case {"type": "boolean"}:
            return st.booleans().map(_as_json)
        case {"type": "array", "items": dict(items)}:
            fewest = schema.get("minItems", 0)
            assert isinstance(fewest, int)
            return st.lists(fitting(items, shared), min_size=fewest, max_size=fewest + 2).map(_as_json)
        case {"type": "object", "properties": dict(properties), "required": list(required)}:
            parts = {name: fitting(part, shared) for name, part in properties.items() if isinstance(part, dict)}
            needed = {name: part for name, part in parts.items() if name in required}
            optional = {name: part for name, part in parts.items() if name not in required}
            return st.fixed_dictionaries(needed, optional=optional).map(_as_json)
    raise AssertionError(f"no values known for {schema}")


def fitting_texts(schema: Schema) -> st.SearchStrategy[str]:
    match schema:
        case {"format": str(name)}:
            return FORMATS[name]
        case {"pattern": str(pattern)}:
            return st.from_regex(pattern.removesuffix("$") + r"\Z", fullmatch=True)
    least, most = schema.get("minLength", 0), schema.get("maxLength", 50)
    assert isinstance(least, int)
    assert isinstance(most, int)
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=min(most, 50))


def _as_json(value: JsonValue) -> JsonValue:
    """Widen the type: a strategy of str is no strategy of JsonValue for mypy."""
    return value


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_type)
@given(data=st.data())
@settings(max_examples=50)
def test_what_fits_the_schema_is_taken_in_and_still_fits_when_written_again(
    formats: FormatChecker, event: type[EventData], data: st.DataObject
) -> None:
    schema = wire_schema(event)
    shared = schema.get("$defs", {})
    assert isinstance(shared, dict)
    body = data.draw(fitting(schema, shared))
    validator = Draft202012Validator(schema, format_checker=formats)
    validator.validate(body)
    taken = event.model_validate_json(json.dumps(body))
    written = taken.model_dump_json(exclude_none=True)
    validator.validate(json.loads(written))
    assert event.model_validate_json(written) == taken


@pytest.mark.parametrize(
    ("amount", "on_the_wire"),
    [("1E+6", "1000000"), ("0E+5", "0"), ("-0", "0"), ("500000.00", "500000.00"), ("0.0001", "0.0001")],
)
def test_an_amount_is_written_plainly(formats: FormatChecker, amount: str, on_the_wire: str) -> None:
    capital = Capital(amount=Decimal(amount), currency="CNY")
    written = json.loads(capital.model_dump_json())
    assert written == {"amount": on_the_wire, "currency": "CNY"}
    shared = wire_schema(EntityRegistered)["$defs"]
    assert isinstance(shared, dict)
    assert isinstance(shared["Capital"], dict)
    Draft202012Validator(shared["Capital"], format_checker=formats).validate(written)


def test_a_moment_is_written_in_utc_whatever_its_zone() -> None:
    [example] = [one for one in examples(EntityRegistered.event_type) if one.name == "noodle-shop-minimal"]
    event = EntityRegistered.model_validate_json(example.raw)
    moved = event.model_copy(update={"recorded_at": datetime(2024, 2, 28, 10, tzinfo=timezone(timedelta(hours=8)))})
    assert json.loads(moved.model_dump_json())["recorded_at"] == "2024-02-28T02:00:00Z"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_type)
def test_the_schema_for_writing_and_the_one_for_reading_are_the_same(event: type[EventData]) -> None:
    assert event.model_json_schema(mode="serialization") == event.model_json_schema(mode="validation")


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_type)
def test_no_schema_speaks_of_null_and_yet_null_is_read_as_absent(event: type[EventData]) -> None:
    schema = wire_schema(event)
    assert '"null"' not in json.dumps(schema)
    [*_, example] = examples(event.event_type)
    properties, required = schema["properties"], schema["required"]
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    absent = {name: value for name, value in example.data.items() if name in required}
    nulls = absent | {name: None for name in properties if name not in required}
    assert event.model_validate(nulls) == event.model_validate(absent)


def test_a_field_that_may_be_none_must_be_optional() -> None:
    class Torn(EventData):
        event_type: ClassVar[str] = "cn.lianhe.registration.torn.made.v1"
        meaning: ClassVar[str] = "It was made."
        meaning_zh: ClassVar[str] = "试验"
        note: str | None

    with pytest.raises(ValueError, match=r"torn\.made\.v1: field note may be None, so it needs None as its default"):
        wire_schema(Torn)


def test_a_field_that_nobody_knows_yet_is_ignored() -> None:
    [example, *_] = examples(EntityRegistered.event_type)
    known = EntityRegistered.model_validate(example.data)
    assert EntityRegistered.model_validate(example.data | {"colour": "red"}) == known


def test_a_moment_without_an_offset_is_refused() -> None:
    [example, *_] = examples(EntityRegistered.event_type)
    with pytest.raises(ValidationError, match="timezone_aware"):
        EntityRegistered.model_validate(example.data | {"recorded_at": "2024-02-28T02:00:00"})
