"""Gatherings: which facts fit together (domain rule 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.rules.life import LifeRule
from contracts.vocabulary import (
    Audience,
    GatheringKind,
    GatheringPlace,
    GatheringTopic,
    LifeDuty,
    OrganisationForm,
)
from services.ledgers.domain.life import add_months, rule_of, term_end
from services.ledgers.domain.misfit import Misfit


@dataclass(frozen=True, slots=True)
class GatheringFacts:
    """What a command states of a gathering."""

    kind: GatheringKind
    audience: Audience | None
    held_on: date
    place: GatheringPlace
    topics: Sequence[GatheringTopic]
    expected: int
    present: int
    term_until: date | None
    postponed_until: date | None


def election_rule(form: OrganisationForm, rules: Sequence[LifeRule], on: date) -> LifeRule | None:
    """Return the rule by which an organisation of this form elects, or None where none holds on the day."""
    is_committee = form is OrganisationForm.COMMITTEE
    return rule_of(LifeDuty.COMMITTEE_ELECTION if is_committee else LifeDuty.BRANCH_ELECTION, rules, on)


def term_of(facts: GatheringFacts, rule: LifeRule | None) -> date | None:
    """Return the last day of the term that a gathering begins: as stated, else by the rule; None where it begins none.

    Args:
        facts: of the gathering.
        rule: by which the organisation elects.
    """
    if facts.kind is not GatheringKind.ELECTION or facts.term_until is not None:
        return facts.term_until
    return None if rule is None or rule.term_years is None else term_end(facts.held_on, rule.term_years)


def misfits(facts: GatheringFacts, rule: LifeRule | None, today: date) -> list[Misfit]:
    """Return what doesn't fit; nothing where all does.

    Args:
        facts: of the gathering.
        rule: by which the organisation elects.
        today: the day it is.
    """
    found = []
    if facts.held_on > today:
        found.append(Misfit("/heldOn", "is in the future; record it once it was held", "晚于今日，请在开展后记录"))
    if len(set(facts.topics)) != len(facts.topics):
        found.append(Misfit("/topics", "a topic stands there twice", "议题重复"))
    if facts.present > facts.expected:
        found.append(Misfit("/present", "is more than were to come", "实到人数多于应到人数"))
    if facts.kind is GatheringKind.TRAINING and facts.audience is None:
        found.append(Misfit("/audience", "is needed: a training says whom it trains", "培训须填写参加对象"))
    if facts.kind is GatheringKind.ELECTION:
        found += _of_election(facts, rule)
        return found
    for pointer, value in (("/termUntil", facts.term_until), ("/postponedUntil", facts.postponed_until)):
        if value is not None:
            found.append(Misfit(pointer, "is given for elections alone", "仅换届选举填写"))
    return found


def _of_election(facts: GatheringFacts, rule: LifeRule | None) -> list[Misfit]:
    term = term_of(facts, rule)
    if term is None:
        return [Misfit("/termUntil", "is needed: no rule says how long the term is", "须填写：该日期没有任期规则")]
    if term <= facts.held_on:
        return [Misfit("/termUntil", "is not after the election", "不晚于选举日期")]
    late = facts.postponed_until
    if late is None:
        return []
    if late <= term:
        return [Misfit("/postponedUntil", "is not after the end of the term", "不晚于任期截止日期")]
    if rule is not None and rule.shift_months is not None and late > add_months(term, rule.shift_months):
        months = rule.shift_months
        return [Misfit("/postponedUntil", f"is more than {months} months late", f"延期超过{months}个月")]
    return []
