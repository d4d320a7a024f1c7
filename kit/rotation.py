"""Sealing anew, under the current key, what former keys sealed: in batches, each whole or not at all.

Whatever is under the current key is passed over, so a run that was killed is simply begun again. A process that still
seals under a former key meanwhile is why what is left is counted at the end, from the rows and not from the run.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import asyncpg

from kit import evidence
from kit.database import Connection, Database, Failure, failure_of
from kit.health import Progress
from kit.processes import NOTE, ON_BEHALF_OF
from kit.sealing import KEY_ID_BYTES, KeyRing, SealBrokenError, Sealer
from kit.waiting import up_to

BATCH_SIZE: Final = 500
RETRY_SECONDS: Final = 1.0
_FIRST: Final = UUID(int=0)


class Kept(Protocol):
    """Something that is kept under the id of a key: sealed bytes, or digests."""

    @property
    def name(self) -> str:
        """What it is called, where it is counted."""
        ...

    async def under(self, connection: Connection) -> Mapping[bytes, int]:
        """Return how many are kept under each key, by the key's id."""
        ...

    def known(self, keys: KeyRing) -> frozenset[bytes]:
        """Return the ids of the keys that are here."""
        ...

    def current(self, keys: KeyRing) -> bytes:
        """Return the id under which it is to be kept."""
        ...

    async def renew(self, connection: Connection, keys: KeyRing, last: UUID, limit: int) -> tuple[int, UUID]:
        """Keep some of those that are under former keys under the current one.

        Args:
            connection: of the open transaction.
            keys: all that are needed.
            last: where to go on: the id that the batch before returned.
            limit: at most so many.

        Returns:
            How many, and the id of the last; 0 where none is left.
        """
        ...


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed bytes.

    Attributes:
        table: where it is.
        key: the column of UUIDs to whose bytes the seal is bound.
        column: of the sealed bytes; it may be null.
        suffix: what stands behind the key's bytes in the place that the seal is bound to.
        at_once: how many are read at once, at the most.
    """

    table: str
    key: str
    column: str
    suffix: bytes = b""
    at_once: int = BATCH_SIZE

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.table}.{self.column}"

    @property
    def _id(self) -> str:
        return f"substring({self.column} from 1 for {KEY_ID_BYTES})"

    async def under(self, connection: Connection) -> Mapping[bytes, int]:
        """Return how many rows were sealed by each key, by the key's id; none where there is no such table."""
        if not await self._is_there(connection):
            return {}
        rows = await connection.fetch(
            f"SELECT {self._id} AS key_id, count(*) AS rows FROM {self.table} "  # noqa: S608 - declared
            f"WHERE {self.column} IS NOT NULL GROUP BY 1"
        )
        return {row["key_id"]: row["rows"] for row in rows}

    def known(self, keys: KeyRing) -> frozenset[bytes]:
        """Return the ids of the keys that are here."""
        sealer = Sealer(keys)
        return frozenset({sealer.current_id, *sealer.former_ids})

    def current(self, keys: KeyRing) -> bytes:
        """Return the id of the key that seals."""
        return Sealer(keys).current_id

    async def renew(self, connection: Connection, keys: KeyRing, last: UUID, limit: int) -> tuple[int, UUID]:
        """Seal some rows anew.

        Raises:
            SealBrokenError: one was changed; the text names the row.
        """
        if not await self._is_there(connection):
            return 0, last
        sealer = Sealer(keys)
        # From `last` on and not behind it: the steps of one process share its id, and may be in two batches.
        rows = await connection.fetch(
            f"SELECT {self.key} AS id, {self.column} AS sealed FROM {self.table} "  # noqa: S608 - declared
            f"WHERE {self.key} >= $1 AND {self._id} = ANY($2::bytea[]) ORDER BY {self.key} LIMIT $3 FOR UPDATE",
            last,
            sealer.former_ids,
            min(limit, self.at_once),
        )
        anew = [self._anew(sealer, row["id"], row["sealed"]) for row in rows]
        await connection.execute(
            f"UPDATE {self.table} SET {self.column} = anew.sealed "  # noqa: S608 - declared
            "FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS anew (id, before, sealed) "
            f"WHERE {self.table}.{self.key} = anew.id AND {self.table}.{self.column} = anew.before",
            [row["id"] for row in rows],
            [row["sealed"] for row in rows],
            anew,
        )
        return len(rows), rows[-1]["id"] if rows else last

    async def _is_there(self, connection: Connection) -> bool:
        return await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", self.table) is True

    def _anew(self, sealer: Sealer, id_: UUID, sealed: bytes) -> bytes:
        place = id_.bytes + self.suffix
        try:
            return sealer.seal(sealer.open(sealed, place=place), place=place)
        except SealBrokenError as error:
            raise SealBrokenError(f"{self.name} of {id_}: {error}") from error


