"""Rules about Party organisations: terms of election, form by size, committees, and when founding is due.

Regulations as reprinted in the study, or official practice; a rule marked [local] is this deployment's own assumption.
Only the standard library and the vocabulary are imported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Protocol, TypeVar

from contracts.vocabulary import OrganisationForm


class Dated(Protocol):
    """A rule that holds from a day on."""

    @property
    def valid_from(self) -> date:
        """First day of the rule."""
        ...


Rule = TypeVar("Rule", bound=Dated)


@dataclass(frozen=True, slots=True)
class ElectionRule:
    """How long those elected stay 任期, and how long an election may be put off 延期换届.

    Attributes:
        years: the term, by the form of the organisation.
        most_years_put_off: so much later, at the most.
        source: where it is written.
        valid_from: first day of the rule.
    """

    years: Mapping[OrganisationForm, int]
    most_years_put_off: int
    source: str
    valid_from: date = date.min


@dataclass(frozen=True, slots=True)
class SizeRule:
    """Which form the number of members suggests; the superior organisation approves it.

    Attributes:
        general_branch_over: more members by relation than this suggest a general branch 党总支.
        committee_over: more than this suggest a committee 党委.
        source: where it is written.
        valid_from: first day of the rule.
    """

    general_branch_over: int
    committee_over: int
    source: str
    valid_from: date = date.min


@dataclass(frozen=True, slots=True)
class CommitteeRule:
    """From how many full members on a branch has a committee 支部委员会.

    Attributes:
        full_members: so many or more.
        source: where it is written.
        valid_from: first day of the rule.
    """

    full_members: int
    source: str
    valid_from: date = date.min


@dataclass(frozen=True, slots=True)
class FoundingTerm:
    """How long an entity that must found an organisation 应建未建 has for it.

    Attributes:
        days: from the first day on which it must.
        source: where it is written.
        valid_from: first day of the rule.
    """

    days: int
    source: str
    valid_from: date = date.min


_THREE_YEARS, _FIVE_YEARS = 3, 5

ELECTION_RULES: Final = (
    ElectionRule(
        MappingProxyType(
            {
                OrganisationForm.BRANCH: _THREE_YEARS,
                OrganisationForm.JOINT_BRANCH: _THREE_YEARS,
                OrganisationForm.GENERAL_BRANCH: _THREE_YEARS,
                OrganisationForm.COMMITTEE: _FIVE_YEARS,
            }
        ),
        1,
        "中国共产党基层组织选举工作条例 (2020), on 任期 and 延期换届; as in domain rule 6 [R]",
    ),
)
"""Five years hold for branches of villages and communities, too: those are external here, their elections not kept."""
SIZE_RULES: Final = (
    SizeRule(50, 100, "中国共产党支部工作条例（试行） (2018) and 党章 on 党总支 and 党委; as in domain rule 2 [R]"),
)
COMMITTEE_RULES: Final = (CommitteeRule(7, "中国共产党支部工作条例（试行） (2018), on 支部委员会; domain rule 2 [R]"),)
FOUNDING_TERMS: Final = (FoundingTerm(180, "[local] our assumption: the study names no term for 应建未建"),)


def rule_on(rules: Sequence[Rule], day: date) -> Rule:
    """Return the rule that holds on a day, of rules by their first day, the latest last.

    Raises:
        LookupError: none holds yet.
    """
    for rule in reversed(rules):
        if rule.valid_from <= day:
            return rule
    raise LookupError(day)


def election_due(form: OrganisationForm, held_on: date) -> date:
    """Return the day on which the next election is due, by the rule of the day on which the last was held."""
    return years_after(held_on, rule_on(ELECTION_RULES, held_on).years[form])


def latest_election(form: OrganisationForm, held_on: date) -> date:
    """Return the last day to which the next election may be put off."""
    return years_after(election_due(form, held_on), rule_on(ELECTION_RULES, held_on).most_years_put_off)


def founding_due(since: date) -> date:
    """Return the day on which an entity that must found an organisation since a day should have one."""
    return since + timedelta(days=rule_on(FOUNDING_TERMS, since).days)


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
