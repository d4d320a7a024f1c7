"""Developments, quotas, floating members, posts and honours in the graph: for whom, with what, and what they may do."""

from typing import Any

import pytest

from contracts.vocabulary import CallerRole
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.scope import EVERYTHING, Scope
from tests.integration.gateway.graphql.district.makers import LONGSHUI, WANGU, id_of

pytestmark = pytest.mark.servers

NOBODY = {"totalCount": 0, "nodes": []}
PAGE = "{ totalCount nodes { id } }"


def keeper(*divisions: str) -> Scope:
    ranges = tuple(map(DivisionRange.under, divisions))
    return Scope(divisions=ranges, members=True, role=CallerRole.ORGANISATION_DEPARTMENT)


async def test_a_development_shows_each_of_the_steps_and_what_may_be_done(ask: Any) -> None:
    query = """query ($id: ID!) { development(id: $id) {
      state maskedName nextFrom quotaYear organisation { name } workplace { name } member { standing }
      steps { number stage action text textZh evidence evidenceZh doneOn } allowedActions { action labelZh needsNote }
    } }"""
    found = (await ask(query, id=str(id_of("D1")), scope=keeper(LONGSHUI)))["development"]
    assert (found["state"], found["maskedName"], found["quotaYear"]) == ("PROBATIONARY", "李*", 2022)
    assert (found["organisation"], found["workplace"]) == ({"name": "组织O2"}, {"name": "主体E2"})
    assert found["member"] == {"standing": "PROBATIONARY"}, "a member by the same id"
    assert [step["number"] for step in found["steps"]] == list(range(1, 26))
    assert [step["number"] for step in found["steps"] if step["doneOn"] is None] == list(range(18, 26))
    assert found["steps"][2] == {
        "number": 3,
        "stage": "ACTIVIST",
        "action": "NAME_ACTIVIST",
        "text": "Recommended and decided on as activist",
        "textZh": "推荐和确定入党积极分子",
        "evidence": "Recommendation, decision of the branch committee",
        "evidenceZh": "推荐材料、支部委员会会议记录",
        "doneOn": "2021-04-01",
    }
    actions = [(one["action"], one["needsNote"]) for one in found["allowedActions"]]
    assert actions == [("RECORD", False), ("PROLONG", True), ("CONFIRM", False), ("MOVE", False), ("END", True)]
    applicant = (await ask(query, id=str(id_of("D2")), scope=keeper(LONGSHUI)))["development"]
    assert (applicant["member"], applicant["workplace"], applicant["quotaYear"]) == (None, None, None)
    assert [one["action"] for one in applicant["allowedActions"]] == ["RECORD", "NAME_TARGET", "MOVE", "END"]
    assert (await ask(query, id=str(id_of("D2")), scope=EVERYTHING))["development"]["allowedActions"] == []


async def test_a_quota_shows_what_is_taken_and_left_but_not_how_few(ask: Any) -> None:
    query = """query ($o: ID!, $p: ID!) {
      one: organisation(id: $o) { quotas { nodes { year places taken left organisation { name } } } }
      other: organisation(id: $p) { quotas(filter: {year: 2022}) { nodes { year places taken left } } }
    }"""
    ids = {"o": str(id_of("O1")), "p": str(id_of("O2"))}
    seen = await ask(query, scope=keeper(LONGSHUI), **ids)
    home = {"name": "组织O1"}
    assert seen["one"]["quotas"]["nodes"] == [
        {"year": 2024, "places": 2, "taken": 0, "left": 2, "organisation": home},
        {"year": 2023, "places": 4, "taken": 3, "left": 1, "organisation": home},
    ]
    assert seen["other"]["quotas"]["nodes"] == [{"year": 2022, "places": 5, "taken": 1, "left": 4}]
    hidden = await ask(query, scope=Scope(), **ids)
    assert hidden["one"] == seen["one"], "none and three are told"
    assert hidden["other"]["quotas"]["nodes"] == [{"year": 2022, "places": 5, "taken": None, "left": None}]


