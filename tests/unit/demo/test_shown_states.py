"""The small district leaves out no list of the graph that has states, and none of its words without a reason."""

from pathlib import Path
from typing import Final

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLSchema, build_schema, get_named_type

from contracts import vocabulary
from contracts.vocabulary.word import Word
from demo.loading.dead_letter import NOT_SENT
from demo.loading.shown_states import NOT_SHOWN, SHOWN
from kit.faults import Reason

IN_NO_LIST: Final = {
    "MandateState": "mandates are in no list of the graph",
    "LifeState": "follows from what was held and the day",
    "ReportingState": "follows from the year and the day",
}
"""States that no list is narrowed to, and why."""


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    path = Path(__file__).parent.parent.parent.parent / "gateway" / "graphql" / "schema.graphql"
    return build_schema(path.read_text(encoding="utf-8"))


def lists_with_states(schema: GraphQLSchema) -> dict[str, set[str]]:
    """Return the lists of the graph that can be narrowed to states, and the words of each."""
    found = {}
    assert schema.query_type is not None
    for name, field in schema.query_type.fields.items():
        narrowed = get_named_type(field.args["filter"].type) if "filter" in field.args else None
        if not isinstance(narrowed, GraphQLInputObjectType) or "state" not in narrowed.fields:
            continue
        words = get_named_type(narrowed.fields["state"].type)
        if isinstance(words, GraphQLEnumType) and get_named_type(field.type).name.endswith("Connection"):
            found[name] = set(words.values)
    return found


def test_each_list_and_each_word_is_asked_for(schema: GraphQLSchema) -> None:
    listed = lists_with_states(schema)
    del listed["lifeOverdue"]  # organisations again, those who are late
    assert listed == {name: {word.value for word in words} for name, words in SHOWN.items()}


def test_each_state_of_the_vocabulary_is_in_a_list_or_has_a_reason() -> None:
    words = {
        name: one
        for name in vocabulary.__all__
        if name.endswith("State") and isinstance(one := getattr(vocabulary, name), type) and issubclass(one, Word)
    }
    assert len(words) > len(IN_NO_LIST)
    assert set(words) - set(IN_NO_LIST) == {one.__name__ for one in SHOWN.values()}
    assert all(NOT_SHOWN.values())
    assert set(NOT_SENT) < set(Reason)
