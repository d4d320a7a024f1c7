"""Evidence files 佐证材料: what was uploaded, sealed in the service's database, and which records carry it.

Uploading and attaching are two transactions. Whoever dies between the two uploads the same bytes again, and is given
the same id; what nobody attached is deleted after a while. A row is locked before it is attached, and before it is
deleted: of the two at once, one finds what the other did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from contracts.events.processes import MOST_EVIDENCE
from kit.clock import SHANGHAI
from kit.database import Connection
from kit.evidence_types import EvidenceType
from kit.ids import new_id
from kit.problems import INVALID, Problem
from kit.sealing import Sealer

NAME: Final = b"name"
CONTENT: Final = b"content"
"""What stands behind a file's id in the place that the seal of its name, and of its content, is bound to."""

_ADD: Final = """
    INSERT INTO evidence (evidence_id, uploaded_by, sha256, media_type, size, sealed_name, sealed, uploaded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (uploaded_by, sha256) DO UPDATE SET uploaded_at = greatest(evidence.uploaded_at, excluded.uploaded_at)
    RETURNING evidence_id, media_type, size, uploaded_at
"""
_HOLD: Final = """
    SELECT evidence_id, uploaded_by FROM evidence WHERE evidence_id = ANY($1::uuid[]) ORDER BY evidence_id FOR SHARE
"""
_CARRIED: Final = """
    SELECT evidence_id FROM evidence_use WHERE aggregate = $1 AND aggregate_id = $2 ORDER BY evidence_id
"""
_ATTACH: Final = """
    INSERT INTO evidence_use (evidence_id, aggregate, aggregate_id, attached_by, attached_at)
    SELECT unnest($1::uuid[]), $2, $3, $4, $5 ON CONFLICT DO NOTHING
"""
_FIND: Final = """
    SELECT evidence_id, uploaded_by, sha256, media_type, size, uploaded_at FROM evidence WHERE evidence_id = $1
"""
_USES: Final = "SELECT aggregate, aggregate_id FROM evidence_use WHERE evidence_id = $1 ORDER BY 1, 2"
_SEALED: Final = "SELECT sealed_name, sealed FROM evidence WHERE evidence_id = $1"
_LOOKED: Final = """
    INSERT INTO evidence_look (evidence_id, aggregate, aggregate_id, looked_by, looked_as, looked_at)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
_STALE: Final = """
    SELECT evidence_id FROM evidence
    WHERE uploaded_at < $1
        AND NOT EXISTS (SELECT FROM evidence_use WHERE evidence_use.evidence_id = evidence.evidence_id)
    FOR UPDATE SKIP LOCKED
"""
_PRUNE: Final = """
    DELETE FROM evidence
    WHERE evidence_id = ANY($1::uuid[])
        AND NOT EXISTS (SELECT FROM evidence_use WHERE evidence_use.evidence_id = evidence.evidence_id)