async def test_each_end_sees_a_floating_member_and_what_it_may_do(ask: Any) -> None:
    query = """query ($id: ID!) { floating(id: $id) {
      state outSince reason dueAt home { name } away { name } member { maskedName } allowedActions { action }
    } }"""
    home = (await ask(query, id=str(id_of("F1")), scope=keeper(LONGSHUI)))["floating"]
    assert (home["state"], home["outSince"], home["reason"]) == ("RECEIVED", "2023-09-01", "BUSINESS")
    assert (home["home"], home["away"], home["member"]) == ({"name": "组织O1"}, None, {"maskedName": "王*"})
    assert [one["action"] for one in home["allowedActions"]] == ["RETURN", "END"]
    away = (await ask(query, id=str(id_of("F1")), scope=keeper(WANGU)))["floating"]
    assert (away["home"], away["away"], away["member"]) == (None, {"name": "组织O4"}, None)
    assert away["allowedActions"] == []


async def test_what_is_about_a_member_is_found_from_the_member_and_from_the_place(ask: Any) -> None:
    query = """query ($m: ID!, $n: ID!, $l: ID!, $o: ID!, $e: ID!) {
      one: member(id: $m) {
        floatings { nodes { id } } posts { nodes { id kind entity { name } member { id } } }
        honours { nodes { kind level year awardedBy state member { id } } } developments { totalCount }
      }
      developed: member(id: $n) { developments { nodes { id } } }
      gone: member(id: $l) { state leavingReason }
      organisation(id: $o) { developments { nodes { id } } posts { totalCount } }
      entity(id: $e) { posts { nodes { id } } }
    }"""
    names = {"m": "M1", "n": "M3", "l": "M4", "o": "O1", "e": "E1"}
    data = await ask(query, **{key: str(id_of(name)) for key, name in names.items()})
    member = {"id": str(id_of("M1"))}
    assert data["one"] == {
        "floatings": {"nodes": [{"id": str(id_of("F1"))}]},
        "posts": {
            "nodes": [{"id": str(id_of("W1")), "kind": "QUALITY_POST", "entity": {"name": "主体E1"}, "member": member}]
        },
        "honours": {
            "nodes": [
                {
                    "kind": "GOOD_MEMBER",
                    "level": "DISTRICT",
                    "year": 2022,
                    "awardedBy": "区委组织部",
                    "state": "AWARDED",
                    "member": member,
                }
            ]
        },
        "developments": {"totalCount": 0},
    }
    assert data["developed"] == {"developments": {"nodes": [{"id": str(id_of("D1"))}]}}
    assert data["gone"] == {"state": "LEFT", "leavingReason": "RESIGNED"}
    assert data["organisation"] == {
        "developments": {"nodes": [{"id": str(id_of("D2"))}]},
        "posts": {"totalCount": 0},
    }, "an erased member's post is not there"
    assert data["entity"] == {"posts": {"nodes": [{"id": str(id_of("W1"))}]}}


@pytest.mark.parametrize("scope", [Scope(), Scope(role=CallerRole.TOWNSHIP), keeper("500112000000")])
async def test_all_of_it_is_hidden_from_others(ask: Any, scope: Scope) -> None:
    query = f"""query ($f: ID!, $d: ID!, $w: ID!, $h: ID!, $o: ID!, $e: ID!) {{
      floating(id: $f) {{ id }} development(id: $d) {{ id }} post(id: $w) {{ id }} honour(id: $h) {{ id }}
      floatings {PAGE} developments {PAGE} posts {PAGE} honours {PAGE}
      organisation(id: $o) {{ developments {PAGE} posts {PAGE} }}
      entity(id: $e) {{ posts {PAGE} }}
    }}"""
    names = {"f": "F1", "d": "D1", "w": "W1", "h": "H1", "o": "O1", "e": "E1"}
    data = await ask(query, scope=scope, **{key: str(id_of(name)) for key, name in names.items()})
    assert [data[one] for one in ("floating", "development", "post", "honour")] == [None] * 4
    assert [data[one] for one in ("floatings", "developments", "posts", "honours")] == [NOBODY] * 4
    if not scope.members:
        assert data["organisation"] == {"developments": NOBODY, "posts": NOBODY}
        assert data["entity"] == {"posts": NOBODY}


async def test_an_erased_members_post_and_honour_are_shown_to_nobody(ask: Any) -> None:
    query = "query ($w: ID!, $h: ID!) { post(id: $w) { id } honour(id: $h) { id } }"
    assert await ask(query, w=str(id_of("W3")), h=str(id_of("H3"))) == {"post": None, "honour": None}