PROCESS_NOTES: Final = (
    SealedColumn("process_step", "process_id", "sealed_note", NOTE),
    SealedColumn("process_step", "process_id", "sealed_on_behalf_of", ON_BEHALF_OF),
)
"""What every service that has processes seals (`kit.processes`)."""
EVIDENCE: Final = (
    SealedColumn("evidence", "evidence_id", "sealed_name", evidence.NAME),
    SealedColumn("evidence", "evidence_id", "sealed", evidence.CONTENT, at_once=4),
)
"""What every service that keeps files seals (`kit.evidence`); a file may be large, so few are in memory at once."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did.

    Attributes:
        renewed: how many were kept anew.
        left: how many are under former keys still, by what they are; a process sealed them meanwhile.
        lost: how many are under keys that are not here, by what they are.
    """

    renewed: int
    left: Mapping[str, int]
    lost: Mapping[str, int]


async def rotate(
    database: Database, keys: KeyRing, everything: Sequence[Kept], moved: Callable[[str, int, int], None]
) -> Rotated:
    """Keep all that is under former keys under the current one.

    Args:
        database: of a service.
        keys: the current key, and those that may open what it is to replace.
        everything: what the service keeps under keys.
        moved: hears what is being renewed, how many were, and how many are left of it.

    Raises:
        SealBrokenError: a row was changed. What came before it is renewed.
    """
    renewed = 0
    for one in everything:
        async with database.transaction() as transaction:
            left, _ = _sorted_out(one, keys, await one.under(transaction.connection))
        done, last = 0, _FIRST
        while True:
            try:
                async with database.transaction() as transaction:
                    count, last = await one.renew(transaction.connection, keys, last, BATCH_SIZE)
            except asyncpg.DeadlockDetectedError:
                # A command came to the same rows in another order, and goes on now.
                continue
            if not count:
                break
            done += count
            moved(one.name, done, max(left - done, 0))
        renewed += done
    still, lost = {}, {}
    async with database.transaction() as transaction:
        for one in everything:
            still[one.name], lost[one.name] = _sorted_out(one, keys, await one.under(transaction.connection))
    return Rotated(renewed, {k: v for k, v in still.items() if v}, {k: v for k, v in lost.items() if v})


def _sorted_out(one: Kept, keys: KeyRing, under: Mapping[bytes, int]) -> tuple[int, int]:
    """Return how many are under former keys, and how many under keys that are not here."""
    known, current = one.known(keys), one.current(keys)
    former = sum(count for key, count in under.items() if key in known and key != current)
    return former, sum(count for key, count in under.items() if key not in known)


class KeyNotHereError(Exception):
    """Something is kept under a key that the settings don't have."""


async def refuse_lost(connection: Connection, keys: KeyRing, everything: Sequence[Kept]) -> None:
    """Refuse to go on where something is kept under a key that isn't here.

    Raises:
        KeyNotHereError: with what and how much, and the way out.
    """
    lost = []
    for one in everything:
        under, known = await one.under(connection), one.known(keys)
        lost += [f"{one.name}: {count} (key 密钥 {key.hex()})" for key, count in under.items() if key not in known]
    if lost:
        raise KeyNotHereError(
            "sealed by a key that is not here: " + "; ".join(lost) + ". Add that key to PERSONAL_DATA_KEYS_FORMER, "
            "and take it out when `lianhe rotate-keys` has nothing left to do. "
            "存在由未配置的密钥加密的数据：请将该密钥加入 PERSONAL_DATA_KEYS_FORMER，"
            "待 `lianhe rotate-keys` 轮换完成后再移除。"
        )


class KeyCheck:
    """Ends a process at its start where something is kept under a key that it doesn't have.

    Args:
        database: of the service.
        keys: those of the settings.
        everything: what the service keeps under keys.
        progress: what health sees.
    """

    def __init__(self, database: Database, keys: KeyRing, everything: Sequence[Kept], progress: Progress) -> None:
        self._database = database
        self._keys = keys
        self._everything = everything
        self._progress = progress

    async def run(self, stop: asyncio.Event) -> None:
        """Look once, as soon as the database answers; then wait for `stop`.

        Raises:
            KeyNotHereError: as `refuse_lost`.
        """
        while not stop.is_set():
            try:
                async with self._database.transaction() as transaction:
                    await refuse_lost(transaction.connection, self._keys, self._everything)
                break
            except Exception as error:
                if failure_of(error) is not Failure.RETRY:
                    raise
                self._progress.waits(f"database 数据库: {type(error).__name__}")
            await up_to(RETRY_SECONDS, stop)
        self._progress.is_ready()
        await stop.wait()