"""


@dataclass(frozen=True, slots=True)
class KeptFor:
    """For how long a file is kept that no record carries, as a rule that is dated."""

    days: int
    source: str
    valid_from: date = date.min


UNATTACHED: Final = (
    KeptFor(30, "个人信息保护法 art. 19: no longer than the purpose needs; a month to finish a form is our reading"),
)
"""The rules on files that nobody attached, by their first day."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as it is sent."""

    name: str
    type: EvidenceType
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """A file as it is kept, without name and content."""

    evidence_id: UUID
    uploaded_by: str
    sha256: bytes
    media_type: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that was sealed, ready to be stored: no work is left that would hold up other requests."""

    evidence_id: UUID
    digest: bytes
    media_type: str
    size: int
    name: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Use:
    """A record that carries a file: the topic that tells it, and its id."""

    aggregate: str
    aggregate_id: str


def seal(sealer: Sealer, uploaded: Uploaded) -> Sealed:
    """Seal name and content of a file under a new id."""
    evidence_id = new_id()
    place = evidence_id.bytes
    return Sealed(
        evidence_id,
        sha256(uploaded.content).digest(),
        uploaded.type.media_type,
        len(uploaded.content),
        sealer.seal(uploaded.name.encode(), place=place + NAME),
        sealer.seal(uploaded.content, place=place + CONTENT),
    )


async def keep(connection: Connection, uploaded_by: str, sealed: Sealed, now: datetime) -> tuple[UUID, bool]:
    """Keep a file, once a caller and content; return its id, and whether it is new."""
    row = await connection.fetchrow(
        _ADD,
        sealed.evidence_id,
        uploaded_by,
        sealed.digest,
        sealed.media_type,
        sealed.size,
        sealed.name,
        sealed.content,
        now,
    )
    if row is None:
        raise LookupError(sealed.evidence_id)
    return row["evidence_id"], row["evidence_id"] == sealed.evidence_id


async def attach(
    connection: Connection, caller: str, evidence: Sequence[UUID], use: Use, now: datetime
) -> tuple[UUID, ...]:
    """Let a record carry files, in the transaction that says so; return all that it carries.

    Args:
        connection: of the open transaction.
        caller: the subject who says so.
        evidence: the files; each is the caller's, or the record's already.
        use: the record.
        now: the moment.

    Raises:
        Problem: `invalid`, where a file isn't there or is somebody else's, or the record would carry too many.
    """
    if not evidence:
        return ()
    carried = {row["evidence_id"] for row in await connection.fetch(_CARRIED, use.aggregate, use.aggregate_id)}
    there = {row["evidence_id"]: row["uploaded_by"] for row in await connection.fetch(_HOLD, sorted(set(evidence)))}
    _refuse(
        [
            (
                place,
                "no file that you uploaded; upload it, then send this again",
                "没有您上传的该文件，请上传后重新提交",
            )
            for place, one in enumerate(evidence)
            if one not in carried and there.get(one) != caller
        ]
    )
    new = [one for one in dict.fromkeys(evidence) if one not in carried]
    if len(carried) + len(new) > MOST_EVIDENCE:
        reason = f"more than {MOST_EVIDENCE} files on one record; leave some out"
        _refuse([(len(evidence) - 1, reason, f"单条记录的材料超过{MOST_EVIDENCE}份，请减少")])
    await connection.execute(_ATTACH, new, use.aggregate, use.aggregate_id, caller, now)
    return (*sorted(carried), *new)


async def find(connection: Connection, evidence_id: UUID) -> StoredEvidence | None:
    """Return a file without name and content, or None where it isn't there."""
    row = await connection.fetchrow(_FIND, evidence_id)
    return None if row is None else StoredEvidence(**dict(row))


async def uses(connection: Connection, evidence_id: UUID) -> list[Use]:
    """Return the records that carry a file."""
    return [Use(row["aggregate"], row["aggregate_id"]) for row in await connection.fetch(_USES, evidence_id)]


async def looked(connection: Connection, evidence_id: UUID, by: str, role: str, use: Use | None, now: datetime) -> None:
    """Note that somebody is given a file, and as what it was shown. The note outlives the file."""
    aggregate, aggregate_id = (None, None) if use is None else (use.aggregate, use.aggregate_id)
    await connection.execute(_LOOKED, evidence_id, aggregate, aggregate_id, by, role, now)


async def opened(connection: Connection, sealer: Sealer, evidence_id: UUID) -> tuple[str, bytes] | None:
    """Return name and content of a file, or None where it isn't there.

    Raises:
        SealBrokenError: it was sealed under another key, or changed.
    """
    row = await connection.fetchrow(_SEALED, evidence_id)
    if row is None:
        return None
    place = evidence_id.bytes
    name = sealer.open(row["sealed_name"], place=place + NAME).decode()
    return name, sealer.open(row["sealed"], place=place + CONTENT)


async def prune_evidence(connection: Connection, now: datetime) -> int:
    """Delete files that no record carries, once they are older than the rule of that moment; return how many."""
    day = now.astimezone(SHANGHAI).date()
    rule = next(one for one in reversed(UNATTACHED) if one.valid_from <= day)
    stale = [row["evidence_id"] for row in await connection.fetch(_STALE, now - timedelta(days=rule.days))]
    # a statement of its own sees what was attached before the rows were locked
    tag = await connection.execute(_PRUNE, stale)
    return int(tag.rsplit(" ", 1)[1])


def _refuse(found: Sequence[tuple[int, str, str]]) -> None:
    if not found:
        return
    raise Problem(
        INVALID,
        "; ".join(f"/evidenceIds/{place}: {reason}" for place, reason, _ in found) + ".",
        "；".join(f"/evidenceIds/{place}：{reason_zh}" for place, _, reason_zh in found) + "。",
        {
            "errors": [
                {"pointer": f"/evidenceIds/{place}", "reason": reason, "reasonZh": reason_zh}
                for place, reason, reason_zh in found
            ]
        },
    )
