"""Credit commitments: signed, and then fulfilled, or broken and repaired."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.registration.commitments import CommitmentMoved
from contracts.processes.registration import COMMITMENT
from contracts.vocabulary import CommitmentAction, CommitmentKind, EntityState
from kit.clock import today
from kit.command_routes import Commanded
from kit.problems import CONFLICT, Problem
from kit.processes import Given, Processes
from kit.sealing import Sealer
from services.registration.domain.misfit import Misfit
from services.registration.handlers.refusals import refuse_misfits
from services.registration.repository.entities import lock
from services.registration.repository.subjects import hold_subjects


@dataclass(frozen=True, slots=True)
class Promise:
    """What an entity promises.

    Attributes:
        entity_id: the entity.
        kind: what is promised, by its kind.
        promised_until: last day of what is promised.
    """

    entity_id: UUID
    kind: CommitmentKind
    promised_until: date


def commitments(sealer: Sealer | None) -> Processes[CommitmentMoved]:
    """Return the processes of this kind; without a sealer, for steps with which nothing is given."""
    return Processes(COMMITMENT, CommitmentMoved, lambda moved: moved.entity_id, sealer)


async def sign(
    commanded: Commanded, processes: Processes[CommitmentMoved], promise: Promise, given: Given
) -> CommitmentMoved:
    """Take a commitment in.

    Raises:
        Problem: `forbidden`, `invalid` where the entity is not active or the day is over, or `conflict` where one of
            the kind is under way.
    """
    connection = commanded.connection
    await hold_subjects(connection, [promise.entity_id])
    for known in await processes.under_way(connection, [promise.entity_id]):
        if known.kind is promise.kind:
            raise Problem(
                CONFLICT,
                f"A credit commitment of this kind is under way already: {known.process_id}. Go on with that one.",
                f"已有同类信用承诺（{known.process_id}）尚未办结，请继续办理。",
                {"processId": str(known.process_id)},
            )
    entity = await lock(connection, promise.entity_id)
    if entity is None or entity.state is not EntityState.ACTIVE:
        refuse_misfits([Misfit("/entityId", "is no active entity", "不是存续的市场主体")])
        raise LookupError(promise.entity_id)
    if promise.promised_until < (given.effective_on or today(commanded.clock)):
        refuse_misfits([Misfit("/promisedUntil", "is before the day of signing", "早于签署日期")])
    return await processes.begin(
        commanded,
        given,
        entity_id=entity.id,
        kind=promise.kind,
        promised_until=promise.promised_until,
        division_code=entity.division_code,
        bureau=entity.bureau,
    )


async def judge(
    commanded: Commanded,
    processes: Processes[CommitmentMoved],
    process_id: UUID,
    expected_version: int,
    action: CommitmentAction,
    given: Given,
) -> CommitmentMoved:
    """Take a step of a commitment.

    Raises:
        Problem: `not-found`, `version-conflict`, `illegal-step`, `forbidden` or `invalid`.
    """
    known, step = await processes.expected(commanded, process_id, expected_version, action, given)
    return await processes.take(commanded, known, step, given)
