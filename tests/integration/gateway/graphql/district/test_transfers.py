"""Transfers in the graph: both sides see them, each what it may do; who may not see members sees none."""

from typing import Any

import pytest

from contracts.vocabulary import CallerRole
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import EVERYTHING, Scope
from tests.integration.gateway.graphql.district.makers import LONGSHUI, WANGU, id_of

pytestmark = pytest.mark.servers


def keeper(*divisions: str) -> Scope:
    ranges = tuple(map(DivisionRange.under, divisions))
    return Scope(divisions=ranges, members=True, role=CallerRole.ORGANISATION_DEPARTMENT)


QUERY = """query ($id: ID!) { transfer(id: $id) {
  state dueAt withManagement giving { name } receiving { name } member { maskedName }
  allowedActions { action labelZh needsNote }
} }"""


async def test_each_side_sees_a_transfer_and_what_it_may_do(ask: Any) -> None:
    giving = (await ask(QUERY, id=str(id_of("X1")), scope=keeper(LONGSHUI)))["transfer"]
    assert giving["allowedActions"] == [{"action": "WITHDRAW", "labelZh": "撤回", "needsNote": False}]
    assert (giving["member"], giving["receiving"]) == ({"maskedName": "王*"}, None), "the other's is not its own"
    receiving = (await ask(QUERY, id=str(id_of("X1")), scope=keeper(WANGU)))["transfer"]
    assert [one["action"] for one in receiving["allowedActions"]] == ["ACCEPT", "RETURN"]
    assert receiving["member"] is None
    both = (await ask(QUERY, id=str(id_of("X1")), scope=keeper(LONGSHUI, WANGU)))["transfer"]
    assert [one["action"] for one in both["allowedActions"]] == ["ACCEPT", "RETURN", "WITHDRAW"]
    ended = (await ask(QUERY, id=str(id_of("X2")), scope=keeper(WANGU)))["transfer"]
    assert (ended["state"], ended["allowedActions"], ended["dueAt"]) == ("WITHDRAWN", [], None)


async def test_who_is_not_known_or_may_do_nothing_sees_no_actions(ask: Any) -> None:
    assert (await ask(QUERY, id=str(id_of("X1")), scope=EVERYTHING))["transfer"]["allowedActions"] == []


@pytest.mark.parametrize("scope", [Scope(), Scope(role=CallerRole.TOWNSHIP), keeper("500112000000")])
async def test_transfers_are_hidden_from_others(ask: Any, scope: Scope) -> None:
    query = "query ($id: ID!) { transfer(id: $id) { id } transfers { totalCount nodes { id } } }"
    data = await ask(query, id=str(id_of("X1")), scope=scope)
    assert data == {"transfer": None, "transfers": {"totalCount": 0, "nodes": []}}


async def test_transfers_are_listed_filtered_and_found_from_their_member(ask: Any) -> None:
    query = """query ($m: ID!) {
      all: transfers { totalCount }
      open: transfers(filter: {state: [RELEASED]}) { nodes { id } }
      into: transfers(filter: {receivingDivision: {under: "500111002"}}) { totalCount }
      member(id: $m) { transfers(first: 5) { nodes { id } } }
    }"""
    data = await ask(query, m=str(id_of("M6")))
    assert data["all"] == {"totalCount": 2}
    assert data["open"]["nodes"] == [{"id": str(id_of("X1"))}]
    assert data["member"]["transfers"]["nodes"] == [{"id": str(id_of("X2"))}]
