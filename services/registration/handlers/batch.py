"""Takes in the state of many entities that one request states: what is new or different is stored and told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kit.callers import Caller
from kit.command_routes import Commanded
from kit.commands import allow
from kit.problems import INVALID, Problem
from services.registration.domain.entity import Registration
from services.registration.handlers.entities import REGISTRARS, refuse_deregistered
from services.registration.handlers.register import Statement, take_in
from services.registration.repository import Known, lock_by_uscc


class Outcome(StrEnum):
    """What became of one entity of a batch."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of the entity at one place: its id and version where it changed, or why it was rejected."""

    outcome: Outcome
    entity_id: UUID | None = None
    version: int | None = None
    problem: Problem | None = None


async def take_batch(
    commanded: Commanded,
    stated: Sequence[Registration | Problem],
) -> list[Line]:
    """Take in what can be taken in, together; return a line for each, in order.

    Args:
        commanded: the command under way.
        stated: facts, or why there are none.
    """
    connection, caller = commanded.connection, commanded.caller
    usccs = sorted({one.uscc for one in stated if isinstance(one, Registration)})
    checked = _checked(caller, stated, await lock_by_uscc(connection, usccs))
    accepted = [one for one in checked if isinstance(one, Registration)]
    statements = [Statement(one) for one in accepted]
    stored = await take_in(connection, statements, commanded.clock, correlation_id=commanded.correlation_id)
    lines = []
    for one in checked:
        if isinstance(one, Problem):
            lines.append(Line(Outcome.REJECTED, problem=one))
        elif (done := stored.get(one.uscc)) is None:
            lines.append(Line(Outcome.UNCHANGED))
        else:
            lines.append(Line(Outcome.NEW if done.version == 1 else Outcome.CHANGED, done.id, done.version))
    return lines


def _checked(
    caller: Caller, stated: Sequence[Registration | Problem], there: Mapping[str, Known]
) -> list[Registration | Problem]:
    seen: dict[str, int] = {}
    checked: list[Registration | Problem] = []
    for index, one in enumerate(stated):
        if isinstance(one, Problem):
            checked.append(one)
            continue
        first = seen.setdefault(one.uscc, index)
        if first != index:
            checked.append(
                Problem(
                    INVALID,
                    f"The code stands at place {first} already. State an entity once.",
                    f"该代码已出现在第{first}项，请勿重复。",
                )
            )
            continue
        try:
            allow(caller, REGISTRARS, one.division_code)
            if (known := there.get(one.uscc)) is not None:
                allow(caller, REGISTRARS, known.division_code)
                refuse_deregistered(known.state)
        except Problem as problem:
            checked.append(problem)
        else:
            checked.append(one)
    return checked
