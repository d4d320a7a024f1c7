"""One entity, field by field: how values look to a client, whatever the settings of the database."""

from typing import Any

import pytest

pytestmark = pytest.mark.servers

QUERY = """
query ($uscc: String!) {
  entity(uscc: $uscc) {
    __typename id version uscc name kind state divisionCode assigned bureau registeredOn legalForm
    capital { amount currency } businessScope address effectiveOn recordedAt
    ledger { __typename id version registrationVersion uscc name kind state divisionCode assigned bureau registeredOn
             effectiveOn recordedAt entity { name } }
  }
}
"""


async def test_every_field_of_an_entity_with_all_there_is(ask: Any, rows: list[Any]) -> None:
    entity_id = str(rows[2].entity_id)
    ledger: dict[str, Any] = {
        "__typename": "EntityLedger",
        "id": entity_id,
        "version": 1,
        "registrationVersion": 3,
        "uscc": "91500111MA00000002",
        "name": "100%_纯\\粮店0",
        "kind": "MICRO_SMALL_ENTERPRISE",
        "state": "ACTIVE",
        "divisionCode": "500111002001",
        "assigned": True,
        "bureau": "INSTITUTIONS",
        "registeredOn": "1999-07-20",
        "effectiveOn": "2024-02-28",
        "recordedAt": "2024-02-28T01:02:05.456+00:00",
        "entity": {"name": "100%_纯\\粮店0"},
    }
    found = (await ask(QUERY, uscc="91500111MA00000002"))["entity"]
    assert found == {
        "__typename": "Entity",
        "id": entity_id,
        "version": 3,
        "uscc": "91500111MA00000002",
        "name": "100%_纯\\粮店0",
        "kind": "MICRO_SMALL_ENTERPRISE",
        "state": "ACTIVE",
        "divisionCode": "500111002001",
        "assigned": True,
        "bureau": "INSTITUTIONS",
        "registeredOn": "1999-07-20",
        "legalForm": "有限责任公司",
        "capital": {"amount": "2000.25", "currency": "CNY"},
        "businessScope": "零售\n批发\t“五金”",
        "address": "龙水镇2号",
        "effectiveOn": "2024-02-28",
        "recordedAt": "2024-02-28T01:02:05.456+00:00",
        "ledger": ledger,
    }


async def test_what_is_not_known_is_null(ask: Any) -> None:
    found = (await ask(QUERY, uscc="91500111MA00000000"))["entity"]
    unknown = ("registeredOn", "capital", "businessScope", "address", "ledger")
    assert {name: found[name] for name in unknown} == dict.fromkeys(unknown)


async def test_an_unassigned_entity_says_so(ask: Any) -> None:
    found = (await ask(QUERY, uscc="91500111MA00000006"))["entity"]
    assert (found["divisionCode"], found["assigned"]) == ("000000000000", False)
