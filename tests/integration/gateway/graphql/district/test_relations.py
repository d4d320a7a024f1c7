"""Every type of the graph with its relations, value by value."""

from typing import Any

import pytest

from tests.integration.gateway.graphql.district.makers import GRID, LONGSHUI, code_of, id_of

pytestmark = pytest.mark.servers

PLACE = "divisionCode bureau"
HISTORY = "effectiveOn recordedAt"
AT = {"effectiveOn": "2024-02-28", "recordedAt": "2026-07-02T01:02:03+00:00"}
IN_LONGSHUI = {"divisionCode": LONGSHUI, "bureau": "MARKET_REGULATION"}
NAMES = "nodes { name }"


def named(*names: str) -> dict[str, Any]:
    return {"nodes": [{"name": name} for name in names]}


async def test_a_division_has_what_is_above_and_below_it_and_its_entities(ask: Any) -> None:
    query = f"""query ($code: String!) {{ division(code: $code) {{
      code version name level state {HISTORY} parent {{ name }} divisions {{ {NAMES} }}
      entities(sort: USCC_ASC) {{ totalCount {NAMES} }}
      active: entities(filter: {{state: ACTIVE, kind: INDIVIDUAL_HOUSEHOLD}}) {{ totalCount }}
    }} }}"""
    assert (await ask(query, code="500111001"))["division"] == {
        "code": LONGSHUI,
        "version": 1,
        "name": "龙水镇",
        "level": "TOWNSHIP",
        "state": "ACTIVE",
        **AT,
        "parent": {"name": "X区"},
        "divisions": named("一网格"),
        "entities": {"totalCount": 7, **named(*(f"主体E{number}" for number in range(1, 8)))},
        "active": {"totalCount": 2},
    }
    district = (await ask(query, code="500111"))["division"]
    assert district["parent"] is None
    assert district["divisions"] == named("龙水镇", "万古镇")
    assert district["entities"]["totalCount"] == 10
    grid = (await ask(query, code=GRID))["division"]
    assert grid["divisions"] == named()
    assert grid["entities"] == {"totalCount": 1, **named("主体E2")}
    assert (await ask(query, code="500112"))["division"] is None


async def test_a_bureau_has_its_stations_and_a_station_its_bureau_and_cadres(ask: Any) -> None:
    data = await ask(f"""{{ bureaus(first: 10, sort: NAME_ASC) {{ nodes {{
      id version name kind {PLACE} state {HISTORY} division {{ name }} parent {{ name }} stations {{ {NAMES} }}
      cadres {{ nodes {{ id }} }}
    }} }} }}""")
    main, station, civil = data["bureaus"]["nodes"]
    assert station == {
        "id": str(id_of("B1")),
        "version": 1,
        "name": "部门B1",
        "kind": "STATION",
        **IN_LONGSHUI,
        "state": "ACTIVE",
        **AT,
        "division": {"name": "龙水镇"},
        "parent": {"name": "部门B0"},
        "stations": named(),
        "cadres": {"nodes": [{"id": str(id_of("C1"))}]},
    }
    assert (main["kind"], main["parent"], main["stations"]) == ("BUREAU", None, named("部门B1"))
    assert (civil["bureau"], civil["stations"]) == ("CIVIL_AFFAIRS", named())


async def test_an_association_has_its_branches_and_cadres(ask: Any) -> None:
    data = await ask(f"""{{ associations(first: 10) {{ nodes {{
      id version name {PLACE} state {HISTORY} division {{ name }} parent {{ name }} subAssociations {{ {NAMES} }}
      organisations {{ {NAMES} }} cadres {{ nodes {{ id }} }}
    }} }} }}""")
    main, branch = data["associations"]["nodes"]
    assert branch == {
        "id": str(id_of("A1")),
        "version": 1,
        "name": "协会A1",
        **IN_LONGSHUI,
        "state": "ACTIVE",
        **AT,
        "division": {"name": "龙水镇"},
        "parent": {"name": "协会A0"},
        "subAssociations": named(),
        "organisations": named("组织O1"),
        "cadres": {"nodes": [{"id": str(id_of("C2"))}]},
    }
    assert (main["parent"], main["subAssociations"], main["organisations"]) == (None, named("协会A1"), named())


