"""A ring of keys: what any of them sealed opens, only the current one seals; digests go by key and kind."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from kit.blind_indexes import BlindIndexes
from kit.sealing import KEY_ID_BYTES, KeyRing, SealBrokenError, Sealer
from kit.settings import KeySettings, SettingsError, load

PLACE = b"row 1"


def key(byte: int) -> SecretStr:
    return SecretStr(base64.b64encode(bytes([byte]) * 32).decode())


@given(plain=st.binary(max_size=50))
def test_what_a_former_key_sealed_opens_and_is_known_by_its_id(plain: bytes) -> None:
    before, ring, after = Sealer(key(1)), Sealer(KeyRing(key(2), (key(1),))), Sealer(key(2))
    sealed = before.seal(plain, place=PLACE)
    assert ring.open(sealed, place=PLACE) == plain
    assert [sealed[:KEY_ID_BYTES]] == ring.former_ids
    anew = ring.seal(plain, place=PLACE)
    assert anew[:KEY_ID_BYTES] == ring.current_id == after.current_id
    assert after.open(anew, place=PLACE) == plain
    with pytest.raises(SealBrokenError):
        after.open(sealed, place=PLACE)


def test_a_key_given_twice_is_one() -> None:
    assert Sealer(KeyRing(key(1), (key(1),))).former_ids == []


def test_digests_go_by_key_and_kind() -> None:
    ring = BlindIndexes(KeyRing(key(2), (key(1),)))
    current, former = ring.any_of("NAME", b"x")
    assert BlindIndexes(KeyRing(key(2))).of("NAME", b"x") == current == ring.of("NAME", b"x")
    assert BlindIndexes(KeyRing(key(1))).of("NAME", b"x") == former
    assert ring.of("TELEPHONE", b"x") != current
    assert {current[:KEY_ID_BYTES], former[:KEY_ID_BYTES]} == {ring.current_id, *ring.former_ids}
    assert ring.current_id != Sealer(key(2)).current_id, "a key of its own"


def test_keys_are_read_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    class Keys(KeySettings):
        service = "test"

    monkeypatch.setenv("PERSONAL_DATA_KEY", key(3).get_secret_value())
    assert load(Keys).master_key() == KeyRing(key(3))
    former = ", ".join(key(one).get_secret_value() for one in (1, 2))
    monkeypatch.setenv("PERSONAL_DATA_KEYS_FORMER", former)
    assert load(Keys).master_key() == KeyRing(key(3), (key(1), key(2)))
    monkeypatch.setenv("PERSONAL_DATA_KEYS_FORMER", "short")
    with pytest.raises(SettingsError, match="PERSONAL_DATA_KEYS_FORMER"):
        load(Keys)
