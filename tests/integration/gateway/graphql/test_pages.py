"""Pages: filters, orders and cursors against the rows themselves."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

pytestmark = pytest.mark.servers

Key = Callable[[Any], Any]

# Unknown dates come last in both directions, so the newest-first order is not the oldest-first one backwards.
ORDERS: dict[str, tuple[Key, bool]] = {
    "REGISTERED_ON_ASC": (lambda row: (row.registered_on or date.max, row.entity_id), False),
    "REGISTERED_ON_DESC": (lambda row: (row.registered_on or date.min, row.entity_id), True),
    "NAME_ASC": (lambda row: (row.name, row.entity_id), False),
    "NAME_DESC": (lambda row: (row.name, row.entity_id), True),
    "USCC_ASC": (lambda row: (row.uscc, row.entity_id), False),
    "USCC_DESC": (lambda row: (row.uscc, row.entity_id), True),
    "DIVISION_ASC": (lambda row: (row.division_code, row.entity_id), False),
    "DIVISION_DESC": (lambda row: (row.division_code, row.entity_id), True),
}


def _all(_row: Any) -> bool:
    return True


def _none(_row: Any) -> bool:
    return False


# name: (filter, the same of a row)
FILTERS: dict[str, tuple[dict[str, Any], Callable[[Any], bool]]] = {
    "kind": ({"kind": ["OTHER", "UNKNOWN"]}, lambda row: row.kind in {"OTHER", "UNKNOWN"}),
    "no kind": ({"kind": []}, _none),
    "state": ({"state": ["DEREGISTERED"]}, lambda row: row.state == "DEREGISTERED"),
    "bureau": ({"bureau": ["CIVIL_AFFAIRS"]}, lambda row: row.bureau == "CIVIL_AFFAIRS"),
    "district": ({"division": {"under": "500111"}}, lambda row: row.division_code.startswith("500111")),
    "district by whole code": (
        {"division": {"under": "500111000000"}},
        lambda row: row.division_code.startswith("500111"),
    ),
    "township": ({"division": {"under": "500111001"}}, lambda row: row.division_code.startswith("500111001")),
    "grid": ({"division": {"under": "500111001002"}}, lambda row: row.division_code == "500111001002"),
    "municipality": ({"division": {"under": "50"}}, lambda row: row.division_code.startswith("50")),
    "unassigned": ({"division": {"unassigned": True}}, lambda row: row.division_code == "000000000000"),
    "assigned": ({"division": {"unassigned": False}}, lambda row: row.division_code != "000000000000"),
    "district and unassigned": (
        {"division": {"under": "500111", "unassigned": True}},
        lambda row: row.division_code.startswith("500111") or row.division_code == "000000000000",
    ),
    "district, not unassigned": (
        {"division": {"under": "500111", "unassigned": False}},
        lambda row: row.division_code.startswith("500111"),
    ),
    "any division": ({"division": {}}, _all),
    "codes in lower case": (
        {"usccIn": ["91500111ma00000003", "91500111MA00000239", "none"]},
        lambda row: row.uscc in {"91500111MA00000003", "91500111MA00000239"},
    ),
    "from a day": (
        {"registeredOn": {"from": "2005-05-01"}},
        lambda row: row.registered_on is not None and row.registered_on >= date(2005, 5, 1),
    ),
    "to a day": (
        {"registeredOn": {"to": "1999-04-11"}},
        lambda row: row.registered_on is not None and row.registered_on <= date(1999, 4, 11),
    ),
    "one day": (
        {"registeredOn": {"from": "1999-04-11", "to": "1999-04-11"}},
        lambda row: row.registered_on == date(1999, 4, 11),
    ),
    "any day": ({"registeredOn": {}}, _all),
    "name": ({"nameContains": "汽摩"}, lambda row: "汽摩" in row.name),
    "name, letter case": ({"nameContains": "ABC"}, lambda row: "ABC" in row.name),
    "name, percent": ({"nameContains": "%"}, lambda row: "%" in row.name),
    "name, underscore": ({"nameContains": "_"}, lambda row: "_" in row.name),
    "name, backslash": ({"nameContains": "\\"}, lambda row: "\\" in row.name),
    "name, beyond 16 bits": ({"nameContains": "𠮷"}, lambda row: "𠮷" in row.name),
    "all of them": (
        {"kind": ["OTHER"], "state": ["ACTIVE"], "nameContains": "0", "division": {"under": "50"}},
        lambda row: (
            row.kind == "OTHER" and row.state == "ACTIVE" and "0" in row.name and row.division_code.startswith("50")
        ),
    ),
    "nulls are no filter": ({"kind": None, "division": None, "nameContains": None}, _all),
}

PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String, $filter: EntityFilter, $sort: EntitySort!) {
  entities(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
    totalCount
    nodes { id }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


def _ids(page: dict[str, Any]) -> list[str]:
    ids = [node["id"] for node in page["nodes"]]
    edges = page["edges"]
    assert [edge["node"]["id"] for edge in edges] == ids
    assert page["pageInfo"]["startCursor"] == (edges[0]["cursor"] if edges else None)
    assert page["pageInfo"]["endCursor"] == (edges[-1]["cursor"] if edges else None)
    return ids


def _sorted_ids(rows: list[Any], sort: str) -> list[str]:
    key, descending = ORDERS[sort]
    return [str(row.entity_id) for row in sorted(rows, key=key, reverse=descending)]


@pytest.mark.parametrize("name", FILTERS)
async def test_a_filter_lists_and_counts_the_rows_for_which_it_holds(ask: Any, rows: list[Any], name: str) -> None:
    given, holds = FILTERS[name]
    expected = [row for row in rows if holds(row)]
    data = await ask(PAGE, first=500, filter=given, sort="NAME_ASC")
    assert _ids(data["entities"]) == _sorted_ids(expected, "NAME_ASC")
    assert data["entities"]["totalCount"] == len(expected)


def test_every_filter_but_the_empty_ones_leaves_some_rows(rows: list[Any]) -> None:
    all_or_none = {name for name, (_, holds) in FILTERS.items() if sum(map(holds, rows)) in {0, len(rows)}}
    assert all_or_none == {"no kind", "any division", "any day", "nulls are no filter"}


@pytest.mark.parametrize("recorded", [True, False])
async def test_entities_are_found_by_whether_the_ledger_has_them(
    ask: Any,
    rows: list[Any],
    ledger_rows: dict[Any, Any],
    recorded: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    expected = [row for row in rows if (row.entity_id in ledger_rows) is recorded]
    assert len(expected) == (180 if recorded else 60)
    data = await ask(PAGE, first=500, filter={"recorded": recorded}, sort="USCC_ASC")
    assert _ids(data["entities"]) == _sorted_ids(expected, "USCC_ASC")
    assert data["entities"]["totalCount"] == len(expected)


@pytest.mark.parametrize(
    ("size", "name"), [(1, "one day"), (7, "nulls are no filter"), (60, "assigned"), (239, "any day"), (240, "any day")]
)
@pytest.mark.parametrize("sort", ORDERS)
async def test_pages_forward_and_back_give_every_row_once_in_order(
    ask: Any, rows: list[Any], sort: str, size: int, name: str
) -> None:
    given, holds = FILTERS[name]
    expected = _sorted_ids([row for row in rows if holds(row)], sort)
    forward: list[str] = []
    cursor = None
    while True:
        page = (await ask(PAGE, first=size, after=cursor, filter=given, sort=sort))["entities"]
        assert page["pageInfo"]["hasPreviousPage"] is bool(forward)
        forward += _ids(page)
        assert page["pageInfo"]["hasNextPage"] is (len(forward) < len(expected))
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forward == expected
    backward: list[str] = []
    cursor = None
    while True:
        page = (await ask(PAGE, last=size, before=cursor, filter=given, sort=sort))["entities"]
        assert page["pageInfo"]["hasNextPage"] is bool(backward)
        backward = _ids(page) + backward
        cursor = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert backward == expected


async def test_between_two_cursors_stand_the_rows_between_them(ask: Any, rows: list[Any]) -> None:
    expected = _sorted_ids(rows, "NAME_DESC")
    edges = (await ask(PAGE, first=500, sort="NAME_DESC"))["entities"]["edges"]
    after, before = edges[9]["cursor"], edges[20]["cursor"]
    page = (await ask(PAGE, first=500, after=after, before=before, sort="NAME_DESC"))["entities"]
    assert _ids(page) == expected[10:20]
    assert page["pageInfo"]["hasNextPage"] is True
    assert page["pageInfo"]["hasPreviousPage"] is True
    assert page["totalCount"] == 240


async def test_an_empty_page_has_no_cursors(ask: Any) -> None:
    page = (await ask(PAGE, first=0, sort="NAME_ASC"))["entities"]
    assert page["nodes"] == []
    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


async def test_a_page_has_50_rows_newest_first_where_nothing_is_said(ask: Any, rows: list[Any]) -> None:
    data = await ask("{ entities { nodes { id } } }")
    assert [node["id"] for node in data["entities"]["nodes"]] == _sorted_ids(rows, "REGISTERED_ON_DESC")[:50]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("first: 501", "BAD_USER_INPUT", "A page has 0 to 500 rows, not 501."),
        ("first: -1", "BAD_USER_INPUT", "A page has 0 to 500 rows, not -1."),
        ("last: 501", "BAD_USER_INPUT", "A page has 0 to 500 rows, not 501."),
        ("first: 1, last: 1", "BAD_USER_INPUT", "Give first or last, not both."),
        ('after: "nonsense"', "BAD_CURSOR", "The cursor is damaged: use one as it was given, or start without it."),
        ('after: "%%%"', "BAD_CURSOR", "The cursor is damaged: use one as it was given, or start without it."),
        ('before: ""', "BAD_CURSOR", "The cursor is damaged: use one as it was given, or start without it."),
        (
            'filter: {division: {under: "50011"}}',
            "BAD_USER_INPUT",
            "'50011' is no division code: give 2, 4, 6, 9 or 12 digits.",
        ),
        (
            'filter: {nameContains: "\\u0000"}',
            "BAD_USER_INPUT",
            "A text has a character that is none: NUL, or half of a surrogate pair.",
        ),
    ],
)
async def test_an_argument_that_cannot_be_used_is_refused_with_its_reason(
    refused: Callable[..., Awaitable[dict[str, Any]]], arguments: str, code: str, message: str
) -> None:
    error = await refused(f"{{ entities({arguments}) {{ nodes {{ id }} }} }}")
    assert error["message"] == message
    assert error["extensions"]["code"] == code
    assert error["path"] == ["entities"]


async def test_a_cursor_holds_for_its_own_order_only_and_not_when_touched(
    ask: Any, refused: Callable[..., Awaitable[dict[str, Any]]]
) -> None:
    cursor = (await ask(PAGE, first=1, sort="NAME_ASC"))["entities"]["pageInfo"]["endCursor"]
    other = await refused(PAGE, first=1, after=cursor, sort="NAME_DESC")
    assert other["extensions"]["code"] == "BAD_CURSOR"
    assert other["message"].startswith("The cursor comes from a list in another order (entity.NAME_ASC)")
    for position in (0, len(cursor) // 2, len(cursor) - 2):
        touched = cursor[:position] + ("A" if cursor[position] != "A" else "B") + cursor[position + 1 :]
        error = await refused(PAGE, first=1, after=touched, sort="NAME_ASC")
        assert error["extensions"]["code"] == "BAD_CURSOR"
        assert "damaged" in error["message"]


async def test_codes_are_asked_for_500_at_most(refused: Callable[..., Awaitable[dict[str, Any]]]) -> None:
    error = await refused(PAGE, filter={"usccIn": ["x"] * 501}, sort="NAME_ASC")
    assert error["extensions"]["code"] == "QUERY_TOO_LARGE"
    assert error["message"] == "The query is too large: a list has 501 values of at most 500."
