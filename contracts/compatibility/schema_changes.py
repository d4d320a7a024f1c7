"""The structural walk: every difference between two schemas of one event, each put into a category."""

from collections.abc import Iterator
from typing import Final

import orjson
from pydantic import JsonValue

from contracts.compatibility.findings import Category, Finding
from contracts.compatibility.schema_tree import inlined, is_annotation, stripped
from contracts.wire_schema import Schema

_LOWER_LIMITS: Final = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_UPPER_LIMITS: Final = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_CHANGED: Final = {
    "type": Category.TYPE_CHANGED,
    "pattern": Category.PATTERN_CHANGED,
    "format": Category.FORMAT_CHANGED,
    "default": Category.DEFAULT_CHANGED,
    "additionalProperties": Category.OPENNESS_CHANGED,
}
_INNER: Final = {"items": "[]", "additionalProperties": ".*"}
_ABSENT: Final = "nothing"


def schema_changes(file: str, old: Schema, new: Schema) -> list[Finding]:
    """Compare two schemas of one event type.

    Args:
        file: where the schema is, for the finding.
        old: the released schema.
        new: the current one.

    Returns:
        One finding a difference, in order of place; what has no rule is `UNCATEGORISED`.
    """
    try:
        return sorted(_node(f"{file} $", inlined(old), inlined(new)))
    except ValueError as error:
        return [Finding(f"{file} $", Category.UNCATEGORISED, f"the schema can't be compared: {error}")]


def _node(place: str, old: Schema, new: Schema) -> Iterator[Finding]:
    yield from _fields(place, old, new)
    for keyword in sorted((old.keys() | new.keys()) - {"properties", "required"}):
        before, after = old.get(keyword), new.get(keyword)
        if keyword in _INNER and isinstance(before, dict) and isinstance(after, dict):
            yield from _node(place + _INNER[keyword], before, after)
        elif _exact(before) != _exact(after):
            yield from _keyword(place, keyword, before, after)


def _fields(place: str, old: Schema, new: Schema) -> Iterator[Finding]:
    before, after = _properties(old), _properties(new)
    needed_before, needed_after = _required(old), _required(new)
    for name in sorted(before.keys() | after.keys() | needed_before | needed_after):
        field = f"{place}.{name}"
        if name not in after and name in before:
            yield Finding(field, Category.FIELD_REMOVED, "the field is gone")
        elif name not in before and name in after:
            added = Category.REQUIRED_FIELD_ADDED if name in needed_after else Category.OPTIONAL_FIELD_ADDED
            yield Finding(field, added, "the field is new")
        else:
            if name in needed_after - needed_before:
                yield Finding(field, Category.FIELD_BECAME_REQUIRED, "optional → required")
            if name in needed_before - needed_after:
                yield Finding(field, Category.FIELD_BECAME_OPTIONAL, "required → optional")
            if name in before:
                yield from _field(field, before[name], after[name])


def _field(place: str, old: JsonValue, new: JsonValue) -> Iterator[Finding]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _node(place, old, new)
    elif _exact(old) != _exact(new):
        yield Finding(place, Category.UNCATEGORISED, f"{_say(old)} → {_say(new)}")


def _keyword(place: str, keyword: str, old: JsonValue, new: JsonValue) -> Iterator[Finding]:
    what = f"{keyword}: {_say(old)} → {_say(new)}"
    if is_annotation(keyword):
        yield Finding(place, Category.WORDING_CHANGED, what)
    elif keyword == "enum":
        yield from _words(place, old, new)
    elif keyword in _CHANGED:
        yield Finding(place, _CHANGED[keyword], what)
    elif keyword in _LOWER_LIMITS | _UPPER_LIMITS:
        yield Finding(place, _limit(old, new, upper=keyword in _UPPER_LIMITS), what)
    elif _exact(stripped({keyword: old})) == _exact(stripped({keyword: new})):
        yield Finding(place, Category.WORDING_CHANGED, f"words inside {keyword}")
    else:
        yield Finding(place, Category.UNCATEGORISED, what)


def _words(place: str, old: JsonValue, new: JsonValue) -> Iterator[Finding]:
    if not isinstance(old, list):
        yield Finding(place, Category.LIMIT_TIGHTENED, "only the words of a list are allowed now")
    elif not isinstance(new, list):
        yield Finding(place, Category.LIMIT_LOOSENED, "the list of words is gone")
    else:
        before, after = {_exact(word) for word in old}, {_exact(word) for word in new}
        for word in sorted(after - before):
            yield Finding(place, Category.WORD_ADDED, f"{word.decode()} is new in the list")
        for word in sorted(before - after):
            yield Finding(place, Category.WORD_REMOVED, f"{word.decode()} is gone from the list")
        if before == after:
            yield Finding(place, Category.WORDING_CHANGED, "the words stand in another order")


def _limit(old: JsonValue, new: JsonValue, *, upper: bool) -> Category:
    if new is None:
        return Category.LIMIT_LOOSENED
    if old is None:
        return Category.LIMIT_TIGHTENED
    if isinstance(old, int | float) and isinstance(new, int | float):
        return Category.LIMIT_LOOSENED if (new > old) is upper else Category.LIMIT_TIGHTENED
    return Category.UNCATEGORISED


def _properties(schema: Schema) -> Schema:
    found = schema.get("properties", {})
    return found if isinstance(found, dict) else {}


def _required(schema: Schema) -> frozenset[str]:
    found = schema.get("required", [])
    return frozenset(str(name) for name in found) if isinstance(found, list) else frozenset()


def _exact(value: JsonValue) -> bytes:
    """Make values comparable as JSON has them: in Python 1 equals True."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _say(value: JsonValue) -> str:
    return _ABSENT if value is None else str(value)
