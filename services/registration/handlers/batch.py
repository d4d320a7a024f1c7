"""Takes in the state of many entities that one request states: what is new or different is stored and told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contracts.events.registration.forms import FormMoved
from contracts.vocabulary import REGISTRARS, FormOccasion
from kit.callers import Caller
from kit.command_routes import Commanded
from kit.commands import allow
from kit.problems import INVALID, Problem
from services.registration.domain.entity import Registration
from services.registration.domain.party_building import Answers
from services.registration.handlers.entities import refuse_deregistered
from services.registration.handlers.forms import ANSWERS, Asked, Forms
from services.registration.handlers.register import Statement, take_in
from services.registration.repository.entities import Known, Stored, ids_by_uscc, lock_by_uscc


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


@dataclass(frozen=True, slots=True)
class StatedEntity:
    """What a batch states at one place: facts, and answers to the Party-building questions where they came along."""

    facts: Registration
    answers: Answers | None = None


async def take_batch(
    commanded: Commanded, forms: Forms, stated: Sequence[StatedEntity | Problem], *, asks: bool
) -> list[Line]:
    """Take in what can be taken in, together; return a line for each, in order.

    An entity that is new or changed, or that comes with answers, is asked the Party-building questions; one of a batch
    that asks nobody only where answers come along.

    Args:
        commanded: the command under way.
        forms: of the same command.
        stated: facts, or why there are none.
        asks: whether the questions are asked where no answers come along.
    """
    connection, caller = commanded.connection, commanded.caller
    usccs = sorted({one.facts.uscc for one in stated if isinstance(one, StatedEntity)})
    before = await forms.hold(await ids_by_uscc(connection, usccs))
    there = await lock_by_uscc(connection, usccs)
    checked = _checked(caller, forms, stated, there)
    accepted = [one for one in checked if isinstance(one, StatedEntity)]
    stored = await take_in(
        connection,
        [Statement(one.facts, commanded.traceparent) for one in accepted],
        commanded.clock,
        correlation_id=commanded.correlation_id,
        asked={one.facts.uscc for one in accepted if asks or one.answers is not None},
    )
    since = [one.id for code, one in stored.items() if one.version > 1 and code not in there]
    if since:  # somebody else registered them since they were looked for
        before = {**before, **await forms.hold(since)}
    ids = {code: one.id for code, one in there.items()} | {code: one.id for code, one in stored.items()}
    await forms.ask(
        [
            _asked(one, ids, stored, before)
            for one in accepted
            if one.answers is not None or (asks and one.facts.uscc in stored)
        ]
    )
    return [_line(one, stored) for one in checked]


def _asked(
    stated: StatedEntity, ids: Mapping[str, UUID], stored: Mapping[str, Stored], before: Mapping[UUID, FormMoved]
) -> Asked:
    facts, done = stated.facts, stored.get(stated.facts.uscc)
    occasion = FormOccasion.REGISTRATION if done is not None and done.version == 1 else FormOccasion.CHANGE
    entity_id = ids[facts.uscc]
    return Asked(entity_id, facts.division_code, facts.bureau, occasion, stated.answers, before.get(entity_id))


def _line(stated: StatedEntity | Problem, stored: Mapping[str, Stored]) -> Line:
    if isinstance(stated, Problem):
        return Line(Outcome.REJECTED, problem=stated)
    done = stored.get(stated.facts.uscc)
    if done is None:
        return Line(Outcome.UNCHANGED)
    return Line(Outcome.NEW if done.version == 1 else Outcome.CHANGED, done.id, done.version)


def _checked(
    caller: Caller, forms: Forms, stated: Sequence[StatedEntity | Problem], there: Mapping[str, Known]
) -> list[StatedEntity | Problem]:
    seen: dict[str, int] = {}
    checked: list[StatedEntity | Problem] = []
    for index, one in enumerate(stated):
        if isinstance(one, Problem):
            checked.append(one)
            continue
        first = seen.setdefault(one.facts.uscc, index)
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
            allow(caller, REGISTRARS, one.facts.division_code)
            if (known := there.get(one.facts.uscc)) is not None:
                allow(caller, REGISTRARS, known.division_code)
                refuse_deregistered(known.state)
            forms.refuse(one.answers, f"/entities/{index}{ANSWERS}")
        except Problem as problem:
            checked.append(problem)
        else:
            checked.append(one)
    return checked
