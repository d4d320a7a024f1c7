"""What the compatibility check can find: each category with its verdict, whom it breaks, and the way out.

Contracts are compatible in both directions: a new consumer reads the old records still on a topic, and an old
consumer reads the records of a new producer. So what is harmless one way only is breaking.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """Whether a change may be released."""

    SAFE = "safe"
    BREAKING = "breaking"
    UNCATEGORISED = "uncategorised"


_V2: Final = "make a new version beside this one (…v2): roll out consumers that read both, then the producer"
_NEW_TOPIC: Final = "make a new topic beside this one: roll out readers of both, then the owner, and retire the old one"
_PUT_BACK: Final = "put it back; it stays as long as a record or a reader of it may be there"
_ANY_ORDER: Final = "nothing to do; roll out in any order"
_OLD_CONSUMERS: Final = "old consumers refuse records of the new producer"
_NEW_CONSUMERS: Final = "new consumers refuse the old records still on the topic"


class Category(StrEnum):
    """A kind of change, with its verdict, why it is so, and what to do."""

    verdict: Verdict
    why: str
    way_out: str

    def __new__(cls, name: str, verdict: Verdict, why: str, way_out: str) -> "Category":  # noqa: PYI034 - Self is not allowed for an enum's __new__
        """Make the category from its name and what it means."""
        category = str.__new__(cls, name)
        category._value_ = name
        category.verdict = verdict
        category.why = why
        category.way_out = way_out
        return category

    EVENT_ADDED = (
        "EVENT_ADDED",
        Verdict.SAFE,
        "old consumers skip a type they don't know",
        "roll out the consumers that want it, then the producer: what was skipped is not read again",
    )
    VERSION_ADDED = (
        "VERSION_ADDED",
        Verdict.SAFE,
        "old consumers wait at a higher version of a type they know",
        "roll out consumers that read both, then the producer",
    )
    TOPIC_ADDED = "TOPIC_ADDED", Verdict.SAFE, "nobody reads it yet", "make the topic, then roll out its owner"
    OPTIONAL_FIELD_ADDED = (
        "OPTIONAL_FIELD_ADDED",
        Verdict.SAFE,
        "old consumers ignore it, new ones do without it",
        _ANY_ORDER,
    )
    WORDING_CHANGED = "WORDING_CHANGED", Verdict.SAFE, "words for people only", _ANY_ORDER
    READER_ADDED = (
        "READER_ADDED",
        Verdict.SAFE,
        "the records stay the same",
        "grant the right, then roll out the reader",
    )
    READER_LEFT = "READER_LEFT", Verdict.SAFE, "the records stay the same", "stop the reader, then take back its right"
    RETENTION_LENGTHENED = "RETENTION_LENGTHENED", Verdict.SAFE, "records stay longer", _ANY_ORDER

    EVENT_REMOVED = "EVENT_REMOVED", Verdict.BREAKING, "its records can't be read any more", _PUT_BACK
    TOPIC_REMOVED = "TOPIC_REMOVED", Verdict.BREAKING, "its readers lose it", _PUT_BACK
    FIELD_REMOVED = "FIELD_REMOVED", Verdict.BREAKING, "consumers lose a fact they may need", f"keep it, or {_V2}"
    REQUIRED_FIELD_ADDED = (
        "REQUIRED_FIELD_ADDED",
        Verdict.BREAKING,
        _NEW_CONSUMERS,
        f"make the field optional, or {_V2}",
    )
    FIELD_BECAME_REQUIRED = "FIELD_BECAME_REQUIRED", Verdict.BREAKING, _NEW_CONSUMERS, f"leave it optional, or {_V2}"
    FIELD_BECAME_OPTIONAL = "FIELD_BECAME_OPTIONAL", Verdict.BREAKING, _OLD_CONSUMERS, f"leave it required, or {_V2}"
    TYPE_CHANGED = "TYPE_CHANGED", Verdict.BREAKING, "one side refuses what the other writes", _V2
    WORD_ADDED = "WORD_ADDED", Verdict.BREAKING, _OLD_CONSUMERS, _V2
    WORD_REMOVED = "WORD_REMOVED", Verdict.BREAKING, _NEW_CONSUMERS, f"keep the word in the list, or {_V2}"
    LIMIT_LOOSENED = "LIMIT_LOOSENED", Verdict.BREAKING, _OLD_CONSUMERS, _V2
    LIMIT_TIGHTENED = "LIMIT_TIGHTENED", Verdict.BREAKING, _NEW_CONSUMERS, _V2
    PATTERN_CHANGED = "PATTERN_CHANGED", Verdict.BREAKING, "one side may refuse what the other writes", _V2
    FORMAT_CHANGED = "FORMAT_CHANGED", Verdict.BREAKING, "one side may refuse what the other writes", _V2
    DEFAULT_CHANGED = "DEFAULT_CHANGED", Verdict.BREAKING, "an absent field means one thing here, another there", _V2
    OPENNESS_CHANGED = (
        "OPENNESS_CHANGED",
        Verdict.BREAKING,
        "unknown fields are ignored everywhere: fields could not be added",
        "leave additionalProperties as it was",
    )
    EVENT_MOVED = (
        "EVENT_MOVED",
        Verdict.BREAKING,
        "readers of the old topic stop hearing it, and its order is lost",
        "leave it where it is, or make a new event type on the other topic",
    )
    PARTITIONS_CHANGED = (
        "PARTITIONS_CHANGED",
        Verdict.BREAKING,
        "keys move to other partitions: an old state may be read after a newer one",
        _NEW_TOPIC,
    )
    KEY_CHANGED = (
        "KEY_CHANGED",
        Verdict.BREAKING,
        "compaction and order go by the key: old and new records of one aggregate part",
        _NEW_TOPIC,
    )
    CLEANUP_CHANGED = (
        "CLEANUP_CHANGED",
        Verdict.BREAKING,
        "readers count on what stays on the topic",
        _NEW_TOPIC,
    )
    RETENTION_SHORTENED = (
        "RETENTION_SHORTENED",
        Verdict.BREAKING,
        "a reader who was away loses records it was promised",
        "leave it, or make a new topic with the shorter term",
    )
    OWNER_CHANGED = "OWNER_CHANGED", Verdict.BREAKING, "a topic is named after the owner of its facts", _NEW_TOPIC
    DATA_CLASS_LOWERED = (
        "DATA_CLASS_LOWERED",
        Verdict.BREAKING,
        "records told under the stricter class would be open to more readers",
        "make a new topic that carries only what the lower class may hold",
    )
    DATA_CLASS_RAISED = (
        "DATA_CLASS_RAISED",
        Verdict.BREAKING,
        "readers without the right to the stricter class lose the topic",
        _NEW_TOPIC,
    )

    UNCATEGORISED = (
        "UNCATEGORISED",
        Verdict.UNCATEGORISED,
        "the check has no rule for this change, so nobody knows whom it breaks",
        "take the change back, or give contracts/compatibility a rule and a test for it",
    )
    SECOND_OPINION_DIFFERS = (
        "SECOND_OPINION_DIFFERS",
        Verdict.UNCATEGORISED,
        "the walk over the schemas finds nothing breaking, jsonsubschema does",
        "take the change back, or find out which of the two is wrong and mend it with a test",
    )
    SECOND_OPINION_MISSING = (
        "SECOND_OPINION_MISSING",
        Verdict.UNCATEGORISED,
        "jsonsubschema could not decide",
        "take the change back, or write the schema in simpler words",
    )


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One difference between what was released and what is now.

    Attributes:
        place: the file below `contracts/`, and inside a schema the JSON path: `schemas/<type>.json $.capital.amount`.
        category: what kind of change it is.
        what: old and new, in words.
    """

    place: str
    category: Category
    what: str

    def __str__(self) -> str:
        """Say all of it, for a person."""
        kind = self.category
        if kind.verdict is Verdict.SAFE:
            return f"{kind.verdict}: {kind} at {self.place}: {self.what} ({kind.way_out})"
        return f"{kind.verdict}: {kind} at {self.place}: {self.what}\n  why: {kind.why}\n  way out: {kind.way_out}"


def added(event_type: str, known: Iterable[str]) -> Category:
    """Place a new event type: a further version of a known one is rolled out in another order."""
    family = event_type.rpartition(".v")[0]
    return Category.VERSION_ADDED if family in {one.rpartition(".v")[0] for one in known} else Category.EVENT_ADDED
