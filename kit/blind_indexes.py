"""Blind indexes: what is sealed is found by an exact value, by a keyed digest of it (HMAC-SHA-256).

Without the key a digest can't be guessed from the few ID numbers that there are. The key is derived from the key that
seals (HKDF, RFC 5869), so there is one key to keep; each digest begins with the derived key's id, as sealed bytes do.
"""

import hmac
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kit.sealing import KeyRing, key_id

_INFO: Final = b"lianhe blind index"
_BYTES: Final = 32


class BlindIndexes:
    """Makes digests.

    Args:
        keys: those that seal what is to be found.
    """

    def __init__(self, keys: KeyRing) -> None:
        derived = [HKDF(SHA256(), _BYTES, None, _INFO).derive(key) for key in keys.raw()]
        self._keys: Final = {key_id(key): key for key in derived}
        self.current_id: Final = key_id(derived[0])

    @property
    def former_ids(self) -> list[bytes]:
        """The ids of the keys under which nothing new is indexed."""
        return [one for one in self._keys if one != self.current_id]

    def of(self, kind: str, value: bytes) -> bytes:
        """Return the digest to keep of a value; the same value of another kind has another."""
        return self.any_of(kind, value)[0]

    def any_of(self, kind: str, value: bytes) -> list[bytes]:
        """Return the digests under which a value may be kept, that of the current key first."""
        message = kind.encode() + b"\x00" + value
        return [one + hmac.digest(key, message, sha256) for one, key in self._keys.items()]

    def of_command(self, payload: bytes) -> list[bytes]:
        """Return the digests by which a command is known again; a plain hash of one could be guessed."""
        return self.any_of("command", payload)
