"""Organisations whose entities are all deregistered are found in the graph, by all of their entities."""

from typing import Any

import orjson
import pytest

from contracts.vocabulary import EntityState
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.scope import Scope
from tests.integration.gateway.graphql.district.makers import LONGSHUI, WANGU
from tests.integration.gateway.graphql.over_time.made_up import ENTITIES, GONE, THERE

pytestmark = pytest.mark.servers


async def _named(ask: Any, filter_: str, **more: Any) -> dict[str, bool]:
    query = f"{{ organisations(filter: {filter_}) {{ nodes {{ name entitiesGone }} }} }}"
    return {one["name"]: one["entitiesGone"] for one in (await ask(query, **more))["organisations"]["nodes"]}


async def test_those_whose_entities_are_all_gone_are_listed_and_counted(ask: Any) -> None:
    """O6 covers one that is gone, O7 one more that is there, O8 one more of which nobody heard, O9 none at all."""
    assert [one.state for one in ENTITIES if one.entity_id in {GONE, THERE}] == [
        EntityState.DEREGISTERED,
        EntityState.ACTIVE,
    ]
    assert await _named(ask, "{entitiesGone: true}") == {"组织O6": True}
    assert await _named(ask, "{entitiesGone: false}") == {"组织O7": False, "组织O8": False, "组织O9": False}
    counted = await ask("{ organisationCounts(by: [], filter: {entitiesGone: true}) { count } }")
    assert counted == {"organisationCounts": [{"count": 1}]}


async def test_an_entity_that_the_caller_does_not_see_keeps_an_organisation_in_being(ask: Any) -> None:
    assert await _named(ask, "{entitiesGone: true}", scope=Scope(divisions=(DivisionRange.under(LONGSHUI),))) == {
        "组织O6": True
    }
    only = Scope(divisions=(DivisionRange.under("500112"),))
    assert await _named(ask, "{entitiesGone: false}", scope=only) == {"组织O7": False}
    assert await _named(ask, "{entitiesGone: true}", scope=Scope(divisions=(DivisionRange.under(WANGU),))) == {}


async def test_it_answers_the_same_both_ways(engine: Engine) -> None:
    asked = Asked("{ organisations(filter: {entitiesGone: true}) { nodes { name entitiesGone } totalCount } }")
    compiled = await engine.answer(asked, Scope())
    resolved = await engine.resolved(engine.request(asked), Scope())
    assert orjson.loads(compiled.body) == orjson.loads(resolved.body)
