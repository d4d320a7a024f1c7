"""When an annual report 年报 is to be filed: dated rules, by which its owner goes and the graph too (domain rule 7)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.vocabulary import ReportingState

Day = tuple[int, int]
"""Month and day."""


@dataclass(frozen=True, slots=True)
class ReportingRule:
    """In which days the report on a year is to be filed.

    Attributes:
        first: month and day, in the year after the one that is reported on.
        last: the same; who files later is late.
        first_year: the first year that is reported on by this rule.
        source: where it is written.
    """

    first: Day
    last: Day
    first_year: int
    source: str


REPORTING_RULES: Final = (
    ReportingRule(
        (1, 1),
        (6, 30),
        2013,
        "企业信息公示暂行条例 (2014, 国务院令第654号), art. 8: from 1 January to 30 June of the next year, on the year "
        "of the registration first; households: 个体工商户年度报告暂行办法 (2014), the same days [M]",
    ),
)
"""In order of their first year."""


@dataclass(frozen=True, slots=True)
class ReportingTerm:
    """The days in which a report is to be filed.

    Attributes:
        year: the year that is reported on.
        first: first day.
        last: last day in time.
        source: of the rule.
    """

    year: int
    first: date
    last: date
    source: str

    @property
    def year_end(self) -> date:
        """Last day of the year that is reported on."""
        return date(self.year, 12, 31)

    def state(self, day: date) -> ReportingState:
        """Return where the reporting stands on a day."""
        if day < self.first:
            return ReportingState.NOT_BEGUN
        return ReportingState.RUNNING if day <= self.last else ReportingState.OVERDUE

    def is_late(self, day: date) -> bool:
        """Tell whether a report that is filed on a day is late."""
        return day > self.last


def reporting_term(year: int) -> ReportingTerm | None:
    """Return the term of the report on a year; None where no rule asks for one."""
    rule = next((one for one in reversed(REPORTING_RULES) if one.first_year <= year), None)
    if rule is None or year >= date.max.year:
        return None
    return ReportingTerm(year, date(year + 1, *rule.first), date(year + 1, *rule.last), rule.source)
