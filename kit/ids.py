"""Identifiers: UUIDv7 for what is new, UUIDv5 for what follows from something that already has an id."""

from hashlib import sha1
from typing import Final
from uuid import UUID

import uuid_utils.compat

_DERIVED: Final = UUID("6b1f0d2c-7c0e-5f0a-9a53-4c49414e4845")


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562), ordered by the time at which it was made."""
    return uuid_utils.compat.uuid7()


def derived_id(cause: UUID, event_type: str, aggregate: str) -> UUID:
    """Return the id of the event that `cause` leads to: for the same three the same, so nothing is told twice.

    Args:
        cause: id of the event or command that is the reason.
        event_type: CloudEvents type of what is told.
        aggregate: key of the aggregate it is told about.
    """
    # As `uuid.uuid5`, in a third of its time.
    name = f"{cause}/{event_type}/{aggregate}".encode()
    return UUID(bytes=sha1(_DERIVED.bytes + name, usedforsecurity=False).digest()[:16], version=5)
