"""An assignment 选派 of a cadre, as instructor, first secretary or contact cadre, to an entity or an organisation."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from contracts.vocabulary import AssignmentRole, AssignmentState, AssignmentTarget, Bureau


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a cadre can be assigned to, as far as pairing knows it.

    Attributes:
        target: whether it is an entity or an organisation.
        target_id: its id.
        active: whether it is registered, or not dissolved.
        division_code: 行政区划.
        bureau: the line 条.
        uscc: of an entity.
    """

    target: AssignmentTarget
    target_id: UUID
    active: bool
    division_code: str
    bureau: Bureau
    uscc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A cadre's assignment. Division, line and code are the target's on the day on which it was made.

    Attributes:
        version: counts its changes from 1.
        starts_on: first day, Asia/Shanghai.
        ended_on: day from which it holds no more.
    """

    assignment_id: UUID
    version: int
    cadre_id: UUID
    role: AssignmentRole
    target: AssignmentTarget
    target_id: UUID
    uscc: str | None
    state: AssignmentState
    starts_on: date
    ended_on: date | None
    division_code: str
    bureau: Bureau
    effective_on: date
    recorded_at: datetime


def assign(
    assignment_id: UUID, cadre_id: UUID, role: AssignmentRole, target: Target, *, starts_on: date, now: datetime
) -> Assignment:
    """Return a new assignment.

    Args:
        assignment_id: its id.
        cadre_id: the cadre.
        role: what they are assigned as.
        target: to what.
        starts_on: first day, not in the future.
        now: the moment.
    """
    return Assignment(
        assignment_id=assignment_id,
        version=1,
        cadre_id=cadre_id,
        role=role,
        target=target.target,
        target_id=target.target_id,
        uscc=target.uscc,
        state=AssignmentState.ACTIVE,
        starts_on=starts_on,
        ended_on=None,
        division_code=target.division_code,
        bureau=target.bureau,
        effective_on=starts_on,
        recorded_at=now,
    )


def end(known: Assignment, *, ended_on: date, now: datetime) -> Assignment:
    """Return an assignment that ended on a day, neither before its first one nor in the future."""
    return replace(
        known,
        version=known.version + 1,
        state=AssignmentState.ENDED,
        ended_on=ended_on,
        effective_on=ended_on,
        recorded_at=now,
    )
