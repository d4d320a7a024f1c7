"""Reorganisation 党组织设置调整: founding, renaming, merging, dissolving. One machine, for the steps are the same."""

from typing import Final

from contracts.processes.machine import HERE, Machine, Step, Term
from contracts.vocabulary import CallerRole
from contracts.vocabulary.reorganisations import ReorganisationAction, ReorganisationState

ABOVE: Final = "superior_division_code"
"""The superior side: the division that approves."""

PROPOSERS: Final = frozenset(
    {
        CallerRole.DISTRICT,
        CallerRole.ORGANISATION_DEPARTMENT,
        CallerRole.NON_PUBLIC_COMMITTEE,
        CallerRole.TOWNSHIP,
        CallerRole.ASSOCIATION,
        CallerRole.SYSTEM,
    }
)
"""Who may propose a reorganisation and carry it out: those who found organisations."""
APPROVERS: Final = frozenset({CallerRole.ORGANISATION_DEPARTMENT, CallerRole.NON_PUBLIC_COMMITTEE, CallerRole.TOWNSHIP})
"""Who may approve one as the superior side: 组织部, 非公工委, and a township's committee for what is below it."""

_BEFORE_APPROVAL: Final = frozenset({ReorganisationState.PROPOSED, ReorganisationState.RETURNED})
_OPEN: Final = frozenset({*_BEFORE_APPROVAL, ReorganisationState.APPROVED})

REORGANISATION: Final[Machine[ReorganisationState, ReorganisationAction]] = Machine(
    name="reorganisation",
    name_zh="党组织设置调整",
    begins=Step(ReorganisationAction.PROPOSE, frozenset(), ReorganisationState.PROPOSED, PROPOSERS),
    steps=(
        Step(ReorganisationAction.AMEND, _BEFORE_APPROVAL, ReorganisationState.PROPOSED, PROPOSERS),
        Step(
            ReorganisationAction.APPROVE,
            frozenset({ReorganisationState.PROPOSED}),
            ReorganisationState.APPROVED,
            APPROVERS,
            ABOVE,
        ),
        Step(
            ReorganisationAction.RETURN,
            frozenset({ReorganisationState.PROPOSED, ReorganisationState.APPROVED}),
            ReorganisationState.RETURNED,
            APPROVERS,
            ABOVE,
            needs_note=True,
        ),
        Step(
            ReorganisationAction.CARRY_OUT,
            frozenset({ReorganisationState.APPROVED}),
            ReorganisationState.CARRIED_OUT,
            PROPOSERS,
            HERE,
        ),
        Step(ReorganisationAction.WITHDRAW, _OPEN, ReorganisationState.WITHDRAWN, PROPOSERS),
    ),
    terms={
        ReorganisationState.PROPOSED: (Term(30, "[local] our assumption: an answer to a request within 30 days"),),
        ReorganisationState.APPROVED: (Term(90, "[local] our assumption: what is approved is done within 90 days"),),
    },
)
"""Nothing lapses: what lasts too long is told as overdue."""
