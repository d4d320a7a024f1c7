"""What organisations owe to organisational life 组织生活, by default (domain rule 6).

Only the standard library and the vocabulary are imported, so that every service's `domain` may use it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from contracts.vocabulary import OrganisationForm
from contracts.vocabulary.life import ELECTION_DUTIES, PERIOD_MONTHS, LifeDuty, LifePeriod


@dataclass(frozen=True, slots=True)
class LifeRule:
    """An edition of the rule on a duty. It holds for the periods that begin while it is valid, until the next edition.

    Attributes:
        duty: what is owed.
        forms: the forms of organisations that owe it.
        period: how often.
        times: how often in a period; for group meetings of each group; for secretaries' training of what the yearly
            plan says.
        source: what it rests on.
        source_zh: the same in Chinese.
        valid_from: first day.
        valid_until: last day, included; without one until the next edition.
        committee_from: where given, only organisations with a committee owe it; one of which it isn't known has a
            committee from so many full members on.
        term_years: for elections, how long a term runs.
        shift_months: for elections, by how much one may come early, or late with the approval of the superior.
    """

    duty: LifeDuty
    forms: tuple[OrganisationForm, ...]
    period: LifePeriod
    times: int
    source: str
    source_zh: str
    valid_from: date
    valid_until: date | None = None
    committee_from: int | None = None
    term_years: int | None = None
    shift_months: int | None = None

    def __post_init__(self) -> None:
        """Refuse a rule that contradicts itself.

        Raises:
            ValueError: naming what is wrong, as `contradictions` does.
        """
        if found := contradictions(self):
            raise ValueError("; ".join(reason for _, reason, _ in found))


class RuleFacts(Protocol):
    """What of a rule, or of an event that tells one, may contradict itself."""

    @property
    def duty(self) -> LifeDuty:
        """What is owed."""
        ...

    @property
    def period(self) -> LifePeriod:
        """How often."""
        ...

    @property
    def term_years(self) -> int | None:
        """How long a term runs."""
        ...

    @property
    def shift_months(self) -> int | None:
        """By how much an election may come early or late."""
        ...

    @property
    def valid_from(self) -> date:
        """First day."""
        ...

    @property
    def valid_until(self) -> date | None:
        """Last day."""
        ...


def contradictions(rule: RuleFacts) -> list[tuple[str, str, str]]:
    """Return what doesn't fit in a rule: the field, and why, in English and Chinese."""
    found = []
    of_term = rule.duty in ELECTION_DUTIES
    if (rule.period is LifePeriod.TERM) != of_term:
        found.append(("period", "TERM is the period of elections, and only theirs", "任期仅用于换届，且换届只能用任期"))
    for name, value in (("term_years", rule.term_years), ("shift_months", rule.shift_months)):
        if (value is not None) != of_term:
            found.append((name, "is given for elections, and only for them", "换届须填写，其他事项不填写"))
    if rule.valid_until is not None and rule.valid_until < rule.valid_from:
        found.append(("valid_until", "is before the first day", "早于生效日期"))
    months = PERIOD_MONTHS.get(rule.period)
    if months is not None and (rule.valid_from.day != 1 or (rule.valid_from.month - 1) % months):
        found.append(("valid_from", "is not the first day of a period", "不是周期的首日"))
    return found


_BRANCHES: Final = (OrganisationForm.BRANCH, OrganisationForm.JOINT_BRANCH)
_ALL: Final = tuple(OrganisationForm)
_BRANCH_RULES: Final = "中国共产党支部工作条例（试行）(2018)"
_ELECTION_RULES: Final = "中国共产党基层组织选举工作条例 (2020)"
_STUDY: Final = "小个专党建研究 (X区, 2024)"
_SINCE: Final = date(2019, 1, 1)
_ELECTIONS_SINCE: Final = date(2020, 7, 1)

LIFE_RULES: Final[tuple[LifeRule, ...]] = (
    LifeRule(
        LifeDuty.MEMBERS_MEETING,
        _BRANCHES,
        LifePeriod.QUARTER,
        1,
        f"{_BRANCH_RULES}: generally once a quarter",
        f"{_BRANCH_RULES}：一般每季度召开1次",
        _SINCE,
    ),
    LifeRule(
        LifeDuty.COMMITTEE_MEETING,
        _BRANCHES,
        LifePeriod.MONTH,
        1,
        f"{_BRANCH_RULES}: generally once a month, where there is a committee; 7 full members have one",
        f"{_BRANCH_RULES}：一般每月召开1次；正式党员7人以上的设支委会",
        _SINCE,
        committee_from=7,
    ),
    LifeRule(
        LifeDuty.GROUP_MEETING,
        _BRANCHES,
        LifePeriod.MONTH,
        1,
        f"{_BRANCH_RULES}: generally once a month, each group",
        f"{_BRANCH_RULES}：党小组会一般每月召开1次",
        _SINCE,
    ),
    LifeRule(
        LifeDuty.LECTURE,
        _BRANCHES,
        LifePeriod.QUARTER,
        1,
        f"{_BRANCH_RULES}: at fixed times; once a quarter is local practice",
        f"{_BRANCH_RULES}：定期上党课；每季度1次为当地做法",
        _SINCE,
    ),
    LifeRule(
        LifeDuty.MARKET_TRAINING,
        _ALL,
        LifePeriod.QUARTER,
        1,
        f"{_STUDY}: persons in charge of markets are trained every quarter",
        f"{_STUDY}：每季度对市场负责人组织开展党建及业务培训",
        date(2024, 1, 1),
    ),
    LifeRule(
        LifeDuty.SECRETARY_TRAINING,
        _ALL,
        LifePeriod.YEAR,
        1,
        f"{_STUDY}: secretaries are trained by plan; the plan of the year says how often",
        f"{_STUDY}：按计划有序开展党组织书记培训，次数由年度计划确定",
        date(2024, 1, 1),
    ),
    LifeRule(
        LifeDuty.BRANCH_ELECTION,
        (*_BRANCHES, OrganisationForm.GENERAL_BRANCH),
        LifePeriod.TERM,
        1,
        f"{_ELECTION_RULES}: a term of three years; a shift of one year at the most",
        f"{_ELECTION_RULES}：每届任期3年；提前或者延期换届一般不超过1年",
        _ELECTIONS_SINCE,
        term_years=3,
        shift_months=12,
    ),
    LifeRule(
        LifeDuty.COMMITTEE_ELECTION,
        (OrganisationForm.COMMITTEE,),
        LifePeriod.TERM,
        1,
        f"{_ELECTION_RULES}: a term of five years; a shift of one year at the most",
        f"{_ELECTION_RULES}：每届任期5年；提前或者延期换届一般不超过1年",
        _ELECTIONS_SINCE,
        term_years=5,
        shift_months=12,
    ),
)
"""The rules by default. An edition that is published stands before one of these from its own first day on."""
