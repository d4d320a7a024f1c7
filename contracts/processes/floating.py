"""Floating members 流动党员: both ends know, and the member is counted at home (domain rule 4)."""

from typing import Final

from contracts.processes.machine import Machine, Step, Term
from contracts.vocabulary import MEMBER_KEEPERS
from contracts.vocabulary.floatings import FloatingAction, FloatingState

HOME: Final = "division_code"
"""The side at home: the division of the organisation that holds the relation."""
AWAY: Final = "to_division_code"
"""The other end."""

_OUT: Final = frozenset({FloatingState.REPORTED, FloatingState.RECEIVED})
_SIX_MONTHS: Final = (
    Term(
        0,
        "中国共产党党员教育管理工作条例 (2019) and 流动党员 practice: out for six months without transfer",
        months=6,
        since="out_since",
    ),
)

FLOATING: Final[Machine[FloatingState, FloatingAction]] = Machine(
    name="floating",
    name_zh="流动党员管理",
    begins=Step(FloatingAction.REPORT, frozenset(), FloatingState.REPORTED, MEMBER_KEEPERS, HOME),
    steps=(
        Step(
            FloatingAction.RECEIVE,
            frozenset({FloatingState.REPORTED}),
            FloatingState.RECEIVED,
            MEMBER_KEEPERS,
            AWAY,
        ),
        Step(FloatingAction.RETURN, _OUT, FloatingState.RETURNED, MEMBER_KEEPERS, HOME),
        Step(FloatingAction.END, _OUT, FloatingState.ENDED, MEMBER_KEEPERS, HOME, needs_note=True),
        *(Step(FloatingAction.REDIRECT, frozenset({state}), state, frozenset()) for state in sorted(_OUT)),
    ),
    terms={FloatingState.REPORTED: _SIX_MONTHS, FloatingState.RECEIVED: _SIX_MONTHS},
)
"""Whoever is out for six months is overdue: a transfer is to be asked for, or they are to be reported as floating."""
