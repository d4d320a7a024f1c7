"""The check itself: what was released against what is now, by two judges who must agree."""

from collections.abc import Callable

from contracts.compatibility.contract_set import ContractSet
from contracts.compatibility.findings import Category, Finding, Verdict, added
from contracts.compatibility.schema_changes import schema_changes
from contracts.compatibility.second_opinion import is_subschema_both_ways
from contracts.compatibility.topic_changes import topic_changes
from contracts.wire_schema import Schema

SecondJudge = Callable[[Schema, Schema], bool | None]


def compatibility(
    released: ContractSet, current: ContractSet, second: SecondJudge = is_subschema_both_ways
) -> list[Finding]:
    """Compare two sets of contracts.

    Args:
        released: what was released last.
        current: what is there now.
        second: judges a pair of schemas in which the structural walk finds a change, but none that breaks.

    Returns:
        Every difference, in order of place. It may be released when `releasable` says so.
    """
    findings = topic_changes(released.topics, current.topics)
    for event_type in released.schemas.keys() | current.schemas.keys():
        file = f"schemas/{event_type}.json"
        old, new = released.schemas.get(event_type), current.schemas.get(event_type)
        if new is None:
            findings.append(Finding(file, Category.EVENT_REMOVED, "the schema is gone"))
        elif old is None:
            findings.append(Finding(file, added(event_type, released.schemas), "the schema is new"))
        else:
            findings += _schema(file, old, new, second)
    return sorted(findings)


def releasable(findings: list[Finding]) -> bool:
    """Say whether nothing found stands against a release."""
    return all(finding.category.verdict is Verdict.SAFE for finding in findings)


def _schema(file: str, old: Schema, new: Schema, second: SecondJudge) -> list[Finding]:
    found = schema_changes(file, old, new)
    if not found or not releasable(found):
        return found
    opinion = second(old, new)
    if opinion is None:
        return [*found, Finding(f"{file} $", Category.SECOND_OPINION_MISSING, "an error, or no answer in time")]
    if not opinion:
        said = "in one direction it is no subschema"
        return [*found, Finding(f"{file} $", Category.SECOND_OPINION_DIFFERS, said)]
    return found
