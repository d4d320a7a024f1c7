"""Members, and counts of them that are one or two, are for who may see members alone."""

from typing import Any

import pytest

from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import EVERYTHING, Scope
from tests.integration.gateway.graphql.district.makers import id_of

pytestmark = pytest.mark.servers

ANYBODY = Scope()
TOWNSHIP = Scope(divisions=(DivisionRange.under("500111001"),))
ITS_MEMBERS = Scope(divisions=(DivisionRange.under("500111001"),), members=True)

EMPTY = {"totalCount": 0, "nodes": [], "edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
PAGE = "{ totalCount nodes { id } edges { cursor node { maskedName } } pageInfo { hasNextPage endCursor } }"


@pytest.mark.parametrize("scope", [ANYBODY, TOWNSHIP])
async def test_members_are_hidden_whichever_way_they_are_asked_for(ask: Any, scope: Scope) -> None:
    query = f"""query ($m: ID!, $o: ID!, $e: ID!) {{
      member(id: $m) {{ maskedName }}
      members(first: 10) {PAGE}
      filtered: members(first: 10, filter: {{standing: FULL}}) {PAGE}
      last: members(last: 10) {PAGE}
      organisation(id: $o) {{ members(first: 10) {PAGE} }}
      entity(id: $e) {{ members(first: 10) {PAGE} }}
      suggestions(first: 1, filter: {{hasPartner: true}}) {{ nodes {{ partner {{ members(first: 1) {PAGE} }} }} }}
      with: entities(filter: {{hasMember: true}}) {{ totalCount }}
      without: entities(filter: {{hasMember: false}}) {{ totalCount }}
      counted: entityCounts(by: [], filter: {{hasMember: true}}) {{ count }}
    }}"""
    ids = {"m": str(id_of("M1")), "o": str(id_of("O1")), "e": str(id_of("E1"))}
    hidden = await ask(query, scope=scope, **ids)
    assert hidden["member"] is None
    assert hidden["members"] == hidden["filtered"] == hidden["last"] == EMPTY
    assert hidden["organisation"] == {"members": EMPTY}
    assert hidden["entity"] == {"members": EMPTY}
    assert all(one == {"partner": {"members": EMPTY}} for one in hidden["suggestions"]["nodes"])
    assert hidden["with"] == {"totalCount": 0}
    assert hidden["without"]["totalCount"] == (10 if scope is ANYBODY else 7)
    assert hidden["counted"] == [{"count": 0}]
    seen = await ask(query, **ids)
    assert seen["member"] == {"maskedName": "王*"}
    assert seen["members"]["totalCount"] == 5
    assert seen["organisation"]["members"]["totalCount"] == 3
    assert seen["entity"]["members"]["totalCount"] == 2
    assert seen["with"] == {"totalCount": 3}


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (EVERYTHING, {"bornIn": "1985-03", "mergedInto": {"maskedName": "王*", "bornIn": "1985-03"}}),
        (ITS_MEMBERS, {"bornIn": "1985-03", "mergedInto": None}),
        (TOWNSHIP, None),
        (ANYBODY, None),
    ],
)
async def test_into_whom_a_member_was_merged_is_seen_by_who_may_see_both(ask: Any, scope: Scope, seen: object) -> None:
    query = "query ($m: ID!) { member(id: $m) { bornIn mergedInto { maskedName bornIn } } }"
    assert await ask(query, m=str(id_of("M4")), scope=scope) == {"member": seen}


async def test_who_may_see_members_sees_those_of_their_divisions(ask: Any) -> None:
    data = await ask("{ members { totalCount } }", scope=ITS_MEMBERS)
    assert data == {"members": {"totalCount": 4}}
    query = "query ($m: ID!) { member(id: $m) { maskedName } }"
    assert await ask(query, m=str(id_of("M6")), scope=ITS_MEMBERS) == {"member": None}


