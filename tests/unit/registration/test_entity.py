from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.registration import RegisteredEntity
from contracts.vocabulary import Bureau, EntityKind
from services.registration.domain.capital import Capital
from services.registration.domain.entity import (
    ADDRESS_LIMIT,
    LEGAL_FORM_LIMIT,
    NAME_LIMIT,
    Registration,
    shanghai_day,
)

FULL = Registration(
    uscc="91500107MA5UF4UFXT",
    name="重庆林业开发公司",
    kind=EntityKind.UNKNOWN,
    division_code="500107000000",
    bureau=Bureau.MARKET_REGULATION,
    registered_on=date(1999, 1, 1),
    legal_form="有限责任公司",
    capital=Capital(Decimal(500000), "CNY"),
    business_scope="林木销售",
    address="重庆市九龙坡区",
)
TODAY = date(2024, 2, 28)
CHANGES: list[dict[str, Any]] = [
    {"uscc": "915001012079647987"},
    {"name": "重庆林业开发公司 "},
    {"kind": EntityKind.OTHER},
    {"division_code": "500108000000"},
    {"bureau": Bureau.OTHER},
    {"registered_on": date(1999, 1, 2)},
    {"legal_form": None},
    {"capital": Capital(Decimal("500000.0001"), "CNY")},
    {"capital": Capital(Decimal(500000), "USD")},
    {"business_scope": ""},
    {"address": None},
]


def test_the_hash_of_given_facts_never_changes() -> None:
    # Stored hashes are compared with new ones: another value here needs another version in the personalisation.
    assert FULL.content_hash().hex() == "a67b2fd9406ce328c6e72911dad33a0a"
    assert (
        Registration(uscc=FULL.uscc, name="甲", kind=FULL.kind, division_code=FULL.division_code, bureau=FULL.bureau)
        .content_hash()
        .hex()
        == "a532685eab2087fc5b1ded884616be81"
    )


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_every_field_is_in_the_hash(change: dict[str, Any]) -> None:
    assert replace(FULL, **change).content_hash() != FULL.content_hash()


def test_the_changes_above_name_every_field() -> None:
    assert {next(iter(change)) for change in CHANGES} == {field.name for field in fields(Registration)}


def test_equal_amounts_have_equal_hashes() -> None:
    written_otherwise = replace(FULL, capital=Capital(Decimal("5.0E+5"), "CNY"))

    assert written_otherwise.content_hash() == FULL.content_hash()


@given(st.text("ab", max_size=3), st.text("ab", max_size=3), st.text("ab", max_size=3), st.text("ab", max_size=3))
def test_no_text_moves_from_one_field_to_the_next_unseen(first: str, second: str, third: str, fourth: str) -> None:
    one = replace(FULL, business_scope=first, address=second)
    other = replace(FULL, business_scope=third, address=fourth)

    assert (one.content_hash() == other.content_hash()) == (one == other)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"uscc": "91500107MA5UF4UFXU"}, "uscc"),
        ({"name": ""}, "name is empty"),
        ({"name": "甲" * 401}, "name has more than 400"),
        ({"name": "甲\x00乙"}, "name holds a NUL"),
        ({"division_code": "500107"}, "division_code"),
        ({"division_code": "50010700000٣"}, "division_code"),
        ({"legal_form": "甲" * 101}, "legal_form has more than 100"),
        ({"business_scope": "甲" * 20_001}, "business_scope has more than 20000"),
        ({"address": "甲" * 1001}, "address has more than 1000"),
        ({"address": "\x00"}, "address holds a NUL"),
    ],
)
def test_nothing_outside_the_limits_is_a_registration(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(FULL, **change)


def test_the_limits_are_those_of_the_event() -> None:
    at_the_limit = replace(
        FULL, name="甲" * NAME_LIMIT, legal_form="甲" * LEGAL_FORM_LIMIT, address="甲" * ADDRESS_LIMIT
    )
    event = {field.name: getattr(at_the_limit, field.name) for field in fields(Registration)} | {
        "entity_id": "0190f000-0000-7000-8000-000000000000",
        "version": 1,
        "state": "ACTIVE",
        "capital": {"amount": Decimal("9999999999999999.9999"), "currency": "CNY"},
        "effective_on": TODAY,
        "recorded_at": datetime(2024, 2, 28, tzinfo=UTC),
    }

    assert RegisteredEntity.model_validate(event).name == at_the_limit.name
    for field in ("name", "legal_form", "address"):
        with pytest.raises(ValueError, match=field):
            RegisteredEntity.model_validate(event | {field: event[field] + "甲"})


def test_a_new_entity_holds_from_its_registration_a_change_from_today() -> None:
    undated = replace(FULL, registered_on=None)

    assert FULL.effective_on(known_before=False, today=TODAY) == date(1999, 1, 1)
    assert FULL.effective_on(known_before=True, today=TODAY) == TODAY
    assert undated.effective_on(known_before=False, today=TODAY) == TODAY


def test_the_day_is_shanghais() -> None:
    assert shanghai_day(datetime(2024, 2, 27, 16, 0, tzinfo=UTC)) == TODAY
    assert shanghai_day(datetime(2024, 2, 27, 15, 59, tzinfo=UTC)) == date(2024, 2, 27)
    with pytest.raises(ValueError, match="zone"):
        shanghai_day(datetime(2024, 2, 28))  # noqa: DTZ001 - the moment without a zone is the case
