"""A schema that changed since its release: each kind of change gets its category, and only harmless ones pass."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
from pydantic import JsonValue

from contracts.compatibility.check import compatibility, releasable
from contracts.compatibility.contract_set import ContractSet
from contracts.compatibility.findings import Category
from contracts.compatibility.second_opinion import is_subschema_both_ways
from contracts.events.registration import EntityRegistered
from contracts.wire_schema import Schema, wire_schema

EVENT: Final = EntityRegistered.event_type
FILE: Final = f"schemas/{EVENT}.json"
Change = Callable[[Schema], object]


def at(schema: Schema, *path: str) -> Schema:
    """The part of a schema at a path of keywords."""
    part: JsonValue = schema
    for name in path:
        assert isinstance(part, dict)
        part = part[name]
    assert isinstance(part, dict)
    return part


def field(schema: Schema, name: str) -> Schema:
    return at(schema, "properties", name)


def shared(schema: Schema, name: str) -> Schema:
    return at(schema, "$defs", name)


def listed(part: Schema, keyword: str) -> list[JsonValue]:
    found = part[keyword]
    assert isinstance(found, list)
    return found


def add_required(schema: Schema, name: str) -> None:
    at(schema, "properties")[name] = {"type": "string"}
    listed(schema, "required").append(name)


def remove(schema: Schema, name: str) -> None:
    del at(schema, "properties")[name]
    if name in listed(schema, "required"):
        listed(schema, "required").remove(name)


def rename(schema: Schema, old: str, new: str) -> None:
    fields = at(schema, "properties")
    fields[new] = fields.pop(old)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change of the released schema, and exactly what must be found."""

    name: str
    change: Change
    found: tuple[tuple[str, Category], ...]


