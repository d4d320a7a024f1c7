"""Sealing: bytes that must not be read in the database are encrypted with a key from the settings (AES-256-GCM)."""

import base64
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

_NONCE_BYTES: Final = 12


class SealBrokenError(Exception):
    """Sealed bytes that were changed, belong elsewhere, or were sealed with another key."""


class Sealer:
    """Seals and opens bytes, each bound to the place it belongs to."""

    def __init__(self, key: SecretStr) -> None:
        self._cipher = AESGCM(base64.b64decode(key.get_secret_value()))

    def seal(self, plain: bytes, *, place: bytes) -> bytes:
        """Return nonce and ciphertext; `place` (a row's id) must be the same when they are opened."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, *, place: bytes) -> bytes:
        """Return the plain bytes.

        Raises:
            SealBrokenError: the bytes were changed, belong to another place, or the key is another.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise SealBrokenError("these bytes were not sealed here with this key") from error