async def test_a_cadre_has_a_unit_and_assignments(ask: Any) -> None:
    data = await ask(f"""{{ cadres(first: 10, filter: {{state: ACTIVE}}) {{ totalCount nodes {{
      id version {PLACE} state {HISTORY} bureauUnit {{ name }} association {{ name }}
      assignments {{ nodes {{ role entity {{ name }} organisation {{ name }} cadre {{ id }} }} }}
    }} }} }}""")
    assert data["cadres"]["totalCount"] == 2
    by_id = {one["id"]: one for one in data["cadres"]["nodes"]}
    first, second = str(id_of("C1")), str(id_of("C2"))
    assert by_id[first] == {
        "id": first,
        "version": 1,
        **IN_LONGSHUI,
        "state": "ACTIVE",
        **AT,
        "bureauUnit": {"name": "部门B1"},
        "association": None,
        "assignments": {
            "nodes": [
                {"role": "INSTRUCTOR", "entity": None, "organisation": {"name": "组织O2"}, "cadre": {"id": first}},
                {"role": "CONTACT_CADRE", "entity": {"name": "主体E1"}, "organisation": None, "cadre": {"id": first}},
                {"role": "CONTACT_CADRE", "entity": {"name": "主体E8"}, "organisation": None, "cadre": {"id": first}},
            ]
        },
    }
    assert (by_id[second]["bureauUnit"], by_id[second]["association"]) == (None, {"name": "协会A1"})


async def test_an_organisation_has_all_that_belongs_to_it(ask: Any) -> None:
    query = f"""query ($id: ID!) {{ organisation(id: $id) {{
      id version name form external mode {PLACE} state foundedOn {HISTORY} division {{ name }} superior {{ name }}
      association {{ name }}
      membership {{ version related managed relatedAndManaged gap fullRelated fullManaged {HISTORY}
                    organisation {{ name }} }}
      rating {{ id points band scheme {{ nameZh }} }}
      entities {{ {NAMES} }} members(filter: {{state: ACTIVE}}) {{ totalCount nodes {{ id }} }}
      assignments {{ nodes {{ id role }} }} suggestions {{ nodes {{ id entity {{ name }} }} }}
    }} }}"""
    found = (await ask(query, id=str(id_of("O1"))))["organisation"]
    members = found.pop("members")
    assert {one["id"] for one in members["nodes"]} == {str(id_of("M1")), str(id_of("M2"))}
    assert members["totalCount"] == 2
    assert found == {
        "id": str(id_of("O1")),
        "version": 1,
        "name": "组织O1",
        "form": "BRANCH",
        "external": False,
        "mode": "SINGLE",
        **IN_LONGSHUI,
        "state": "ACTIVE",
        "foundedOn": "2020-07-01",
        **AT,
        "division": {"name": "龙水镇"},
        "superior": {"name": "组织O3"},
        "association": {"name": "协会A1"},
        "membership": {
            "version": 1,
            "related": 4,
            "managed": 5,
            "relatedAndManaged": 3,
            "gap": 2,
            "fullRelated": 3,
            "fullManaged": 5,
            **AT,
            "organisation": {"name": "组织O1"},
        },
        "rating": {"id": str(id_of("R3")), "points": "70.5", "band": "B", "scheme": {"nameZh": "办法S3"}},
        "entities": named("主体E1"),
        "assignments": {"nodes": []},
        "suggestions": {"nodes": [{"id": str(id_of("G1")), "entity": {"name": "主体E3"}}]},
    }
    joint = (await ask(query, id=str(id_of("O2"))))["organisation"]
    assert {one["name"] for one in joint["entities"]["nodes"]} == {"主体E2", "主体E4"}
    assert joint["rating"] is None, "a withdrawn one is none"
    assert joint["members"]["totalCount"] == 1, "who left is filtered"
    assert joint["assignments"]["nodes"] == [{"id": str(id_of("T2")), "role": "INSTRUCTOR"}]
    external = (await ask(query, id=str(id_of("O4"))))["organisation"]
    assert (external["external"], external["mode"], external["foundedOn"]) == (True, None, None)
    dissolved = (await ask(query, id=str(id_of("O5"))))["organisation"]
    assert (dissolved["state"], dissolved["membership"]) == ("DISSOLVED", None)


