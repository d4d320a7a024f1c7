"""Sealing: bytes that must not be read in the database are encrypted with a key from the settings (AES-256-GCM).

Sealed bytes begin with the id of the key that sealed them, so that a key can be replaced while they are read:
`kit.rotation` seals them anew, and the former key is taken out of the settings after that.
"""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

KEY_ID_BYTES: Final = 8
_NONCE_BYTES: Final = 12
_ID_OF: Final = b"lianhe key id\x00"


class SealBrokenError(Exception):
    """Sealed bytes that were changed, belong elsewhere, or were sealed with another key."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of one purpose.

    Attributes:
        current: base64 of 32 bytes; what is sealed from now on is sealed with it.
        former: others that open what they sealed. A key that is to come stands here too, until every replica has it.
    """

    current: SecretStr
    former: Sequence[SecretStr] = ()

    def raw(self) -> list[bytes]:
        """Return the bytes of every key, the current one first."""
        return [base64.b64decode(key.get_secret_value()) for key in (self.current, *self.former)]


class Sealer:
    """Seals and opens bytes, each bound to the place it belongs to.

    Args:
        keys: one key (base64 of 32 bytes), or a ring of them.
    """

    def __init__(self, keys: SecretStr | KeyRing) -> None:
        raw = (keys if isinstance(keys, KeyRing) else KeyRing(keys)).raw()
        self.current_id: Final = key_id(raw[0])
        self._ciphers: Final = {key_id(key): AESGCM(key) for key in raw}

    @property
    def former_ids(self) -> list[bytes]:
        """The ids of the keys that only open."""
        return [one for one in self._ciphers if one != self.current_id]

    def seal(self, plain: bytes, *, place: bytes) -> bytes:
        """Return key id, nonce and ciphertext; `place` (a row's id) must be the same when they are opened."""
        nonce = os.urandom(_NONCE_BYTES)
        return self.current_id + nonce + self._ciphers[self.current_id].encrypt(nonce, plain, place)

    def open(self, sealed: bytes, *, place: bytes) -> bytes:
        """Return the plain bytes.

        Raises:
            SealBrokenError: the bytes were changed, belong to another place, or their key isn't here.
        """
        cipher = self._ciphers.get(sealed[:KEY_ID_BYTES])
        if cipher is None:
            raise SealBrokenError("these bytes were not sealed with a key that is here")
        nonce, encrypted = sealed[KEY_ID_BYTES:][:_NONCE_BYTES], sealed[KEY_ID_BYTES + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, encrypted, place)
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise SealBrokenError("these bytes were not sealed here with this key") from error


def key_id(key: bytes) -> bytes:
    """Return what names a key without telling it."""
    return sha256(_ID_OF + key).digest()[:KEY_ID_BYTES]
