"""A process 流程 as data: its states, the steps between them, who may take each, and how long a state may last.

The service that owns a process goes by its machine, and so does whoever shows what can be done next: one table for
both. Only the standard library and the vocabulary are imported, so that every service's `domain` may use it.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Generic, TypeVar

from contracts.vocabulary import CallerRole
from contracts.vocabulary.word import Word

State = TypeVar("State", bound=Word)
Action = TypeVar("Action", bound=Word)

HERE: Final = "division_code"
"""The side of a process that has one side: the division that it belongs to."""

_SATURDAY: Final = 5
"""The first day off, as `date.weekday` counts."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long a state may last, as a rule that is dated.

    Attributes:
        days: from the day of the step; the state is due at the end of that day, Asia/Shanghai.
        source: where the rule is written.
        valid_from: first day of the rule.
        months: to be added before the days.
        since: the field of the process with the day from which it counts; the day of the step where None.
        working: whether the days are working days: Monday to Friday. Public holidays aren't known here, so a state is
            due too early around them, never too late.
    """

    days: int
    source: str
    valid_from: date = date.min
    months: int = 0
    since: str | None = None
    working: bool = False

    def last_day(self, day: date) -> date:
        """Return the last day of the term that counts from a day, which itself isn't counted."""
        day = months_after(day, self.months)
        if not self.working:
            return day + timedelta(days=self.days)
        left, last = self.days, day
        while left:
            last += timedelta(days=1)
            left -= last.weekday() < _SATURDAY
        return last


@dataclass(frozen=True, slots=True)
class Step(Generic[State, Action]):
    """A step that may be taken.

    Attributes:
        action: what is done.
        sources: the states in which it may be done.
        target: the state after it.
        who: the roles that may do it; nobody where the clock alone does, or the owner, with something else.
        side: the field of the process that names the division whoever does it must speak for.
        needs_note: whether a reason must be given.
    """

    action: Action
    sources: frozenset[State]
    target: State
    who: frozenset[CallerRole]
    side: str = HERE
    needs_note: bool = False


@dataclass(frozen=True, slots=True)
class Machine(Generic[State, Action]):
    """A process. Each of its steps is told by one event, with the whole state after it.

    Attributes:
        name: in English, as messages call it.
        name_zh: the same in Chinese.
        begins: how it begins: an action without a state before it.
        steps: all others.
        terms: how long a state may last, the rules by their first day; a state that isn't here may last for ever.
        promised: states that are due at the end of a day that the process itself names, by the field that holds it.
        lapses: what the clock does when a state has lasted too long; None where it is only told as overdue.
        rests: states in which it is settled though something may lead on from there, as a later fact: it is kept at
            hand, and nobody waits for it.
        once: whether a subject may have only one such process under way.
    """

    name: str
    name_zh: str
    begins: Step[State, Action]
    steps: tuple[Step[State, Action], ...]
    terms: Mapping[State, tuple[Term, ...]] = field(default_factory=dict)
    promised: Mapping[State, str] = field(default_factory=dict)
    lapses: Action | None = None
    once: bool = True
    rests: frozenset[State] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a machine that contradicts itself.

        Raises:
            ValueError: naming what is wrong.
        """
        if self.begins.sources:
            raise ValueError(f"{self.name}: it begins without a state before")
        pairs = [(state, step.action) for step in self.steps for state in step.sources]
        if len(set(pairs)) != len(pairs):
            raise ValueError(f"{self.name}: an action leads from one state to two others")
        if self.begins.action in {step.action for step in self.steps}:
            raise ValueError(f"{self.name}: {self.begins.action} begins it and goes on with it")
        unreached = set(type(self.begins.target)) - {self.begins.target, *(step.target for step in self.steps)}
        if unreached:
            raise ValueError(f"{self.name}: no step leads to {', '.join(sorted(unreached))}")
        for state in self.terms:
            if self.lapses is not None and self.step(state, self.lapses) is None:
                raise ValueError(f"{self.name}: {state} has a term and can't lapse")

    @property
    def states(self) -> tuple[State, ...]:
        """Every state, in the order of the words."""
        return tuple(type(self.begins.target))

    def step(self, state: State, action: Action) -> Step[State, Action] | None:
        """Return the step that an action is in a state, or None where it is none there."""
        return next((step for step in self.steps if step.action == action and state in step.sources), None)

    def steps_from(self, state: State) -> tuple[Step[State, Action], ...]:
        """Return the steps that lead from a state, in the order of the table."""
        return tuple(step for step in self.steps if state in step.sources)

    def is_over(self, state: State) -> bool:
        """Tell whether nothing leads from a state."""
        return not self.steps_from(state)

    def term(self, state: State, day: date) -> Term | None:
        """Return the rule on how long a state may last that holds on a day; None where it may last for ever."""
        return next((one for one in reversed(self.terms.get(state, ())) if one.valid_from <= day), None)


def months_after(day: date, months: int) -> date:
    """Return the day some months later; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
