"""What names a person, encrypted by a key of their own; that key is wrapped by the master key from the settings.

Erasing a person deletes their key and what it opened: copies of the database that were made before hold the sealed
bytes still, and are of no use once they are kept no longer than their term.
"""

import base64
import os
from typing import Final
from uuid import UUID

from pydantic import SecretStr

from kit.database import Connection
from kit.sealing import Sealer
from kit.settings import KEY_BYTES

_KEEP: Final = """
    INSERT INTO person (person_id, wrapped_key, sealed_name) VALUES ($1, $2, $3)
    ON CONFLICT (person_id) DO UPDATE SET wrapped_key = excluded.wrapped_key, sealed_name = excluded.sealed_name
"""


class Persons:
    """Keeps the names of persons.

    Args:
        master_key: base64 of 32 bytes.
    """

    def __init__(self, master_key: SecretStr) -> None:
        self._master = Sealer(master_key)

    async def keep(self, connection: Connection, person_id: UUID, name: str) -> None:
        """Keep the name of a person, under a new key."""
        key = os.urandom(KEY_BYTES)
        sealed = _sealer(key).seal(name.encode(), place=person_id.bytes)
        await connection.execute(_KEEP, person_id, self._master.seal(key, place=person_id.bytes), sealed)

    async def name(self, connection: Connection, person_id: UUID) -> str | None:
        """Return the name of a person, or None where none is kept.

        Raises:
            SealBrokenError: it was sealed under another master key, or changed.
        """
        row = await connection.fetchrow("SELECT wrapped_key, sealed_name FROM person WHERE person_id = $1", person_id)
        if row is None:
            return None
        key = self._master.open(row["wrapped_key"], place=person_id.bytes)
        return _sealer(key).open(row["sealed_name"], place=person_id.bytes).decode()

    @staticmethod
    async def forget(connection: Connection, person_id: UUID) -> None:
        """Delete the key and the name of a person."""
        await connection.execute("DELETE FROM person WHERE person_id = $1", person_id)


def _sealer(key: bytes) -> Sealer:
    return Sealer(SecretStr(base64.b64encode(key).decode()))
