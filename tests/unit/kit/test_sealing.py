"""Sealing: what is sealed opens to the same bytes, in its place, with its key, untouched; else it tells so."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from kit.sealing import SealBrokenError, Sealer

PLACE = b"row 1"


def _sealer(byte: int = 7) -> Sealer:
    return Sealer(SecretStr(base64.b64encode(bytes([byte]) * 32).decode()))


@given(plain=st.binary(max_size=200), place=st.binary(max_size=20))
def test_what_is_sealed_opens_to_the_same_bytes(plain: bytes, place: bytes) -> None:
    sealed = _sealer().seal(plain, place=place)
    assert _sealer().open(sealed, place=place) == plain
    assert len(plain) < 4 or plain not in sealed


def test_the_same_bytes_are_sealed_differently_each_time() -> None:
    assert _sealer().seal(b"same", place=PLACE) != _sealer().seal(b"same", place=PLACE)


@given(data=st.data())
def test_a_changed_bit_anywhere_breaks_the_seal(data: st.DataObject) -> None:
    sealed = bytearray(_sealer().seal(b"what was there", place=PLACE))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBrokenError):
        _sealer().open(bytes(sealed), place=PLACE)


@given(length=st.integers(0, 49))
def test_a_seal_that_was_cut_short_is_broken(length: int) -> None:
    sealed = _sealer().seal(b"what was there", place=PLACE)
    assert len(sealed) == 50
    with pytest.raises(SealBrokenError):
        _sealer().open(sealed[:length], place=PLACE)


def test_it_opens_neither_in_another_place_nor_with_another_key() -> None:
    sealed = _sealer().seal(b"what was there", place=PLACE)
    with pytest.raises(SealBrokenError):
        _sealer().open(sealed, place=b"row 2")
    with pytest.raises(SealBrokenError):
        _sealer(8).open(sealed, place=PLACE)
