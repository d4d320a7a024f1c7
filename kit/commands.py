"""Commands over HTTP: one effect for one idempotency key, and refusals for what was decided on an old version.

The row of a command is written first in its transaction. Of two with one key at the same moment the second waits for
the first, and then answers as it did. A command that is refused leaves no row: asked again, it is decided again.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from kit.callers import Caller
from kit.database import Connection
from kit.problems import FORBIDDEN, INVALID, KEY_REUSED, NOT_FOUND, VERSION_CONFLICT, Problem

LONGEST_KEY: Final = 200

_BEGIN: Final = "INSERT INTO command (caller, key, payload_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1"
_KNOWN: Final = "SELECT payload_hash, status, answer FROM command WHERE caller = $1 AND key = $2"
_END: Final = "UPDATE command SET status = $3, answer = $4 WHERE caller = $1 AND key = $2"


class Body(BaseModel):
    """Base of what goes over HTTP: camelCase there, names of ours here; an unknown field is an error."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


STATE: Final = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)
"""Configuration of a model that gives over HTTP what an event tells: the same facts, camelCase."""


class Changed(Body):
    """An aggregate that a command changed. A reader can wait until it sees this version."""

    aggregate: Annotated[str, Field(description="Topic that tells it.")]
    id: Annotated[str, Field(description="Its key there: a UUID, or a division's code.")]
    version: int


class Answer(Body):
    """What a command did."""

    aggregates: Annotated[Sequence[Changed], Field(description="Empty where everything was so already.")]
    correlation_id: Annotated[UUID, Field(description="The same along everything that follows from it.")]


class Versioned(Protocol):
    """A stored aggregate."""

    @property
    def version(self) -> int:
        """Its version now."""
        ...


def plain_hash(payload: bytes) -> Sequence[bytes]:
    """Return the hash by which a command is known again that names nobody."""
    return [sha256(payload).digest()]


async def once(
    connection: Connection,
    *,
    caller: Caller,
    key: str | None,
    payload: bytes,
    decide: Callable[[], Awaitable[tuple[int, bytes]]],
    hashed: Callable[[bytes], Sequence[bytes]] = plain_hash,
) -> tuple[int, bytes]:
    """Carry a command out, or answer as its first time did.

    Args:
        connection: of the open transaction, which the caller commits.
        caller: whose key it is.
        key: the header `Idempotency-Key`.
        payload: method, path and body: what must be the same under the same key.
        decide: does it; returns status and body of the answer.
        hashed: makes the hash to keep of the payload, and after it those that were made by former keys.

    Raises:
        Problem: `invalid` without a key, `idempotency-key-reused`, or what `decide` raises.
    """
    if not key or len(key) > LONGEST_KEY:
        raise Problem(
            INVALID,
            f"The header Idempotency-Key is needed, of up to {LONGEST_KEY} characters: a new UUID a command.",
            f"缺少请求头 Idempotency-Key（不超过{LONGEST_KEY}个字符）：每个命令请使用新的UUID。",
        )
    hashes = hashed(payload)
    if await connection.fetchval(_BEGIN, caller.subject, key, hashes[0]) is None:
        known = await connection.fetchrow(_KNOWN, caller.subject, key)
        if known is None or known["payload_hash"] not in hashes:
            raise Problem(
                KEY_REUSED,
                "This Idempotency-Key belongs to another command of yours. Use a new one for a new command.",
                "该幂等键已用于您的另一个命令，新命令请使用新的幂等键。",
            )
        return known["status"], known["answer"]
    status, answer = await decide()
    await connection.execute(_END, caller.subject, key, status, answer)
    return status, answer


async def forget(connection: Connection, before: datetime) -> int:
    """Delete commands received before a moment; return how many. Their keys may then be used again."""
    tag = await connection.execute("DELETE FROM command WHERE received_at < $1", before)
    return int(tag.rsplit(" ", 1)[1])


def expect(stored: Versioned | None, expected: int, what: str, what_zh: str) -> None:
    """Refuse to change an aggregate that isn't there, or isn't as its changer saw it.

    Raises:
        Problem: `not-found`, or `version-conflict` with `currentVersion`.
    """
    if stored is None:
        raise Problem(NOT_FOUND, f"There is no such {what}.", f"没有该{what_zh}。")
    if stored.version != expected:
        raise Problem(
            VERSION_CONFLICT,
            f"The {what} has version {stored.version}, not {expected}. Read it again and decide anew.",
            f"该{what_zh}的当前版本为{stored.version}，而非{expected}。请重新读取后再操作。",
            {"currentVersion": stored.version},
        )


def allow(caller: Caller, roles: frozenset[str], division_code: str) -> None:
    """Refuse a caller who may not do this, or not in this division.

    Raises:
        Problem: `forbidden`, naming what would be needed.
    """
    if caller.role not in roles:
        needed = ", ".join(sorted(roles))
        raise Problem(
            FORBIDDEN,
            f"The role {caller.role.value} may not do this. Needed is one of: {needed}.",
            f"角色“{caller.role.zh}”无权执行此操作，需要：{needed}。",
        )
    if not caller.speaks_for(division_code):
        raise Problem(
            FORBIDDEN,
            f"Division {division_code} is outside {caller.division_code}, for which this caller speaks.",
            f"行政区划{division_code}不在该用户的管辖范围{caller.division_code}之内。",
        )
