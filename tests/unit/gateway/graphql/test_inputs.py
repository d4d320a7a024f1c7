"""What of a variable's value decides the text of a statement."""

from contracts.vocabulary import EntityKind
from gateway.graphql.inputs import shape_of


def test_values_are_alike_but_words_booleans_and_nulls_are_not() -> None:
    assert shape_of(7) == shape_of("seven")
    assert shape_of({"first": 1, "filter": {"uscc_in": ["a"]}}) == shape_of({"first": 9, "filter": {"uscc_in": []}})
    different = [None, True, False, EntityKind.OTHER, 7, [7], [EntityKind.OTHER], {"a": 7}, {"a": None}, {"b": 7}, {}]
    assert len({shape_of(value) for value in different}) == len(different)
