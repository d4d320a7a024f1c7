"""How long what is noted about personal data is kept: rules, dated, with their source."""

from datetime import date
from typing import Final

from contracts.processes.machine import Term

LOOKS_KEPT: Final = (
    Term(3 * 366, "个人信息保护法 arts. 55-56: assessments and records of handling are kept for at least three years"),
)
"""Audit records 审计记录 of who looked at what is sealed, the rules by their first day."""


def days_kept(rules: tuple[Term, ...], day: date) -> int:
    """Return for how many days something is kept, by the rule that holds on a day.

    Raises:
        LookupError: no rule holds.
    """
    for rule in reversed(rules):
        if rule.valid_from <= day:
            return rule.days
    raise LookupError(f"no rule holds on {day}")