async def test_an_entity_has_its_coverage_organisations_members_and_partner(ask: Any) -> None:
    query = f"""query ($id: ID!) {{ entity(id: $id) {{
      division {{ name }}
      coverage {{ id version uscc kind state fullMembers probationaryMembers organisationCoverage workCoverage duty
                  mustFoundSince {PLACE} {HISTORY} entity {{ name }} organisations {{ {NAMES} }} }}
      organisations {{ {NAMES} }} members {{ totalCount nodes {{ id }} }}
      assignments {{ nodes {{ role state startsOn endedOn }} }}
      suggestion {{ id reasons {{ reason text textZh }} partner {{ name }} }}
    }} }}"""
    own = (await ask(query, id=str(id_of("E1"))))["entity"]
    assert own["coverage"] == {
        "id": str(id_of("E1")),
        "version": 1,
        "uscc": code_of("E1"),
        "kind": "MICRO_SMALL_ENTERPRISE",
        "state": "ACTIVE",
        "fullMembers": 4,
        "probationaryMembers": 1,
        "organisationCoverage": "OWN",
        "workCoverage": True,
        "duty": "MET",
        "mustFoundSince": None,
        **IN_LONGSHUI,
        **AT,
        "entity": {"name": "主体E1"},
        "organisations": named("组织O1"),
    }
    assert own["organisations"] == named("组织O1")
    assert {one["id"] for one in own["members"]["nodes"]} == {str(id_of("M1")), str(id_of("M2"))}
    assert own["members"]["totalCount"] == 2, "an erased member is not there"
    assert own["suggestion"] is None
    due = (await ask(query, id=str(id_of("E3"))))["entity"]
    assert due["division"] == {"name": "龙水镇"}
    assert (due["coverage"]["duty"], due["coverage"]["mustFoundSince"]) == ("MUST_FOUND", "2024-01-10")
    assert due["organisations"] == due["coverage"]["organisations"] == named()
    assert due["suggestion"] == {
        "id": str(id_of("G1")),
        "reasons": [
            {"reason": "SAME_TOWNSHIP", "text": 'It\'s near "here".', "textZh": "同镇。"},
            {"reason": "RATED_WELL", "text": "It is rated A.", "textZh": "A级。"},
        ],
        "partner": {"name": "组织O1"},
    }
    ended = (await ask(query, id=str(id_of("E8"))))["entity"]
    assert ended["assignments"] == {
        "nodes": [{"role": "CONTACT_CADRE", "state": "ENDED", "startsOn": "2023-01-01", "endedOn": "2023-12-31"}]
    }
    assert (ended["suggestion"]["partner"], len(ended["suggestion"]["reasons"])) == (None, 1)
    assert (await ask(query, id=str(id_of("E5"))))["entity"]["coverage"] is None


async def test_a_member_has_three_dated_facts_that_point_to_three_places(ask: Any) -> None:
    query = f"""query ($id: ID!) {{ member(id: $id) {{
      id version maskedName standing state {PLACE} workplaceSince relationSince managementSince {HISTORY}
      workplace {{ name }} relation {{ name }} management {{ name }}
    }} }}"""
    assert (await ask(query, id=str(id_of("M2"))))["member"] == {
        "id": str(id_of("M2")),
        "version": 1,
        "maskedName": "王*",
        "standing": "FULL",
        "state": "ACTIVE",
        **IN_LONGSHUI,
        "workplaceSince": "2020-01-01",
        "relationSince": "2010-07-01",
        "managementSince": "2021-05-01",
        **AT,
        "workplace": {"name": "主体E1"},
        "relation": {"name": "组织O4"},
        "management": {"name": "组织O1"},
    }
    nowhere = (await ask(query, id=str(id_of("M3"))))["member"]
    assert (nowhere["standing"], nowhere["relation"], nowhere["relationSince"]) == ("PROBATIONARY", None, None)
    assert (await ask(query, id=str(id_of("M5"))))["member"] is None, "erased"


