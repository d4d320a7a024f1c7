"""Development 发展党员: which steps of the regulation may be recorded, and what a next stage still lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.processes.development import ADMITTED, CONFIRMING, DEVELOPMENT, PROLONGATIONS, WAITINGS
from contracts.processes.development_steps import STEPS, RegulatedStep
from contracts.processes.machine import months_after
from contracts.vocabulary.development import DevelopmentAction, DevelopmentState
from services.ledgers.domain.misfit import Misfit

Done = Mapping[int, date]
"""Steps that are done, by number, with their days."""

_ENTERING: Final = frozenset(step.action for step in STEPS)
REGULATED: Final = _ENTERING | {DevelopmentAction.RECORD}
"""The actions by which steps of the regulation are recorded; they hold from the day of the last of these."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What keeps a person from a stage.

    Attributes:
        missing: the steps that are not done.
        earliest: the first legal day, where that is known by what is done.
    """

    missing: Sequence[RegulatedStep]
    earliest: date | None


def next_action(state: DevelopmentState) -> DevelopmentAction | None:
    """Return the action that enters what comes after a state; None after the last."""
    return next((step.action for step in DEVELOPMENT.steps_from(state) if step.action in _ENTERING), None)


def misfits(
    state: DevelopmentState, done: Done, stated: Sequence[tuple[int, date]], prolonged_by: int, today: date
) -> list[Misfit]:
    """Return what is wrong with steps that are to be recorded, in the order in which they are stated."""
    found, known = [], dict(done)
    for place, (number, day) in enumerate(stated):
        if reason := _wrong(state, known, number, day, prolonged_by, today):
            found.append(Misfit(f"/steps/{place}", *reason))
        else:
            known[number] = day
    return found


def lacking(action: DevelopmentAction, done: Done, day: date, prolonged_by: int) -> Lacking:
    """Return what an action that enters a stage still lacks.

    Args:
        action: that enters a stage.
        done: the steps that are done.
        day: on which it is to be entered; it decides which rules hold.
        prolonged_by: months by which probation was prolonged.
    """
    needed = [step for step in STEPS if step.action is action]
    days = [one for step in needed if (one := earliest_day(step.number, done, day, prolonged_by)) is not None]
    days += [done[step.number] for step in needed if step.number in done]
    return Lacking([step for step in needed if step.number not in done], max(days, default=None))


def earliest_day(number: int, done: Done, day: date, prolonged_by: int) -> date | None:
    """Return the first day on which a step may be done by the rules of a day; None where no rule says so."""
    rule = next(
        (one for one in reversed(WAITINGS) if one.step == number and one.valid_from <= day and one.after in done), None
    )
    if rule is None:
        return None
    return months_after(done[rule.after], rule.months + (prolonged_by if rule.prolongable else 0))


def next_from(state: DevelopmentState, done: Done, day: date, prolonged_by: int) -> date | None:
    """Return the first day on which the stage after a state may be decided; None where no rule says so."""
    action = next_action(state)
    waits = [step.number for step in STEPS if step.action is action]
    return next((one for number in waits if (one := earliest_day(number, done, day, prolonged_by)) is not None), None)


def prolongation_misfits(months: int | None, done: Done, day: date) -> list[Misfit]:
    """Return what is wrong with a prolongation of probation that is to hold from a day."""
    rule = next(one for one in reversed(PROLONGATIONS) if one.valid_from <= day)
    if months is None or not rule.least_months <= months <= rule.most_months:
        span = f"{rule.least_months}-{rule.most_months}"
        return [Misfit("/prolongedByMonths", f"give {span} months ({rule.source})", f"应为{span}个月（{rule.source}）")]
    earliest = earliest_day(CONFIRMING, done, day, 0)
    if earliest is not None and day < earliest:
        reason = f"probation runs until {earliest}; it is prolonged no earlier"
        return [Misfit("/effectiveOn", reason, f"预备期至{earliest}届满，届满前不得延长")]
    return []


def before_the_vote(done: Done) -> dict[int, date]:
    """Return the steps that stay done when probation is prolonged: its end is asked for and voted on anew."""
    asked = CONFIRMING - 1
    return {number: day for number, day in done.items() if number < asked}


def quota_year(done: Done) -> int:
    """Return the year whose place an admission takes: that of the branch meeting's vote."""
    return done[ADMITTED].year


def _wrong(
    state: DevelopmentState, done: Done, number: int, day: date, prolonged_by: int, today: date
) -> tuple[str, str] | None:
    step = STEPS[number - 1]
    if number in done:
        return f"step {number} is done since {done[number]}", f"第{number}步已于{done[number]}完成"
    if step.action is not next_action(state):
        reason = f"step {number} ({step.text}) belongs to another stage"
        return reason, f"第{number}步“{step.text_zh}”不属于当前阶段"
    if day > today:
        return f"{day} is in the future", f"日期{day}晚于今日"
    if found := _out_of_order(step, done, day):
        return found
    earliest = earliest_day(number, done, day, prolonged_by)
    if earliest is not None and day < earliest:
        return f"the first legal day of step {number} is {earliest}", f"第{number}步最早可于{earliest}办理"
    return None


def _out_of_order(step: RegulatedStep, done: Done, day: date) -> tuple[str, str] | None:
    for before in step.after:
        if before not in done:
            first = STEPS[before - 1]
            reason = f"step {step.number} comes after step {before} ({first.text})"
            return reason, f"第{step.number}步须在第{before}步“{first.text_zh}”之后"
        if day < done[before]:
            reason = f"{day} is before step {before}, {done[before]}"
            return reason, f"日期{day}早于第{before}步的{done[before]}"
    return None
