"""Discrepancy 差异 of an annual report and the ledgers: somebody resolves it (domain rule 7)."""

from typing import Final

from contracts.processes.machine import Machine, Step, Term
from contracts.vocabulary.annual_reports import DiscrepancyAction, DiscrepancyState
from contracts.vocabulary.registration import FORM_KEEPERS, REGISTRARS

_UNSETTLED: Final = frozenset({DiscrepancyState.OPEN, DiscrepancyState.EXPLAINED})

DISCREPANCY: Final[Machine[DiscrepancyState, DiscrepancyAction]] = Machine(
    name="discrepancy",
    name_zh="年报差异",
    begins=Step(DiscrepancyAction.OPEN, frozenset(), DiscrepancyState.OPEN, REGISTRARS),
    steps=(
        Step(
            DiscrepancyAction.EXPLAIN,
            frozenset({DiscrepancyState.OPEN}),
            DiscrepancyState.EXPLAINED,
            FORM_KEEPERS,
            needs_note=True,
        ),
        Step(DiscrepancyAction.CORRECT, _UNSETTLED, DiscrepancyState.CORRECTED, frozenset()),
        Step(
            DiscrepancyAction.RESTATE,
            frozenset(DiscrepancyState),
            DiscrepancyState.OPEN,
            frozenset(),
        ),
        Step(
            DiscrepancyAction.CLOSE,
            frozenset({DiscrepancyState.EXPLAINED, DiscrepancyState.CORRECTED}),
            DiscrepancyState.CLOSED,
            FORM_KEEPERS,
        ),
        Step(
            DiscrepancyAction.REOPEN,
            frozenset({DiscrepancyState.EXPLAINED, DiscrepancyState.CLOSED}),
            DiscrepancyState.OPEN,
            FORM_KEEPERS,
            needs_note=True,
        ),
    ),
    terms={
        DiscrepancyState.OPEN: (
            Term(30, "assumed for district X, for it to set: its study (2024) asks that it be resolved, not by when"),
        )
    },
    once=False,
    rests=frozenset({DiscrepancyState.CLOSED}),
)
"""A report has one of each field (its owner sees to that).

Nobody says by command that the two are the same: CORRECT is taken by the owner when they are, because the report was
corrected or the ledgers were. RESTATE is, too, when a report is corrected and still differs.
"""
