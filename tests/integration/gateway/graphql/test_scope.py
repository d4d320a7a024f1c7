"""A narrowed scope cuts every relation, wherever it stands in a query."""

from typing import Any

import pytest

from contracts.vocabulary import Bureau
from gateway.graphql.divisions import UNASSIGNED, DivisionRange
from gateway.graphql.scope import Scope

pytestmark = pytest.mark.servers

TOWNSHIP = Scope(divisions=(DivisionRange.under("500111001"),))
TWO_AND_UNASSIGNED = Scope(divisions=(DivisionRange.under("500111002"), DivisionRange.under("510104"), UNASSIGNED))
CIVIL = Scope(bureaus=frozenset({Bureau.CIVIL_AFFAIRS, Bureau.INSTITUTIONS}))
BOTH = Scope(divisions=(DivisionRange.under("500111"),), bureaus=frozenset({Bureau.CIVIL_AFFAIRS}))
NOTHING = (Scope(divisions=()), Scope(bureaus=frozenset()))


def _sees(scope: Scope, row: Any) -> bool:
    inside = scope.divisions is None or any(one.first <= row.division_code <= one.last for one in scope.divisions)
    return inside and (scope.bureaus is None or row.bureau in scope.bureaus)


@pytest.mark.parametrize("scope", [TOWNSHIP, TWO_AND_UNASSIGNED, CIVIL, BOTH, *NOTHING])
async def test_lists_counts_and_relations_show_what_the_scope_holds(
    ask: Any, rows: list[Any], ledger_rows: dict[Any, Any], scope: Scope
) -> None:
    data = await ask(
        """{
          entities(first: 500, sort: USCC_ASC) {
            totalCount
            nodes { id ledger { divisionCode entity { id } } }
            edges { node { ledger { id } } }
          }
          entityCounts(by: []) { count }
        }""",
        scope=scope,
    )
    seen = [row for row in rows if _sees(scope, row)]
    ledgers = [ledger_rows.get(row.entity_id) for row in seen]
    visible = [ledger if ledger is not None and _sees(scope, ledger) else None for ledger in ledgers]
    assert data["entities"]["totalCount"] == len(seen)
    assert data["entityCounts"] == [{"count": len(seen)}]
    assert data["entities"]["nodes"] == [
        {
            "id": str(row.entity_id),
            "ledger": ledger and {"divisionCode": ledger.division_code, "entity": {"id": str(row.entity_id)}},
        }
        for row, ledger in zip(seen, visible, strict=True)
    ]
    assert [edge["node"]["ledger"] for edge in data["entities"]["edges"]] == [
        ledger and {"id": str(ledger.entity_id)} for ledger in visible
    ]


async def test_a_ledger_in_another_division_is_hidden_with_its_division(
    ask: Any, rows: list[Any], ledger_rows: dict[Any, Any]
) -> None:
    moved = next(
        row
        for row in rows
        if row.division_code.startswith("500111001")
        and row.entity_id in ledger_rows
        and ledger_rows[row.entity_id].division_code == "510104001001"
    )
    query = "query ($id: ID!) { entity(id: $id) { name ledger { id } } }"
    assert (await ask(query, id=str(moved.entity_id)))["entity"]["ledger"] == {"id": str(moved.entity_id)}
    assert (await ask(query, id=str(moved.entity_id), scope=TOWNSHIP))["entity"] == {"name": moved.name, "ledger": None}


@pytest.mark.parametrize("scope", [TOWNSHIP, TWO_AND_UNASSIGNED, CIVIL, BOTH])
async def test_a_ledger_outside_the_scope_is_none_for_a_filter_too(
    ask: Any, rows: list[Any], ledger_rows: dict[Any, Any], scope: Scope
) -> None:
    query = "query ($r: Boolean!) { entityCounts(by: [], filter: {recorded: $r}) { count } }"
    seen = [row for row in rows if _sees(scope, row)]
    ledgers = [ledger_rows.get(row.entity_id) for row in seen]
    recorded = sum(1 for ledger in ledgers if ledger is not None and _sees(scope, ledger))
    assert await ask(query, r=True, scope=scope) == {"entityCounts": [{"count": recorded}]}
    assert await ask(query, r=False, scope=scope) == {"entityCounts": [{"count": len(seen) - recorded}]}


async def test_one_entity_outside_the_scope_is_not_there(ask: Any, rows: list[Any]) -> None:
    outside = next(row for row in rows if not _sees(TOWNSHIP, row))
    query = "query ($id: ID, $uscc: String) { entity(id: $id, uscc: $uscc) { id } }"
    assert (await ask(query, id=str(outside.entity_id), scope=TOWNSHIP)) == {"entity": None}
    assert (await ask(query, uscc=outside.uscc, scope=TOWNSHIP)) == {"entity": None}
    assert (await ask(query, uscc=outside.uscc)) == {"entity": {"id": str(outside.entity_id)}}


async def test_whether_there_is_more_is_told_of_the_scope_alone(ask: Any, rows: list[Any]) -> None:
    page = "{ pageInfo { hasNextPage hasPreviousPage endCursor } nodes { id } }"
    query = f"query ($n: Int!, $c: String) {{ entities(first: $n, after: $c, sort: USCC_ASC) {page} }}"
    seen = [row for row in rows if _sees(TOWNSHIP, row)]
    everything = (await ask(query, n=seen and rows.index(seen[0]) + 1))["entities"]
    before_all = (await ask(query, n=500, c=None, scope=TOWNSHIP))["entities"]
    assert before_all["pageInfo"]["hasNextPage"] is False
    last = (await ask(query, n=1, c=before_all["pageInfo"]["endCursor"], scope=TOWNSHIP))["entities"]
    assert last == {"nodes": [], "pageInfo": {"hasNextPage": False, "hasPreviousPage": True, "endCursor": None}}
    nothing = (await ask(query, n=1, c=everything["pageInfo"]["endCursor"], scope=NOTHING[0]))["entities"]
    assert nothing["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": False, "endCursor": None}


async def test_a_statement_made_for_one_scope_serves_another_of_its_shape(ask: Any, rows: list[Any]) -> None:
    query = "{ entities { totalCount } }"
    for code in ("500111001", "500112001", "510104001"):
        scope = Scope(divisions=(DivisionRange.under(code),))
        expected = sum(1 for row in rows if row.division_code.startswith(code))
        assert (await ask(query, scope=scope)) == {"entities": {"totalCount": expected}}
    assert (await ask(query)) == {"entities": {"totalCount": 240}}
