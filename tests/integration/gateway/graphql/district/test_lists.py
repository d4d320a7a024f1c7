"""Lists of every kind: what each filter leaves, and in which order."""

from typing import Any

import pytest

from tests.integration.gateway.graphql.district.makers import id_of

pytestmark = pytest.mark.servers

LETTERS = "BACEOMSRTGLXFDQWHKP"
NAMES = {str(id_of(f"{letter}{number}")): f"{letter}{number}" for letter in LETTERS for number in range(11)}
CODES = {"500111000000": "district", "500111001000": "longshui", "500111002000": "wangu", "500111001001": "grid"}

# list: the field that names its rows, and each filter or order with what it gives
LISTS: dict[str, list[tuple[str, str]]] = {
    "divisions": [
        ("", "district longshui grid wangu"),
        ("sort: CODE_DESC", "wangu grid longshui district"),
        ("filter: {level: [TOWNSHIP, GRID]}", "longshui grid wangu"),
        ('filter: {division: {under: "500111001"}}', "longshui grid"),
        ('filter: {nameContains: "镇"}', "longshui wangu"),
        ("filter: {state: CLOSED}", ""),
    ],
    "bureaus": [
        ("", "B0 B1 B2"),
        ("sort: NAME_DESC", "B2 B1 B0"),
        ("sort: DIVISION_DESC, filter: {bureau: MARKET_REGULATION}", "B1 B0"),
        ("filter: {kind: STATION}", "B1"),
        ("filter: {state: CLOSED}", ""),
        ('filter: {division: {under: "500111001"}, nameContains: "部门"}', "B1"),
    ],
    "associations": [
        ("", "A0 A1"),
        ("sort: DIVISION_ASC", "A0 A1"),
        ('filter: {nameContains: "A1"}', "A1"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
        ('filter: {state: ACTIVE, division: {under: "500111001"}}', "A1"),
    ],
    "cadres": [
        ("filter: {bureau: CIVIL_AFFAIRS}", "C3"),
        ("sort: DIVISION_DESC, first: 1", "C3"),
        ("filter: {state: LEFT}", "C3"),
        ('filter: {division: {under: "500111002"}}', "C3"),
    ],
    "organisations": [
        ("", "O1 O2 O3 O4 O5"),
        ("sort: NAME_DESC", "O5 O4 O3 O2 O1"),
        ("sort: FOUNDED_ON_ASC, first: 2", "O3 O1"),
        ("sort: FOUNDED_ON_DESC, first: 2", "O1 O3"),
        ("sort: DIVISION_ASC, first: 3", "O3 O1 O2"),
        ("filter: {form: [BRANCH, COMMITTEE]}", "O1 O4 O5"),
        ("filter: {mode: [JOINT, CATCH_ALL]}", "O2 O3"),
        ("filter: {external: true}", "O4"),
        ("filter: {external: false, state: ACTIVE}", "O1 O2 O3"),
        ("filter: {state: DISSOLVED}", "O5"),
        ('filter: {division: {under: "500111001"}}', "O1 O2"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
        ('filter: {nameContains: "O3"}', "O3"),
    ],
    "members": [
        ("filter: {standing: PROBATIONARY}", "M3"),
        ("filter: {state: LEFT}", "M4"),
        ("filter: {leavingReason: [RESIGNED, DEATH]}", "M4"),
        ("filter: {leavingReason: DEATH}", ""),
        ('filter: {division: {under: "500111002"}}', "M6"),
        ("sort: DIVISION_DESC, first: 1", "M6"),
        ("filter: {relationElsewhere: false, state: ACTIVE}, sort: DIVISION_ASC", "M1 M6"),
        ('filter: {relationElsewhere: true, division: {under: "500111001000"}, standing: FULL, state: ACTIVE}', "M2"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
    ],
    "floatings": [
        ("", "F2 F1"),
        ("sort: OUT_SINCE_DESC", "F1 F2"),
        ("filter: {state: RECEIVED}", "F1"),
        ("filter: {reason: [WORK, STUDY]}", "F2"),
        ('filter: {outSince: {from: "2023-06-01"}}', "F1"),
        ('filter: {dueBy: "2024-03-01"}', "F1"),
        ('filter: {dueBy: "2024-02-29"}', ""),
        ('filter: {dueBy: "9999-12-31"}', "F1"),
        ('filter: {homeDivision: {under: "500111001"}}', "F1"),
        ('filter: {awayDivision: {under: "44"}}', "F2"),
    ],
    "developments": [
        ("", "D1 D2"),
        ("sort: EFFECTIVE_ON_ASC", "D2 D1"),
        ("filter: {state: [APPLICANT, ACTIVIST]}", "D2"),
        ("filter: {quotaYear: 2022}", "D1"),
        ("filter: {quotaYear: 2023}", ""),
        ('filter: {nextFrom: {to: "2022-12-31"}}', "D2"),
        ('filter: {division: {under: "500111001001"}}', "D1"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
    ],
    "quotas": [
        ("", "Q3 Q2 Q1"),
        ("sort: YEAR_ASC, first: 1", "Q1"),
        ("filter: {year: 2023}", "Q2"),
        ('filter: {division: {under: "500111001001"}}', "Q1"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
    ],
    "posts": [
        ("", "W1 W2"),
        ("sort: SINCE_ASC", "W2 W1"),
        ("filter: {kind: [QC_CIRCLE, PROBLEM_TEAM]}", "W2"),
        ("filter: {state: ENDED}", ""),
        ('filter: {division: {under: "500111001"}}', "W1"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
    ],
    "honours": [
        ("", "H1 H2"),
        ("sort: YEAR_ASC", "H2 H1"),
        ("filter: {kind: GOOD_MEMBER}", "H1"),
        ("filter: {level: MUNICIPAL}", "H2"),
        ("filter: {state: AWARDED, year: 2022}", "H1"),
        ('filter: {division: {under: "500111002"}}', "H2"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
    ],
    "coverages": [
        ("first: 2", "E8 E3"),
        ("filter: {duty: MUST_FOUND}", "E8 E3"),
        ("filter: {duty: MUST_FOUND, workCoverage: true}", "E3"),
        ("filter: {organisationCoverage: OWN, kind: MICRO_SMALL_ENTERPRISE}", "E1"),
        ("filter: {workCoverage: false, organisationCoverage: NONE, state: ACTIVE}", "E8"),
        ("filter: {state: DEREGISTERED}", "E6"),
        ('filter: {division: {under: "500111001001"}}', "E2"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
        ("sort: DIVISION_DESC, filter: {kind: MICRO_SMALL_ENTERPRISE}", "E8 E2 E1"),
        ("sort: DIVISION_ASC, filter: {kind: MICRO_SMALL_ENTERPRISE}", "E1 E2 E8"),
    ],
    "schemes": [
        ("", "S2 S3 S1"),
        ("sort: VALID_FROM_ASC", "S1 S3 S2"),
        ('filter: {validOn: "2024-06-15"}', "S3 S1"),
        ('filter: {validOn: "2026-01-01"}', "S2"),
    ],
    "ratings": [
        ("", "R1 R3 R4 R2"),
        ("sort: POINTS_ASC", "R2 R4 R3 R1"),
        ("filter: {band: [A, B]}", "R1 R3"),
        ("filter: {state: WITHDRAWN}", "R2"),
        ('filter: {division: {under: "500111002"}}', "R4"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
    ],
    "assignments": [
        ("", "T2 T1 T3 T4"),
        ("sort: STARTS_ON_ASC", "T4 T3 T1 T2"),
        ("filter: {role: CONTACT_CADRE}", "T1 T4"),
        ("filter: {target: ORGANISATION}", "T2"),
        ("filter: {state: ENDED}", "T4"),
        ('filter: {division: {under: "500111001000"}, bureau: MARKET_REGULATION}', "T2 T1 T3"),
    ],
    "gatherings": [
        ("", "H2 H5 H1 H3 H4"),
        ("sort: HELD_ON_ASC, first: 2", "H4 H3"),
        ("filter: {kind: [MEMBERS_MEETING, LECTURE]}", "H2 H1 H3"),
        ("filter: {audience: SECRETARIES}", "H5"),
        ("filter: {state: WITHDRAWN}", "H2"),
        ('filter: {heldOn: {from: "2023-12-31", to: "2024-01-10"}}', "H1 H3"),
        ('filter: {division: {under: "500111001001"}}', "H3"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
    ],
    "trainingPlans": [
        ("", "P3 P2"),
        ("sort: YEAR_ASC", "P2 P3"),
        ('filter: {division: {under: "500112"}}', ""),
    ],
    "contacts": [
        ("sort: SINCE_DESC, filter: {state: ENDED}", "K2"),
        ("sort: DIVISION_DESC, first: 1", "K3"),
        ("filter: {role: PERSON_IN_CHARGE}", "K2"),
        ("filter: {partyMember: UNKNOWN}", "K3"),
        ("filter: {state: ENDED}", "K2"),
        ('filter: {division: {under: "500111002"}}', "K3"),
        ("filter: {bureau: CIVIL_AFFAIRS}", ""),
    ],
    "suggestions": [
        ("", "G2 G1 G0"),
        ("sort: EFFECTIVE_ON_ASC", "G0 G1 G2"),
        ("filter: {state: OPEN}", "G2 G1"),
        ("filter: {hasPartner: false}", "G2"),
        ("filter: {hasPartner: true, state: OPEN}", "G1"),
        ('filter: {division: {under: "500111002"}, bureau: MARKET_REGULATION}', "G2"),
    ],
    "alliances": [
        ("sort: NAME_ASC", "L1 L2"),
        ("sort: NAME_DESC", "L2 L1"),
        ('sort: FORMED_ON_ASC, filter: {nameContains: "L2"}', "L2"),
        ("filter: {state: DISSOLVED}", ""),
        ('filter: {division: {under: "500111002"}, bureau: MARKET_REGULATION}', "L2"),
    ],
    "entities": [
        ("sort: USCC_ASC, filter: {hasMember: true}", "E1 E2 E8"),
        ('sort: USCC_ASC, filter: {hasMember: false, division: {under: "500111002"}}', "E9 E10"),
    ],
}  # fmt: skip
CASES = [(name, arguments, expected) for name, cases in LISTS.items() for arguments, expected in cases]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
async def test_a_list_has_what_is_asked_for_in_its_order(ask: Any, name: str, arguments: str, expected: str) -> None:
    key = "code" if name == "divisions" else "id"
    given = f"({arguments})" if arguments else ""
    page = (await ask(f"{{ {name}{given} {{ totalCount nodes {{ {key} }} }} }}"))[name]
    found = [(CODES if name == "divisions" else NAMES)[one[key]] for one in page["nodes"]]
    assert found == expected.split()
    if "first" not in arguments:
        assert page["totalCount"] == len(found)


@pytest.mark.parametrize("name", LISTS)
async def test_pages_of_one_row_forward_and_back_give_every_row_once(ask: Any, name: str) -> None:
    """For every kind of key, among them codes, days, amounts and days that are unknown."""
    key = "code" if name == "divisions" else "id"
    sorts = await ask('{ __type(name: "Query") { fields { name args { name type { name ofType { name } } } } } }')
    [arguments] = [one["args"] for one in sorts["__type"]["fields"] if one["name"] == name]
    [sort] = [one["type"]["ofType"]["name"] for one in arguments if one["name"] == "sort"]
    words = (await ask(f'{{ __type(name: "{sort}") {{ enumValues {{ name }} }} }}'))["__type"]["enumValues"]
    for word in (one["name"] for one in words):
        whole = await ask(f"{{ {name}(sort: {word}) {{ nodes {{ {key} }} }} }}")
        expected = [one[key] for one in whole[name]["nodes"]]
        for size, edge, cursor, more in (
            ("first", "after", "endCursor", "hasNextPage"),
            ("last", "before", "startCursor", "hasPreviousPage"),
        ):
            query = f"""query ($c: String) {{ {name}({size}: 1, {edge}: $c, sort: {word}) {{
                nodes {{ {key} }} pageInfo {{ {cursor} {more} }} }} }}"""
            found, at, going = [], None, True
            while going:
                page = (await ask(query, c=at))[name]
                found += [one[key] for one in page["nodes"]]
                at, going = page["pageInfo"][cursor], page["pageInfo"][more]
            assert found == (expected if size == "first" else expected[::-1])
        assert len(set(expected)) == len(expected) > 1