SAFE = (
    Mutation("nothing", lambda _: None, ()),
    Mutation(
        "an optional field is new",
        lambda s: at(s, "properties").update(
            industry={"type": "string", "maxLength": 20, "pattern": "^[A-Z][0-9]{2,4}$", "format": "uuid"}
        ),
        (("$.industry", Category.OPTIONAL_FIELD_ADDED),),
    ),
    Mutation(
        "an optional object with required fields is new",
        lambda s: at(s, "properties").update(
            seat={"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
        ),
        (("$.seat", Category.OPTIONAL_FIELD_ADDED),),
    ),
    Mutation(
        "an optional field of an inner object is new",
        lambda s: at(shared(s, "Capital"), "properties").update(paid_in={"type": "string"}),
        (("$.capital.paid_in", Category.OPTIONAL_FIELD_ADDED),),
    ),
    Mutation(
        "an optional list is new",
        lambda s: at(s, "properties").update(former_names={"type": "array", "items": {"type": "string"}}),
        (("$.former_names", Category.OPTIONAL_FIELD_ADDED),),
    ),
    Mutation(
        "a description says it better",
        lambda s: field(s, "name").update(description="名称."),
        (("$.name", Category.WORDING_CHANGED),),
    ),
    Mutation("the title changes", lambda s: s.update(title="Registered"), (("$", Category.WORDING_CHANGED),)),
    Mutation(
        "examples are new",
        lambda s: field(s, "name").update(examples=["某某"]),
        (("$.name", Category.WORDING_CHANGED),),
    ),
    Mutation(
        "words stand in another order",
        lambda s: listed(shared(s, "EntityState"), "enum").reverse(),
        (("$.state", Category.WORDING_CHANGED),),
    ),
    Mutation("required fields stand in another order", lambda s: listed(s, "required").reverse(), ()),
)

REFUSED = (
    Mutation(
        "a required field is new",
        lambda s: add_required(s, "seat"),
        (("$.seat", Category.REQUIRED_FIELD_ADDED),),
    ),
    Mutation(
        "a required field is gone",
        lambda s: remove(s, "uscc"),
        (("$.uscc", Category.FIELD_REMOVED),),
    ),
    Mutation(
        "an optional field is gone",
        lambda s: remove(s, "address"),
        (("$.address", Category.FIELD_REMOVED),),
    ),
    Mutation(
        "a field has another name",
        lambda s: rename(s, "address", "seat"),
        (("$.address", Category.FIELD_REMOVED), ("$.seat", Category.OPTIONAL_FIELD_ADDED)),
    ),
    Mutation(
        "an optional field becomes required",
        lambda s: listed(s, "required").append("address"),
        (("$.address", Category.FIELD_BECAME_REQUIRED),),
    ),
    Mutation(
        "a required field becomes optional",
        lambda s: listed(s, "required").remove("uscc"),
        (("$.uscc", Category.FIELD_BECAME_OPTIONAL),),
    ),
    Mutation(
        "a string becomes a number",
        lambda s: at(shared(s, "Capital"), "properties", "amount").update(type="number"),
        (("$.capital.amount", Category.TYPE_CHANGED),),
    ),
    Mutation(
        "an integer becomes any number",
        lambda s: field(s, "version").update(type="number"),
        (("$.version", Category.TYPE_CHANGED),),
    ),
    Mutation(
        "a string may be null",
        lambda s: field(s, "address").update(type=["string", "null"]),
        (("$.address", Category.TYPE_CHANGED),),
    ),
    Mutation(
        "a word is new",
        lambda s: listed(shared(s, "EntityState"), "enum").append("MOVED"),
        (("$.state", Category.WORD_ADDED),),
    ),
    Mutation(
        "a word is gone",
        lambda s: listed(shared(s, "EntityKind"), "enum").remove("UNKNOWN"),
        (("$.kind", Category.WORD_REMOVED),),
    ),
    Mutation(
        "the list of words is gone",
        lambda s: shared(s, "Bureau").pop("enum"),
        (("$.bureau", Category.LIMIT_LOOSENED),),
    ),
    Mutation(
        "a list of words is new",
        lambda s: field(s, "legal_form").update(enum=["有限责任公司"]),
        (("$.legal_form", Category.LIMIT_TIGHTENED),),
    ),
    Mutation(
        "a number may be lower",
        lambda s: field(s, "version").update(minimum=0),
        (("$.version", Category.LIMIT_LOOSENED),),
    ),
    Mutation(
        "a number must be higher",
        lambda s: field(s, "version").update(minimum=2),
        (("$.version", Category.LIMIT_TIGHTENED),),
    ),
    Mutation(
        "a number may be anything above",
        lambda s: field(s, "version").pop("maximum"),
        (("$.version", Category.LIMIT_LOOSENED),),
    ),
    Mutation(
        "a number may be anything below",
        lambda s: field(s, "version").pop("minimum"),
        (("$.version", Category.LIMIT_LOOSENED),),
    ),
    Mutation(
        "a text may be longer", lambda s: field(s, "name").update(maxLength=500), (("$.name", Category.LIMIT_LOOSENED),)
    ),
    Mutation(
        "a text must be shorter",
        lambda s: field(s, "name").update(maxLength=300),
        (("$.name", Category.LIMIT_TIGHTENED),),
    ),
    Mutation(
        "a text is limited",
        lambda s: field(s, "business_scope").update(maxLength=9000),
        (("$.business_scope", Category.LIMIT_TIGHTENED),),
    ),
    Mutation(
        "a text must be longer",
        lambda s: field(s, "address").update(minLength=1),
        (("$.address", Category.LIMIT_TIGHTENED),),
    ),
    Mutation(
        "a pattern changes",
        lambda s: field(s, "division_code").update(pattern="^[0-9]{9}$"),
        (("$.division_code", Category.PATTERN_CHANGED),),
    ),
    Mutation("a pattern is gone", lambda s: field(s, "uscc").pop("pattern"), (("$.uscc", Category.PATTERN_CHANGED),)),
    Mutation(
        "a format changes",
        lambda s: field(s, "registered_on").update(format="date-time"),
        (("$.registered_on", Category.FORMAT_CHANGED),),
    ),
    Mutation(
        "a format is gone", lambda s: field(s, "entity_id").pop("format"), (("$.entity_id", Category.FORMAT_CHANGED),)
    ),
    Mutation(
        "a default is new",
        lambda s: field(s, "legal_form").update(default="其他"),
        (("$.legal_form", Category.DEFAULT_CHANGED),),
    ),
    Mutation(
        "unknown fields are forbidden",
        lambda s: s.update(additionalProperties=False),
        (("$", Category.OPENNESS_CHANGED),),
    ),
    Mutation(
        "unknown fields of an inner object are forbidden",
        lambda s: shared(s, "Capital").update(additionalProperties=False),
        (("$.capital", Category.OPENNESS_CHANGED),),
    ),
    Mutation(
        "a field may be one of two things",
        lambda s: field(s, "legal_form").update(anyOf=[{"type": "string"}, {"type": "integer"}]),
        (("$.legal_form", Category.UNCATEGORISED),),
    ),
    Mutation(
        "a keyword that the check has no rule for",
        lambda s: s.update(dependentRequired={"capital": ["address"]}),
        (("$", Category.UNCATEGORISED),),
    ),
    Mutation("another dialect", lambda s: s.update({"$schema": "urn:other"}), (("$", Category.UNCATEGORISED),)),
    Mutation(
        "a field without rules", lambda s: at(s, "properties").update(name=True), (("$.name", Category.UNCATEGORISED),)
    ),
    Mutation("a reference to nothing", lambda s: at(s, "$defs").pop("Capital"), (("$", Category.UNCATEGORISED),)),
    Mutation(
        "a reference to itself",
        lambda s: at(shared(s, "Capital"), "properties").update(of={"$ref": "#/$defs/Capital"}),
        (("$", Category.UNCATEGORISED),),
    ),
)


def mutated(change: Change) -> tuple[ContractSet, ContractSet]:
    old = wire_schema(EntityRegistered)
    new = copy.deepcopy(old)
    change(new)
    return ContractSet({}, {EVENT: old}), ContractSet({}, {EVENT: new})


@pytest.mark.parametrize("mutation", SAFE, ids=lambda mutation: mutation.name)
def test_a_harmless_change_is_named_and_passes_both_judges(mutation: Mutation) -> None:
    found = compatibility(*mutated(mutation.change))
    assert [(one.place, one.category) for one in found] == [(f"{FILE} {at}", kind) for at, kind in mutation.found]
    assert releasable(found)


@pytest.mark.parametrize("mutation", REFUSED, ids=lambda mutation: mutation.name)
def test_any_other_change_is_named_and_refused(mutation: Mutation) -> None:
    found = compatibility(*mutated(mutation.change))
    assert [(one.place, one.category) for one in found] == [(f"{FILE} {at}", kind) for at, kind in mutation.found]
    assert not releasable(found)


def test_true_is_not_one() -> None:
    def flag(value: JsonValue) -> ContractSet:
        return ContractSet({}, {EVENT: {"type": "object", "properties": {"flag": {"enum": [value]}}}})

    assert {one.category for one in compatibility(flag(1), flag(True))} == {Category.WORD_REMOVED, Category.WORD_ADDED}


def test_words_inside_a_choice_are_wording() -> None:
    def choice(title: str) -> ContractSet:
        options: list[JsonValue] = [{"type": "string", "title": title}, {"type": "integer"}]
        return ContractSet({}, {EVENT: {"type": "object", "properties": {"title": {"anyOf": options}}}})

    found = compatibility(choice("one"), choice("other"), second=lambda *_: True)
    assert [(one.place, one.category) for one in found] == [(f"{FILE} $.title", Category.WORDING_CHANGED)]


def test_items_of_lists_and_values_of_maps_are_walked_into() -> None:
    def body(least: int) -> Schema:
        number: Schema = {"type": "integer", "minimum": least}
        return {
            "type": "object",
            "properties": {
                "list": {"type": "array", "items": number},
                "map": {"type": "object", "additionalProperties": number},
            },
        }

    found = compatibility(ContractSet({}, {EVENT: body(1)}), ContractSet({}, {EVENT: body(0)}))
    assert [(one.place, one.category) for one in found] == [
        (f"{FILE} $.list[]", Category.LIMIT_LOOSENED),
        (f"{FILE} $.map.*", Category.LIMIT_LOOSENED),
    ]


@pytest.mark.parametrize(
    ("opinion", "category"), [(False, Category.SECOND_OPINION_DIFFERS), (None, Category.SECOND_OPINION_MISSING)]
)
def test_a_change_passes_only_if_the_second_judge_agrees(
    opinion: bool | None,  # noqa: FBT001 - what a parametrised test gets comes by name
    category: Category,
) -> None:
    [adds_a_field] = [mutation for mutation in SAFE if mutation.name == "an optional field is new"]
    found = compatibility(*mutated(adds_a_field.change), second=lambda *_: opinion)
    assert {one.category for one in found} == {Category.OPTIONAL_FIELD_ADDED, category}
    assert not releasable(found)


@pytest.mark.parametrize(
    "name",
    [
        "a required field is new",
        "a required field is gone",
        "a required field becomes optional",
        "a word is new",
        "a word is gone",
        "a number may be lower",
        "an integer becomes any number",
        "a text may be longer",
    ],
)
def test_the_second_judge_sees_it_too(name: str) -> None:
    [mutation] = [mutation for mutation in REFUSED if mutation.name == name]
    released, current = mutated(mutation.change)
    assert is_subschema_both_ways(released.schemas[EVENT], current.schemas[EVENT]) is False


@pytest.mark.parametrize("name", ["a format changes", "a default is new", "an optional field is gone"])
def test_the_second_judge_is_blind_to_it_so_the_walk_must_see_it(name: str) -> None:
    [mutation] = [mutation for mutation in REFUSED if mutation.name == name]
    released, current = mutated(mutation.change)
    assert is_subschema_both_ways(released.schemas[EVENT], current.schemas[EVENT]) is True


def test_the_second_judge_says_nothing_when_its_time_is_up() -> None:
    schema = wire_schema(EntityRegistered)
    assert is_subschema_both_ways(schema, schema, seconds=0.001) is None


@pytest.mark.parametrize("schema", [{"type": "no such type"}, {"exclusiveMinimum": 1}, {"$ref": "#/$defs/none"}])
def test_the_second_judge_says_nothing_about_what_it_does_not_understand(schema: Schema) -> None:
    assert is_subschema_both_ways(schema, schema) is None
