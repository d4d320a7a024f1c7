"""What held of an entity on a day, as it was known at a moment: from every state that the ledger ever heard.

Each state is the whole of what was stated, from its day on. So of the states known at a moment, the newest that begins
on a day or before it is what held on that day: one that was learnt later and begins earlier corrects all from its day
on (decision 6 of the design: facts have a day from which they hold, and a moment at which they were recorded).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from contracts.vocabulary import Bureau, EntityKind, EntityState
from services.ledgers.domain.dated import days_of

FACTS: Final = ("uscc", "name", "kind", "state", "division_code", "bureau", "registered_on")
"""What a state says of an entity, beside the day and the moment."""


@dataclass(frozen=True, slots=True)
class EntityVersion:
    """A state of an entity that the ledger heard.

    Attributes:
        registration_version: counts its states at registration, which says what is newer.
        effective_on: day from which it holds.
        recorded_at: moment at which the ledger learnt it.
    """

    registration_version: int
    uscc: str
    name: str
    kind: EntityKind
    state: EntityState
    division_code: str
    bureau: Bureau
    registered_on: date | None
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A state, with the days on which it held.

    Attributes:
        version: the state.
        until: last day on which it held; None where it holds still, or held on no day.
        superseded: whether a newer state begins on its day or before it, so that it held on no day.
        changed: the facts that differ from the state before it, in the order of `FACTS`; none of the first.
    """

    version: EntityVersion
    until: date | None
    superseded: bool
    changed: tuple[str, ...]


def spans(versions: Iterable[EntityVersion], known_at: datetime) -> list[Span]:
    """Return the states that were known at a moment, the newest first, each with the days on which it held."""
    known = sorted(
        (one for one in versions if one.recorded_at <= known_at),
        key=lambda one: one.registration_version,
        reverse=True,
    )
    held = days_of([one.effective_on for one in known])
    return [
        Span(version, None if days is None else days.until, days is None, _changed(before, version))
        for version, days, before in zip(known, held, [*known[1:], None][: len(known)], strict=True)
    ]


def held_on(found: Sequence[Span], day: date) -> Span | None:
    """Return the state that held on a day; None before the first, when nothing was known to hold."""
    return next((one for one in found if one.version.effective_on <= day), None)


def _changed(before: EntityVersion | None, after: EntityVersion) -> tuple[str, ...]:
    if before is None:
        return ()
    return tuple(name for name in FACTS if getattr(before, name) != getattr(after, name))
