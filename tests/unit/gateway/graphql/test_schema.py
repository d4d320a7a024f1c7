"""The schema: what is committed, and what it refuses to be built of."""

from enum import StrEnum

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)

from contracts import vocabulary
from gateway import tables
from gateway.graphql.schema import GRAPH, Graph
from gateway.graphql.sdl import SDL_FILE
from gateway.graphql.sources import Argument, by_key, column, text_key
from gateway.graphql.words import WORD_LISTS, WordList
from gateway.tables import ReadModelTable


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


@pytest.mark.parametrize("words", WORD_LISTS)
def test_the_words_of_the_vocabulary_are_those_of_the_graph(words: WordList) -> None:
    enum = GRAPH.schema.type_map[words.__name__]
    assert isinstance(enum, GraphQLEnumType)
    assert {name: value.description for name, value in enum.values.items()} == {word.name: word.zh for word in words}


def test_every_word_list_of_the_vocabulary_is_shown_but_those_of_what_only_its_owner_answers() -> None:
    lists = {one for one in vars(vocabulary).values() if isinstance(one, type) and issubclass(one, StrEnum)}
    shown = {one.__name__ for one in WORD_LISTS}
    assert {one.__name__ for one in lists if len(one)} - shown == {
        "MandateState",
        "LookKind",
        "LookPurpose",
        "DuplicateReason",
    }


def _fields() -> dict[str, GraphQLOutputType]:
    return {
        f"{type_.name}.{name}": field.type
        for type_ in GRAPH.schema.type_map.values()
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
    }


def test_members_are_reached_only_in_ways_that_are_known_to_be_hidden() -> None:
    """Each of these stands in the tests of what is restricted: a new one must too."""
    ways = {name for name, type_ in _fields().items() if get_named_type(type_).name in {"Member", "MemberConnection"}}
    assert ways - {"MemberConnection.nodes", "MemberEdge.node"} == {
        "Query.member",
        "Query.members",
        "Entity.members",
        "Organisation.members",
        "Transfer.member",
        "Organisation.secretary",
        "CommitteePost.member",
        "Floating.member",
        "Development.member",
        "Post.member",
        "Honour.member",
        "Member.mergedInto",
    }


def test_a_list_that_is_no_page_stands_in_its_row_where_its_size_is_known_to_be_small() -> None:
    lists = {
        name
        for name, type_ in _fields().items()
        if isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)
    }
    pages = {name for name in lists if name.partition(".")[0].endswith("Connection")}
    answers = {name for name in lists if name.startswith("Command")}
    assert lists - pages - answers == {
        "Query.entityCounts",
        "Query.organisationCounts",
        "Query.unorganisedIndustries",
        "Organisation.committee",
        "Organisation.funds",
        "Organisation.venues",
        "Reorganisation.allowedActions",
        "Query.coverageFigures",
        "Scheme.parts",
        "Scheme.bands",
        "Rating.evidence",
        "Evidence.seen",
        "Suggestion.reasons",
        "Alliance.parties",
        "Transfer.allowedActions",
        "Gathering.topics",
        "LifeRule.forms",
        "Organisation.life",
        "Query.lifeRules",
        "Floating.allowedActions",
        "Development.allowedActions",
        "Development.steps",
        "PartyBuildingForm.allowedActions",
        "CreditCommitment.allowedActions",
        "HouseholdApplication.allowedActions",
        "Discrepancy.allowedActions",
        "EntityHistory.versions",
        "Query.coverageOverTime",
        "Query.developmentFigures",
        "Coverage.periods",
        "CoveragePeriod.organisationIds",
        "EntityVersion.changed",
        "EntityCovered.organisationIds",
    }


@pytest.mark.parametrize("table", sorted((one.class_ for one in ReadModelTable._sa_registry.mappers), key=str))
def test_a_table_has_the_columns_on_which_its_limits_hold(table: type[ReadModelTable]) -> None:
    columns = set(table.__table__.columns.keys())  # type: ignore[attr-defined] # SQLModel sets it
    if table is not tables.TrainingPlan:  # it binds everybody under its district, who may all see it
        assert set(table.access.divisions) == {name for name in columns if name.endswith("division_code")}
    assert not table.access.bureaus or "bureau" in columns
    assert table.access.erased_state is None or "state" in columns
    restricted = {
        tables.Member,
        tables.Transfer,
        tables.Floating,
        tables.Development,
        tables.Post,
        tables.Honour,
        tables.Contact,
    }
    assert table.access.members is (table in restricted)


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
