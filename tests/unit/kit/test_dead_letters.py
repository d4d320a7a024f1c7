"""A record is packed for the dead letters whole, whatever is in it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.dead_letters import Kept, Place, pack, unpack
from tests.unit.kit.records import FakeRecord, record


@given(
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=60),
    headers=st.lists(st.tuples(st.text(max_size=8), st.none() | st.binary(max_size=20)), max_size=6),
    timestamp=st.integers(-1, 2**53),
)
def test_everything_of_a_record_can_be_read_back(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]], timestamp: int
) -> None:
    packed = json.loads(pack(FakeRecord(value, tuple(headers), key=key, timestamp=timestamp)))
    assert packed["timestamp"] == timestamp
    assert _bytes(packed["key"]) == key
    assert _bytes(packed["value"]) == value
    assert [(name, _bytes(one)) for name, one in packed["headers"]] == headers


@given(
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=60),
    headers=st.lists(st.tuples(st.text(max_size=8), st.none() | st.binary(max_size=20)), max_size=6),
    timestamp=st.integers(-1, 2**53),
)
def test_what_was_packed_is_unpacked_as_it_was(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]], timestamp: int
) -> None:
    there = FakeRecord(value, tuple(headers), key=key, timestamp=timestamp)
    unpacked = unpack(pack(there), Place("tally-amount", 0, 41))
    assert unpacked == Kept("tally-amount", 0, 41, key, value, tuple(headers), timestamp)


@pytest.mark.parametrize("value", [None, b"", b"\xff\x00"])
def test_a_header_without_a_value_is_kept_apart_from_an_empty_one(value: bytes | None) -> None:
    packed = json.loads(pack(replace(record(), headers=(("ce_id", value), ("ce_id", value)))))
    assert [_bytes(one) for _, one in packed["headers"]] == [value, value]


def _bytes(packed: str | None) -> bytes | None:
    return None if packed is None else bytes.fromhex(packed)
