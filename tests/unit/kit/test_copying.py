"""An event whose every field has a column becomes a copy by itself."""

from typing import ClassVar

import pytest

from contracts.events.base import Amount, EventData
from contracts.events.pairing import AllianceFormed, VisitRecorded
from kit.copying import as_told


def test_every_field_is_a_column_of_its_kind_the_key_first() -> None:
    copy = as_told("visit", VisitRecorded)
    assert (copy.table, copy.events) == ("visit", (VisitRecorded,))
    assert [(one.name, one.type) for one in copy.columns] == [
        ("visit_id", "uuid"),
        ("version", "bigint"),
        ("cadre_id", "uuid"),
        ("target", "text"),
        ("target_id", "uuid"),
        ("uscc", "text"),
        ("purpose", "text"),
        ("visited_on", "date"),
        ("state", "text"),
        ("division_code", "text"),
        ("bureau", "text"),
        ("effective_on", "date"),
        ("recorded_at", "timestamptz"),
    ]


def test_truth_and_amounts_have_columns_of_their_own() -> None:
    class Counted(EventData):
        event_type: ClassVar[str] = "t"
        name: str
        external: bool
        amount: Amount | None = None

    assert [one.type for one in as_told("counted", Counted).columns] == ["text", "bool", "numeric"]


def test_a_list_has_none() -> None:
    with pytest.raises(TypeError, match=r"^parties is tuple\[.*\], for which there is no column$"):
        as_told("alliance", AllianceFormed)
