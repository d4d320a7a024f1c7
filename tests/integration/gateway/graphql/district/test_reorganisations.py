"""Reorganisations in the graph: both sides see them, each what it may do; filters, relations, and what is not shown."""

from typing import Any

import pytest

from contracts.vocabulary import CallerRole
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import Scope
from tests.integration.gateway.graphql.district.makers import GRID, LONGSHUI, WANGU, id_of

pytestmark = pytest.mark.servers


def township(division: str) -> Scope:
    return Scope(divisions=(DivisionRange.under(division),), role=CallerRole.TOWNSHIP)


QUERY = """query ($id: ID!) { reorganisation(id: $id) {
  kind state name form mode organisation { name } target { name } successor { name } allowedActions { action }
} }"""


async def test_the_superior_side_may_approve_and_the_other_withdraw(ask: Any) -> None:
    above = (await ask(QUERY, id=str(id_of("Z1")), scope=township(LONGSHUI)))["reorganisation"]
    assert (above["kind"], above["organisation"], above["target"]) == ("MERGE", {"name": "组织O2"}, {"name": "组织O1"})
    assert {one["action"] for one in above["allowedActions"]} == {"APPROVE", "RETURN", "AMEND", "WITHDRAW"}
    below = (await ask(QUERY, id=str(id_of("Z1")), scope=township(GRID)))["reorganisation"]
    assert {one["action"] for one in below["allowedActions"]} == {"AMEND", "WITHDRAW"}
    assert below["target"] is None, "what it is merged into belongs to another division"
    assert (await ask(QUERY, id=str(id_of("Z1")), scope=township(WANGU)))["reorganisation"] is None


async def test_what_is_to_be_founded_is_shown_before_it_is_there(ask: Any) -> None:
    founded = (await ask(QUERY, id=str(id_of("Z2")), scope=township(WANGU)))["reorganisation"]
    assert (founded["name"], founded["form"], founded["mode"]) == ("新名称", "BRANCH", "CATCH_ALL")
    assert (founded["organisation"], founded["state"]) == (None, "APPROVED")
    assert {one["action"] for one in founded["allowedActions"]} == {"CARRY_OUT", "WITHDRAW"}


async def test_reorganisations_are_listed_filtered_and_found_from_either_organisation(ask: Any) -> None:
    query = """query ($from: ID!, $into: ID!) {
      all: reorganisations { totalCount }
      mergers: reorganisations(filter: {kind: [MERGE], state: [PROPOSED]}) { nodes { id } }
      there: reorganisations(filter: {division: {under: "500111002"}}) { nodes { kind } }
      from: organisation(id: $from) { reorganisations { nodes { kind } } }
      into: organisation(id: $into) { reorganisations { nodes { kind } } }
    }"""
    data = await ask(query, **{"from": str(id_of("O2")), "into": str(id_of("O1"))}, scope=Scope())
    assert data["all"] == {"totalCount": 2}
    assert data["mergers"]["nodes"] == [{"id": str(id_of("Z1"))}]
    assert data["there"]["nodes"] == [{"kind": "FOUND"}]
    assert data["from"] == data["into"] == {"reorganisations": {"nodes": [{"kind": "MERGE"}]}}
