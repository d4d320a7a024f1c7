"""How members of a made-up district came to be members: the steps of the regulation, each with a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contracts.processes.development_steps import STEPS
from contracts.vocabulary import DevelopmentAction

APPLIED: Final = timedelta(days=-900)
"""When a person applied, from the vote on their admission."""
_FROM_ADMISSION: Final[Mapping[int, int]] = {
    2: -880,
    3: -840,
    4: -830,
    5: -830,
    6: -500,
    7: -300,
    8: -290,
    9: -200,
    10: -190,
    11: -100,
    12: -60,
    13: -30,
    14: -10,
    15: 0,
    16: 2,
    17: 4,
    18: 10,
    19: 10,
    20: 20,
    21: 200,
    22: 340,
}
_FROM_CONFIRMATION: Final[Mapping[int, int]] = {23: 0, 24: 3, 25: 10}
_ACTIONS: Final = (
    DevelopmentAction.NAME_ACTIVIST,
    DevelopmentAction.NAME_TARGET,
    DevelopmentAction.ADMIT,
    DevelopmentAction.CONFIRM,
    DevelopmentAction.FILE,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that a person entered, and the steps, by number, that led there."""

    action: DevelopmentAction
    steps: Sequence[tuple[int, date]]


def road(developed_on: date, confirmed_on: date) -> Sequence[Stage]:
    """Return the stages of a person, in order.

    Args:
        developed_on: day of the vote on their admission 支部大会讨论.
        confirmed_on: day of the vote on their confirmation 转正.
    """
    days = {number: developed_on + timedelta(days=after) for number, after in _FROM_ADMISSION.items()}
    days |= {number: confirmed_on + timedelta(days=after) for number, after in _FROM_CONFIRMATION.items()}
    return [
        Stage(action, [(one.number, days[one.number]) for one in STEPS if one.action is action]) for action in _ACTIONS
    ]
