"""What of an annual report 年报 is held against the ledgers, and whether the two are the same (domain rule 7).

Whether it has an organisation is yes where any covers it, a joint or a catch-all one too: the question asks no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.vocabulary import DiscrepancyField, OrganisationCoverage


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What the ledgers know of an entity, counts alone.

    Attributes:
        full_members: full members who work there.
        probationary_members: probationary members who work there.
        coverage: 组织覆盖.
    """

    full_members: int
    probationary_members: int
    coverage: OrganisationCoverage

    def of(self, field: DiscrepancyField) -> int | bool:
        """Return what is known of a field."""
        if field is DiscrepancyField.FULL_MEMBERS:
            return self.full_members
        if field is DiscrepancyField.PROBATIONARY_MEMBERS:
            return self.probationary_members
        return self.coverage is not OrganisationCoverage.NONE


NOTHING: Final = LedgerFacts(0, 0, OrganisationCoverage.NONE)
"""What is known of an entity of which the ledgers told nothing: they tell of those alone that have something."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A field, as it is stated and as it is known."""

    stated: int | bool
    known: int | bool

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.stated != self.known


def compared(
    *,
    full_members: int | None,
    probationary_members: int | None,
    has_organisation: bool | None,
    facts: LedgerFacts,
) -> Mapping[DiscrepancyField, Pair]:
    """Return each field that is stated, beside what is known of it."""
    stated: Mapping[DiscrepancyField, int | bool | None] = {
        DiscrepancyField.FULL_MEMBERS: full_members,
        DiscrepancyField.PROBATIONARY_MEMBERS: probationary_members,
        DiscrepancyField.ORGANISATION: has_organisation,
    }
    return {field: Pair(value, facts.of(field)) for field, value in stated.items() if value is not None}