@pytest.mark.parametrize("scope", [EVERYTHING, ANYBODY, ITS_MEMBERS])
async def test_an_erased_member_is_seen_by_nobody(ask: Any, scope: Scope) -> None:
    data = await ask(
        "query ($m: ID!) { member(id: $m) { id } members(first: 500) { nodes { id } } }",
        m=str(id_of("M5")),
        scope=scope,
    )
    assert data["member"] is None
    assert str(id_of("M5")) not in [one["id"] for one in data["members"]["nodes"]]


@pytest.mark.parametrize(
    ("entity", "full", "probationary", "told"),
    [("E1", 4, 1, [4, None]), ("E2", 1, 1, [None, None]), ("E3", 3, 0, [3, 0]), ("E10", 0, 0, [0, 0])],
)
async def test_one_or_two_members_of_an_entity_are_not_told(
    ask: Any, entity: str, full: int, probationary: int, told: list[int | None]
) -> None:
    query = "query ($id: ID!) { coverage(entityId: $id) { fullMembers probationaryMembers } }"
    counts = (await ask(query, id=str(id_of(entity))))["coverage"]
    assert [counts["fullMembers"], counts["probationaryMembers"]] == [full, probationary]
    for scope in (ANYBODY, Scope(divisions=(DivisionRange.under("50"),))):
        counts = (await ask(query, id=str(id_of(entity)), scope=scope))["coverage"]
        assert [counts["fullMembers"], counts["probationaryMembers"]] == told


# related managed relatedAndManaged gap fullRelated fullManaged
@pytest.mark.parametrize(
    ("organisation", "counted", "told"),
    [
        ("O1", [4, 5, 3, 2, 3, 5], [4, 5, None, None, None, 5]),
        ("O2", [0, 80, 0, 80, 0, 76], [0, 80, 0, 80, 0, 76]),
        ("O3", [6, 6, 6, 0, 6, 3], [6, 6, 6, 0, 6, 3]),
        ("O4", [2, 0, 0, 0, 1, 0], [None, 0, None, None, None, 0]),
    ],
)
async def test_one_or_two_members_of_an_organisation_are_not_told_nor_to_be_found_by_subtraction(
    ask: Any, organisation: str, counted: list[int], told: list[int | None]
) -> None:
    query = """query ($id: ID!) { organisation(id: $id) {
      membership { related managed relatedAndManaged gap fullRelated fullManaged } } }"""
    found = (await ask(query, id=str(id_of(organisation))))["organisation"]["membership"]
    assert list(found.values()) == counted
    found = (await ask(query, id=str(id_of(organisation)), scope=ANYBODY))["organisation"]["membership"]
    assert list(found.values()) == told


async def test_one_or_two_entities_with_a_member_are_not_told_but_three_and_none_are(ask: Any) -> None:
    query = """{ coverageFigures(by: [KIND]) { kind
      all { entities ownOrganisation anyOrganisation work }
      withMember { entities ownOrganisation anyOrganisation work }
      withThreeFullMembers { entities work } } }"""
    found = {one["kind"]: one for one in (await ask(query, scope=ANYBODY))["coverageFigures"]}
    assert [list(one["withMember"].values()) for one in found.values()] == [
        [None, 0, None, 0],
        [3, None, None, None],
        [None, 0, 0, None],
    ]
    assert list(found["MICRO_SMALL_ENTERPRISE"]["all"].values()) == [4, 1, 2, 1], "entities are no secret"
    assert found["SPECIALISED_MARKET"]["withThreeFullMembers"] == {"entities": 1, "work": 1}


async def test_a_statement_made_for_who_may_see_members_never_serves_who_may_not(
    ask: Any, statements: list[str]
) -> None:
    query = "{ members { totalCount } coverages { nodes { fullMembers } } }"
    for scope, total in ((EVERYTHING, 5), (ANYBODY, 0), (EVERYTHING, 5), (ANYBODY, 0)):
        assert (await ask(query, scope=scope))["members"] == {"totalCount": total}
    assert statements[0] == statements[2] != statements[1] == statements[3]
