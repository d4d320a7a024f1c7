"""The processes of registration: Party-building form, credit commitment, online registration (domain rule 7)."""

from datetime import date
from typing import Final

from contracts.processes.machine import Action, Machine, State, Step, Term
from contracts.vocabulary.registration import (
    FORM_KEEPERS,
    INTAKE,
    REGISTRARS,
    ApplicationAction,
    ApplicationState,
    CommitmentAction,
    CommitmentState,
    FormAction,
    FormState,
)

_ARTICLE_19: Final = Term(
    3,
    "市场主体登记管理条例 (国务院令第746号), art. 19: what can't be registered on the spot, within 3 working days",
    date(2022, 3, 1),
    working=True,
)


def _moving(action: Action, *states: State) -> tuple[Step[State, Action], ...]:
    """Return the steps by which what is under way about an entity goes with it to another division, the state kept."""
    return tuple(Step(action, frozenset({state}), state, frozenset()) for state in states)


FORM: Final[Machine[FormState, FormAction]] = Machine(
    name="Party-building form",
    name_zh="党建信息采集表",
    begins=Step(FormAction.ASK, frozenset(), FormState.OPEN, REGISTRARS),
    steps=(
        Step(FormAction.ANSWER, frozenset({FormState.OPEN}), FormState.ANSWERED, FORM_KEEPERS),
        Step(FormAction.CORRECT, frozenset({FormState.ANSWERED}), FormState.ANSWERED, FORM_KEEPERS),
        *_moving(FormAction.MOVE_WITH_ENTITY, FormState.OPEN, FormState.ANSWERED),
        Step(
            FormAction.SUPERSEDE,
            frozenset({FormState.OPEN, FormState.ANSWERED}),
            FormState.SUPERSEDED,
            frozenset(),
        ),
    ),
    terms={
        FormState.OPEN: (
            Term(
                30,
                "assumed for district X, for it to set: its study (2024) says that registering asks, not by when",
                since="asked_on",
            ),
        )
    },
)
"""One of an entity is in force at a time: the next occasion supersedes it, answered or not."""

COMMITMENT: Final[Machine[CommitmentState, CommitmentAction]] = Machine(
    name="credit commitment",
    name_zh="信用承诺",
    begins=Step(CommitmentAction.SIGN, frozenset(), CommitmentState.SIGNED, REGISTRARS),
    steps=(
        Step(CommitmentAction.FULFIL, frozenset({CommitmentState.SIGNED}), CommitmentState.FULFILLED, REGISTRARS),
        Step(
            CommitmentAction.BREAK,
            frozenset({CommitmentState.SIGNED}),
            CommitmentState.BROKEN,
            REGISTRARS,
            needs_note=True,
        ),
        Step(CommitmentAction.REPAIR, frozenset({CommitmentState.BROKEN}), CommitmentState.REPAIRED, REGISTRARS),
        Step(CommitmentAction.END_WITH_ENTITY, frozenset({CommitmentState.SIGNED}), CommitmentState.ENDED, frozenset()),
        *_moving(CommitmentAction.MOVE_WITH_ENTITY, CommitmentState.SIGNED, CommitmentState.BROKEN),
    ),
    promised={CommitmentState.SIGNED: "promised_until"},
    once=False,
)
"""An entity may have several under way, of each kind one (its owner sees to that). What it promised ends when it is
deregistered; what it broke stays broken."""

_OPEN: Final = frozenset({ApplicationState.APPLIED, ApplicationState.ACCEPTED})

APPLICATION: Final[Machine[ApplicationState, ApplicationAction]] = Machine(
    name="application",
    name_zh="网上登记申请",
    begins=Step(ApplicationAction.APPLY, frozenset(), ApplicationState.APPLIED, INTAKE),
    steps=(
        Step(ApplicationAction.ACCEPT, frozenset({ApplicationState.APPLIED}), ApplicationState.ACCEPTED, REGISTRARS),
        Step(ApplicationAction.RETURN, _OPEN, ApplicationState.RETURNED, REGISTRARS, needs_note=True),
        Step(ApplicationAction.REAPPLY, frozenset({ApplicationState.RETURNED}), ApplicationState.APPLIED, INTAKE),
        Step(
            ApplicationAction.REGISTER,
            frozenset({ApplicationState.ACCEPTED}),
            ApplicationState.REGISTERED,
            REGISTRARS,
        ),
        Step(ApplicationAction.REJECT, _OPEN, ApplicationState.REJECTED, REGISTRARS, needs_note=True),
        Step(
            ApplicationAction.WITHDRAW,
            _OPEN | {ApplicationState.RETURNED},
            ApplicationState.WITHDRAWN,
            INTAKE,
        ),
    ),
    terms={ApplicationState.APPLIED: (_ARTICLE_19,), ApplicationState.ACCEPTED: (_ARTICLE_19,)},
)
"""Not RETURNED: what is missing is the applicant's to bring, and no term runs against the registrar."""
