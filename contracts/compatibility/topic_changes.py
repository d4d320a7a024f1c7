"""Every difference between two sets of topic files, each put into a category."""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue

from contracts.compatibility.findings import Category, Finding, added
from contracts.wire_schema import Schema

_CHANGED: Final = {
    "partitions": Category.PARTITIONS_CHANGED,
    "key": Category.KEY_CHANGED,
    "cleanup": Category.CLEANUP_CHANGED,
    "owner": Category.OWNER_CHANGED,
    "meaning": Category.WORDING_CHANGED,
    "meaning_zh": Category.WORDING_CHANGED,
}
_DATA_CLASSES: Final = ("public-register", "internal", "personal")


def topic_changes(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> list[Finding]:
    """Compare two sets of topic files, by topic name.

    Returns:
        One finding a difference, in order of place; what has no rule is `UNCATEGORISED`.
    """
    homes = {event: name for name, topic in new.items() for event in _names(topic, "events")}
    findings: list[Finding] = []
    for name in old.keys() | new.keys():
        place = f"topics/{name}.yaml"
        if name not in new:
            findings.append(Finding(place, Category.TOPIC_REMOVED, "the topic is gone"))
            findings += _events(place, name, old[name], {}, homes)
        elif name not in old:
            findings.append(Finding(place, Category.TOPIC_ADDED, "the topic is new"))
        else:
            findings += _topic(place, old[name], new[name])
            findings += _events(place, name, old[name], new[name], homes)
    return sorted(findings)


def _topic(place: str, old: Schema, new: Schema) -> Iterator[Finding]:
    for setting in sorted((old.keys() | new.keys()) - {"events"}):
        before, after = old.get(setting), new.get(setting)
        if before == after:
            continue
        what = f"{setting}: {before} → {after}"
        if setting == "readers":
            yield from _readers(place, old, new)
        elif setting == "data_class":
            yield Finding(place, _data_class(before, after), what)
        elif setting == "retention_days":
            yield Finding(place, _retention(before, after), what)
        else:
            yield Finding(place, _CHANGED.get(setting, Category.UNCATEGORISED), what)


def _events(place: str, name: str, old: Schema, new: Schema, homes: Mapping[str, str]) -> Iterator[Finding]:
    before, after = _names(old, "events"), _names(new, "events")
    for event in sorted(before - after):
        if event in homes:
            yield Finding(place, Category.EVENT_MOVED, f"{event}: {name} → {homes[event]}")
        else:
            yield Finding(place, Category.EVENT_REMOVED, f"{event} is gone from the topic")
    for event in sorted(after - before):
        yield Finding(place, added(event, before), f"{event} is new on the topic")
    if before == after and old.get("events") != new.get("events"):
        yield Finding(place, Category.WORDING_CHANGED, "the events stand in another order")


def _readers(place: str, old: Schema, new: Schema) -> Iterator[Finding]:
    before, after = _names(old, "readers"), _names(new, "readers")
    for reader in sorted(after - before):
        yield Finding(place, Category.READER_ADDED, f"{reader} reads it now")
    for reader in sorted(before - after):
        yield Finding(place, Category.READER_LEFT, f"{reader} reads it no more")
    if before == after:
        yield Finding(place, Category.WORDING_CHANGED, "the readers stand in another order")


def _data_class(old: JsonValue, new: JsonValue) -> Category:
    if old not in _DATA_CLASSES or new not in _DATA_CLASSES:
        return Category.UNCATEGORISED
    lowered = _DATA_CLASSES.index(str(new)) < _DATA_CLASSES.index(str(old))
    return Category.DATA_CLASS_LOWERED if lowered else Category.DATA_CLASS_RAISED


def _retention(old: JsonValue, new: JsonValue) -> Category:
    """Place a term that moved; a term that comes or goes comes with another cleanup."""
    if not isinstance(old, int) or not isinstance(new, int):
        return Category.CLEANUP_CHANGED
    return Category.RETENTION_SHORTENED if new < old else Category.RETENTION_LENGTHENED


def _names(topic: Schema, setting: str) -> frozenset[str]:
    found = topic.get(setting, [])
    return frozenset(str(name) for name in found) if isinstance(found, list) else frozenset()
