"""Cursors that were not given by the graph."""

import base64
import hashlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.graphql.cursors import Place, place
from gateway.graphql.errors import QueryError

ROW = "b40c4a9e-d7d7-5e0a-bbe0-f0146ab96bd6"


def _forged(payload: bytes) -> str:
    """A cursor whose checksum is right."""
    raw = hashlib.sha256(payload).digest()[:6] + payload
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_a_cursor_names_a_key_and_a_row() -> None:
    found = place("entity.NAME_ASC", _forged(f"entity.NAME_ASC:{ROW}:甲:乙".encode()), str, UUID)
    assert isinstance(found, Place)
    assert (found.key, str(found.row_id)) == ("甲:乙", ROW)


@pytest.mark.parametrize(
    "payload",
    [b"", b"entity.NAME_ASC", f"entity.NAME_ASC:{ROW}".encode(), b"entity.NAME_ASC:7:x", b"entity.NAME_ASC:\xff:x"],
)
def test_a_forged_cursor_that_names_no_place_is_damaged(payload: bytes) -> None:
    with pytest.raises(QueryError, match="The cursor is damaged"):
        place("entity.NAME_ASC", _forged(payload), str, UUID)


def test_a_key_that_is_none_is_damaged() -> None:
    with pytest.raises(QueryError, match="The cursor is damaged"):
        place("x", _forged(f"x:{ROW}:seven".encode()), int, UUID)


@given(st.text(max_size=60))
def test_any_other_text_is_damaged(text: str) -> None:
    with pytest.raises(QueryError, match="The cursor is damaged"):
        place("entity.NAME_ASC", text, str, UUID)