async def test_a_rating_shows_its_evidence_and_a_scheme_its_parts_in_their_order(ask: Any) -> None:
    data = await ask(f"""{{ ratings(first: 10, filter: {{band: A}}) {{ nodes {{
      id version schemeVersion points band state {PLACE} {HISTORY} organisation {{ name }}
      evidence {{ part points of reason reasonZh seen {{ aggregate id version }} }}
      scheme {{ id version name nameZh source validFrom validUntil recordedAt
                parts {{ part points rule ruleZh }} bands {{ band atLeast }} }}
    }} }} }}""")
    seen = [{"aggregate": "ledgers-coverage", "id": str(id_of(one)), "version": 1} for one in ("E1", "E3")]
    assert data["ratings"]["nodes"] == [
        {
            "id": str(id_of("R1")),
            "version": 1,
            "schemeVersion": 1,
            "points": "86.67",
            "band": "A",
            "state": "CURRENT",
            **IN_LONGSHUI,
            **AT,
            "organisation": {"name": "组织O1"},
            "evidence": [
                {
                    "part": "SIZE",
                    "points": "86.67",
                    "of": "60.5",
                    "reason": "Large.",
                    "reasonZh": "规模大。",
                    "seen": seen,
                },
                {"part": "COVERAGE", "points": "0", "of": "40", "reason": "None.", "reasonZh": "无。", "seen": []},
            ],
            "scheme": {
                "id": str(id_of("S1")),
                "version": 1,
                "name": "Scheme S1",
                "nameZh": "办法S1",
                "source": "Study of district X, 2024",
                "validFrom": "2024-01-01",
                "validUntil": "2024-12-31",
                "recordedAt": AT["recordedAt"],
                "parts": [
                    {"part": "COVERAGE", "points": "40", "rule": "By share.", "ruleZh": "按比例。"},
                    {"part": "SIZE", "points": "60.5", "rule": "By size.", "ruleZh": "按规模。"},
                ],
                "bands": [{"band": "A", "atLeast": "85"}, {"band": "D", "atLeast": "0"}],
            },
        }
    ]


async def test_an_alliance_has_its_parties_in_their_order(ask: Any) -> None:
    data = await ask(f"""{{ alliances(first: 10, filter: {{nameContains: "L1"}}) {{ nodes {{
      id version name state formedOn {PLACE} {HISTORY}
      parties {{ side entity {{ name }} organisation {{ name }} association {{ name }} division {{ name }} }}
    }} }} }}""")
    nobody = dict.fromkeys(("entity", "organisation", "association", "division"))
    assert data["alliances"]["nodes"] == [
        {
            "id": str(id_of("L1")),
            "version": 1,
            "name": "联合体L1",
            "state": "FORMED",
            "formedOn": "2024-02-28",
            **IN_LONGSHUI,
            **AT,
            "parties": [
                {**nobody, "side": "SUBDISTRICT", "division": {"name": "龙水镇"}},
                {**nobody, "side": "MASSES", "association": {"name": "协会A1"}},
                {**nobody, "side": "ENTERPRISE", "entity": {"name": "主体E1"}},
                {**nobody, "side": "ENTERPRISE", "organisation": {"name": "组织O1"}},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("day", "scheme"),
    [
        ("2023-12-31", None),
        ("2024-01-01", "办法S1"),
        ("2024-06-01", "办法S3"),
        ("2024-06-30", "办法S3"),
        ("2024-07-01", "办法S1"),
        ("2024-12-31", "办法S1"),
        ("2031-01-01", "办法S2"),
        (None, "办法S2"),
    ],
)
async def test_the_scheme_of_a_day_is_the_valid_one_that_began_last(
    ask: Any, day: str | None, scheme: str | None
) -> None:
    data = await ask("query ($on: Date) { scheme(on: $on) { nameZh } }", on=day)
    assert data["scheme"] == (scheme and {"nameZh": scheme})


async def test_facts_of_all_services_are_one_statement(ask: Any, statements: list[str]) -> None:
    data = await ask("""{
      entities(first: 5, filter: {kind: SPECIALISED_MARKET}) { nodes {
        name division { parent { name } }
        coverage { duty }
        assignments(first: 3) { nodes { cadre { association { name } } } }
        suggestion { partner {
          name superior { name }
          membership { gap }
          rating { band evidence { part } scheme { bands { band } } }
          members(first: 5) { nodes { workplace { name } } }
        } }
      } }
      alliances(first: 2) { nodes { parties { division { name } } } }
      coverageFigures(by: []) { all { entities } }
    }""")
    assert len(statements) == 1
    [market] = data["entities"]["nodes"]
    assert market["division"] == {"parent": {"name": "X区"}}
    assert market["coverage"] == {"duty": "MUST_FOUND"}
    assert market["assignments"] == {"nodes": [{"cadre": {"association": {"name": "协会A1"}}}]}
    partner = market["suggestion"]["partner"]
    assert (partner["name"], partner["superior"], partner["membership"]) == ("组织O1", {"name": "组织O3"}, {"gap": 2})
    assert partner["rating"]["evidence"] == [{"part": "SIZE"}, {"part": "COVERAGE"}]
    assert data["coverageFigures"] == [{"all": {"entities": 8}}]
