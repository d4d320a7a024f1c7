"""The two coverages 两个覆盖 of an entity and what it still owes to them (domain rules 1 and 2).

Study of district X (2024): coverage is sought wherever there are members; an entity with three full members or more and
no organisation must found one 应建未建; with one or two it joins a joint one; with none a cadre sees to it. A market
with three or more must have both coverages complete.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.vocabulary import CoverageDuty, EntityKind, EntityState, OrganisationCoverage

OUTSIDE: Final = frozenset({EntityKind.OTHER})
"""The kinds that owe nothing here: cooperatives, unions, institutions, large firms. What isn't classified yet does."""


@dataclass(frozen=True, slots=True)
class FoundingRule:
    """From how many full members on an entity must found an organisation.

    Attributes:
        full_members: so many or more.
        valid_from: first day of the rule.
        source: where it is written.
    """

    full_members: int
    valid_from: date
    source: str


FOUNDING_RULES: Final = (FoundingRule(3, date.min, "study of district X (2024): 具有正式党员3名以上"),)
"""The rules by their first day, the latest last."""


def founding_rule(day: date) -> FoundingRule:
    """Return the rule that holds on a day."""
    return next(rule for rule in reversed(FOUNDING_RULES) if rule.valid_from <= day)


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """What the ledgers know of an entity that its coverage follows from.

    Attributes:
        kind: what it counts as.
        state: of its registration.
        full_members: full members who work there.
        probationary_members: probationary members who work there.
        has_own: whether an organisation was founded for it alone 单独组建.
        organisation_ids: all organisations that cover it, in order.
        assigned: whether a cadre is assigned to it, or to an organisation that covers it.
    """

    kind: EntityKind
    state: EntityState
    full_members: int
    probationary_members: int
    has_own: bool
    organisation_ids: tuple[UUID, ...]
    assigned: bool

    @property
    def is_bare(self) -> bool:
        """Whether nothing is known that coverage could be made of."""
        return not (self.full_members or self.probationary_members or self.organisation_ids or self.assigned)


@dataclass(frozen=True, slots=True)
class CoverageDecision:
    """What follows from the facts."""

    organisation_coverage: OrganisationCoverage
    work_coverage: bool
    duty: CoverageDuty


def decide_coverage(facts: CoverageFacts, day: date) -> CoverageDecision:
    """Decide on the coverage of an entity, by the rule of a day."""
    if facts.has_own:
        organisation = OrganisationCoverage.OWN
    else:
        organisation = OrganisationCoverage.COVERED if facts.organisation_ids else OrganisationCoverage.NONE
    return CoverageDecision(organisation, facts.assigned, _duty(facts, organisation, founding_rule(day)))


def _duty(facts: CoverageFacts, organisation: OrganisationCoverage, rule: FoundingRule) -> CoverageDuty:
    covered = organisation is not OrganisationCoverage.NONE
    if facts.state is not EntityState.ACTIVE or facts.kind in OUTSIDE:
        return CoverageDuty.OUTSIDE
    if facts.full_members >= rule.full_members:
        if not covered:
            return CoverageDuty.MUST_FOUND
        wants_both = facts.kind is EntityKind.SPECIALISED_MARKET and not facts.assigned
        return CoverageDuty.WORK_COVERAGE if wants_both else CoverageDuty.MET
    if facts.full_members:
        return CoverageDuty.MET if covered else CoverageDuty.SHOULD_JOIN
    return CoverageDuty.MET if covered or facts.assigned else CoverageDuty.WORK_COVERAGE
