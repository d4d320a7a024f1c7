"""Machines of processes: what contradicts itself is refused, and of every one each state is reached and can end."""

from datetime import date
from typing import Any

import pytest

from contracts.processes import MACHINES
from contracts.processes.machine import Machine, Step, Term
from contracts.vocabulary import (
    CallerRole,
    CommitmentAction,
    DiscrepancyAction,
    FloatingAction,
    FormAction,
    TransferAction,
)
from contracts.vocabulary.word import Word

DISTRICT = frozenset({CallerRole.DISTRICT})
TAKEN_BY_THE_OWNER = frozenset(
    {
        FormAction.SUPERSEDE,
        FormAction.MOVE_WITH_ENTITY,
        CommitmentAction.MOVE_WITH_ENTITY,
        CommitmentAction.END_WITH_ENTITY,
        TransferAction.REDIRECT,
        FloatingAction.REDIRECT,
        DiscrepancyAction.CORRECT,
        DiscrepancyAction.RESTATE,
    }
)
"""Steps that follow from something else: a later form supersedes an earlier one, an entity moves or is deregistered,
an organisation is merged away, a report or the ledgers were corrected."""


class Door(Word):
    """State of a door."""

    OPEN = "OPEN", "开"
    SHUT = "SHUT", "关"


class Move(Word):
    """What is done with a door."""

    BUILD = "BUILD", "安装"
    SHUT = "SHUT", "关上"
    OPEN = "OPEN", "打开"


BUILT: Step[Door, Move] = Step(Move.BUILD, frozenset(), Door.OPEN, DISTRICT)
SHUTS: Step[Door, Move] = Step(Move.SHUT, frozenset({Door.OPEN}), Door.SHUT, DISTRICT)


def machine(*steps: Step[Door, Move], begins: Step[Door, Move] = BUILT, **more: Any) -> Machine[Door, Move]:
    return Machine(name="door", name_zh="门", begins=begins, steps=steps, **more)


def test_a_machine_tells_what_leads_where() -> None:
    door = machine(SHUTS)
    assert door.step(Door.OPEN, Move.SHUT) == SHUTS
    assert door.step(Door.SHUT, Move.SHUT) is None
    assert (door.is_over(Door.OPEN), door.is_over(Door.SHUT)) == (False, True)


@pytest.mark.parametrize(
    ("steps", "more", "wrong"),
    [
        ((), {}, "no step leads to SHUT"),
        ((SHUTS, Step(Move.SHUT, frozenset({Door.OPEN}), Door.OPEN, DISTRICT)), {}, "one state to two"),
        ((SHUTS, Step(Move.BUILD, frozenset({Door.SHUT}), Door.OPEN, DISTRICT)), {}, "begins it and goes on"),
        ((SHUTS,), {"begins": SHUTS}, "without a state before"),
        ((SHUTS,), {"terms": {Door.OPEN: (Term(1, "rule"),)}, "lapses": Move.OPEN}, "can't lapse"),
    ],
)
def test_a_machine_that_contradicts_itself_is_refused(
    steps: tuple[Step[Door, Move], ...], more: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ValueError, match=wrong):
        machine(*steps, **more)


def test_of_the_rules_on_a_term_the_one_of_the_day_holds() -> None:
    rules = (Term(30, "old"), Term(60, "new", date(2024, 1, 1)))
    door = machine(SHUTS, terms={Door.OPEN: rules})
    assert door.term(Door.OPEN, date(2023, 12, 31)) == rules[0]
    assert door.term(Door.OPEN, date(2024, 1, 1)) == rules[1]
    assert door.term(Door.SHUT, date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2024-02-26", "2024-02-29"),
        ("2024-02-28", "2024-03-04"),
        ("2024-03-02", "2024-03-06"),
        ("2024-03-01", "2024-03-06"),
    ],
)
def test_a_term_of_working_days_leaves_weekends_out(day: str, last: str) -> None:
    assert Term(3, "rule", working=True).last_day(date.fromisoformat(day)) == date.fromisoformat(last)


def test_a_term_of_days_counts_each() -> None:
    assert Term(3, "rule").last_day(date(2024, 3, 1)) == date(2024, 3, 4)


@pytest.mark.parametrize("one", MACHINES, ids=lambda one: str(one.name))
def test_every_process_can_come_to_its_end(one: Machine[Any, Any]) -> None:
    ends = {state for state in one.states if one.is_over(state)} | one.rests
    assert ends
    assert not any(one.terms.get(state) for state in one.rests), "nothing falls due where it rests"
    while True:
        before = {state for state in one.states if any(step.target in ends for step in one.steps_from(state))} | ends
        if before == ends:
            break
        ends = before
    assert ends == set(one.states), "some state leads nowhere"
    by_itself = {one.lapses, *TAKEN_BY_THE_OWNER}
    assert all(step.who or step.action in by_itself for step in one.steps), "a step that nobody may take"
