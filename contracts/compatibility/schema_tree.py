"""Forms of a JSON Schema that are easier to compare: without references, without words for people, closed."""

from collections.abc import Callable
from typing import Final

from pydantic import JsonValue, TypeAdapter

from contracts.wire_schema import Schema

_ANNOTATIONS: Final = frozenset({"title", "description", "examples", "$comment", "deprecated"})
_ONE: Final = frozenset({"items", "additionalProperties", "contains", "propertyNames", "not"})
_LIST: Final = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_OBJECT: Final = TypeAdapter(Schema)
_MAP: Final = frozenset({"properties", "patternProperties"})


def is_annotation(keyword: str) -> bool:
    """Say whether a keyword only tells a person something and decides nothing about a value."""
    return keyword in _ANNOTATIONS or keyword.startswith("x-")


def inlined(schema: Schema) -> Schema:
    """Put in place of each `$ref` what it refers to; words beside the `$ref` win over the target's.

    Raises:
        ValueError: a reference leads outside `$defs`, to nothing, or back to itself; or a rule beside it and one of
            its target meet.
    """
    shared = schema.get("$defs", {})
    body: Schema = {name: value for name, value in schema.items() if name != "$defs"}
    return _inlined(body, shared if isinstance(shared, dict) else {}, ())


def stripped(schema: Schema) -> Schema:
    """Leave out the words for people, at every level."""
    return _each({name: value for name, value in schema.items() if not is_annotation(name)}, stripped)


def closed(schema: Schema) -> Schema:
    """Forbid unknown fields at every object level that says nothing about them."""
    found = _each(schema, closed)
    if "properties" in found:
        found.setdefault("additionalProperties", False)
    return found


def _inlined(schema: Schema, shared: Schema, inside: tuple[str, ...]) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return _each(schema, lambda part: _inlined(part, shared, inside))
    name = str(reference).removeprefix("#/$defs/")
    if name not in shared:
        raise ValueError(f"{reference} leads to nothing")
    target = _OBJECT.validate_python(shared[name])
    if name in inside:
        raise ValueError(f"{reference} leads back to itself")
    beside: Schema = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
    clash = sorted(keyword for keyword in beside.keys() & target.keys() if not is_annotation(keyword))
    if clash:
        raise ValueError(f"{', '.join(clash)} stands beside {reference} and in it")
    return _inlined(target | beside, shared, (*inside, name))


def _each(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Change every schema directly inside this one."""
    return {keyword: _inside(keyword, value, change) for keyword, value in schema.items()}


def _inside(keyword: str, value: JsonValue, change: Callable[[Schema], Schema]) -> JsonValue:
    if keyword in _ONE and isinstance(value, dict):
        return change(value)
    if keyword in _LIST and isinstance(value, list):
        return [change(part) if isinstance(part, dict) else part for part in value]
    if keyword in _MAP and isinstance(value, dict):
        return {name: change(part) if isinstance(part, dict) else part for name, part in value.items()}
    return value
