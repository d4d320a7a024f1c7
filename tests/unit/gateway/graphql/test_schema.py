"""The schema: what is committed, and what it refuses to be built of."""

import pytest
import strawberry
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType

from contracts.vocabulary import Bureau, EntityKind, EntityState
from gateway import tables
from gateway.graphql.schema import GRAPH, Graph
from gateway.graphql.sdl import SDL_FILE
from gateway.graphql.sources import Argument, by_key, column, text_key


def test_the_committed_schema_is_that_of_the_types() -> None:
    assert SDL_FILE.read_text(encoding="utf-8") == GRAPH.sdl(), "run: python -m gateway.graphql.sdl"


def test_everything_is_described_with_its_chinese_term() -> None:
    bare = []
    for type_ in GRAPH.schema.type_map.values():
        if type_.name.startswith("__") or type_.name in {"ID", "Int", "String", "Boolean", "Float"}:
            continue
        described = {type_.name: type_.description}
        if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            described |= {f"{type_.name}.{name}": field.description for name, field in type_.fields.items()}
        if isinstance(type_, GraphQLObjectType):
            described |= {
                f"{type_.name}.{name}({argument})": definition.description
                for name, field in type_.fields.items()
                for argument, definition in field.args.items()
            }
        if isinstance(type_, GraphQLEnumType):
            described |= {f"{type_.name}.{name}": value.description for name, value in type_.values.items()}
        bare += [name for name, text in described.items() if not any("\u4e00" <= one <= "\u9fff" for one in text or "")]
    assert bare == []


@pytest.mark.parametrize("words", [EntityKind, EntityState, Bureau])
def test_the_words_of_the_vocabulary_are_those_of_the_graph(words: type[EntityKind | EntityState | Bureau]) -> None:
    enum = GRAPH.schema.type_map[words.__name__]
    assert isinstance(enum, GraphQLEnumType)
    assert {name: value.description for name, value in enum.values.items()} == {word.name: word.zh for word in words}


def test_a_field_below_a_declared_one_says_where_it_comes_from() -> None:
    @strawberry.type
    class Thing:
        name: str = column("name", "名称")
        shout: str = "!"

    @strawberry.type
    class Query:
        thing: Thing | None = by_key(
            tables.Entity, [text_key("uscc", str, Argument("uscc", str, "代码"))], "recorded_at", "一个"
        )

    with pytest.raises(TypeError, match=r"Thing\.shout is not declared: say where it comes from"):
        Graph(Query)
