"""Development of members 发展党员: five stages and twenty-five steps; nothing skips a stage (domain rule 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.processes.machine import Machine, Step
from contracts.vocabulary import MEMBER_KEEPERS
from contracts.vocabulary.development import DevelopmentAction, DevelopmentState

REGULATION: Final = "中国共产党发展党员工作细则 (2014)"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long must lie between two steps, as a rule that is dated.

    Attributes:
        step: the later step.
        after: the earlier one.
        months: between them at the least.
        prolongable: whether what a probation was prolonged by comes on top.
        source: where the rule is written.
        valid_from: first day of the rule.
    """

    step: int
    after: int
    months: int
    prolongable: bool = False
    source: str = REGULATION
    valid_from: date = date.min


@dataclass(frozen=True, slots=True)
class Prolongation:
    """By how much a probation may be prolonged, as a rule that is dated."""

    least_months: int
    most_months: int
    source: str = REGULATION
    valid_from: date = date.min


DECIDED_TARGET: Final = 7
ADMITTED: Final = 15
"""Step of the vote from which probation counts, and by whose year a place is taken."""
CONFIRMING: Final = 23

WAITINGS: Final[Sequence[Waiting]] = (
    Waiting(DECIDED_TARGET, 3, 12),
    Waiting(CONFIRMING, ADMITTED, 12, prolongable=True),
)
"""An activist is observed for a year and longer; probation is a year from the vote."""

PROLONGATIONS: Final[Sequence[Prolongation]] = (Prolongation(6, 12),)

_ACTION: Final = DevelopmentAction
_BEFORE: Final = (DevelopmentState.APPLICANT, DevelopmentState.ACTIVIST, DevelopmentState.TARGET)
_ON_PROBATION: Final = (DevelopmentState.PROBATIONARY, DevelopmentState.PROLONGED)


def _step(
    action: DevelopmentAction, target: DevelopmentState, *sources: DevelopmentState, needs_note: bool = False
) -> Step[DevelopmentState, DevelopmentAction]:
    return Step(action, frozenset(sources), target, MEMBER_KEEPERS, needs_note=needs_note)


DEVELOPMENT: Final[Machine[DevelopmentState, DevelopmentAction]] = Machine(
    name="development",
    name_zh="发展党员",
    begins=_step(_ACTION.APPLY, DevelopmentState.APPLICANT),
    steps=(
        *(_step(_ACTION.RECORD, state, state) for state in (*_BEFORE, *_ON_PROBATION)),
        _step(_ACTION.NAME_ACTIVIST, DevelopmentState.ACTIVIST, DevelopmentState.APPLICANT),
        _step(_ACTION.NAME_TARGET, DevelopmentState.TARGET, DevelopmentState.ACTIVIST),
        _step(_ACTION.ADMIT, DevelopmentState.PROBATIONARY, DevelopmentState.TARGET),
        _step(_ACTION.PROLONG, DevelopmentState.PROLONGED, DevelopmentState.PROBATIONARY, needs_note=True),
        _step(_ACTION.CONFIRM, DevelopmentState.FULL, *_ON_PROBATION),
        _step(_ACTION.FILE, DevelopmentState.FILED, DevelopmentState.FULL),
        *(_step(_ACTION.MOVE, state, state) for state in (*_BEFORE, *_ON_PROBATION, DevelopmentState.FULL)),
        _step(_ACTION.END, DevelopmentState.ENDED, *_BEFORE, *_ON_PROBATION, needs_note=True),
    ),
)
"""A person becomes a member by ADMIT, and a full one by CONFIRM."""
