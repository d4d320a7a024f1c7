"""Coverage and its duties, by the rules of the study."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import CoverageDuty, EntityKind, EntityState, OrganisationCoverage
from services.ledgers.domain.coverage import OUTSIDE, CoverageFacts, decide_coverage, founding_rule

DAY = date(2024, 2, 28)
ONE = (UUID(int=1),)
MARKET, HOUSEHOLD = EntityKind.SPECIALISED_MARKET, EntityKind.INDIVIDUAL_HOUSEHOLD

FACTS = st.builds(
    CoverageFacts,
    kind=st.sampled_from(EntityKind),
    state=st.sampled_from(EntityState),
    full_members=st.integers(0, 6),
    probationary_members=st.integers(0, 6),
    has_own=st.booleans(),
    organisation_ids=st.sampled_from([(), ONE]),
    assigned=st.booleans(),
)


def facts(
    full: int, *, own: bool = False, covered: bool = False, assigned: bool = False, kind: EntityKind = HOUSEHOLD
) -> CoverageFacts:
    return CoverageFacts(kind, EntityState.ACTIVE, full, 0, own, ONE if own or covered else (), assigned)


@pytest.mark.parametrize(
    ("known", "duty"),
    [
        (facts(3), CoverageDuty.MUST_FOUND),
        (facts(3, assigned=True), CoverageDuty.MUST_FOUND),
        (facts(3, covered=True), CoverageDuty.MET),
        (facts(3, own=True), CoverageDuty.MET),
        (facts(3, own=True, kind=MARKET), CoverageDuty.WORK_COVERAGE),
        (facts(3, own=True, assigned=True, kind=MARKET), CoverageDuty.MET),
        (facts(2), CoverageDuty.SHOULD_JOIN),
        (facts(1, assigned=True), CoverageDuty.SHOULD_JOIN),
        (facts(2, covered=True, kind=MARKET), CoverageDuty.MET),
        (facts(0), CoverageDuty.WORK_COVERAGE),
        (facts(0, assigned=True), CoverageDuty.MET),
        (facts(0, covered=True), CoverageDuty.MET),
        (facts(5, kind=EntityKind.OTHER), CoverageDuty.OUTSIDE),
        (facts(3, kind=EntityKind.UNKNOWN), CoverageDuty.MUST_FOUND),
    ],
)
def test_what_is_owed(known: CoverageFacts, duty: CoverageDuty) -> None:
    assert decide_coverage(known, DAY).duty is duty


@given(FACTS)
def test_only_what_counts_owes_and_probationary_members_never_oblige(known: CoverageFacts) -> None:
    decided = decide_coverage(known, DAY)
    counts = known.state is EntityState.ACTIVE and known.kind not in OUTSIDE
    assert (decided.duty is CoverageDuty.OUTSIDE) is not counts
    if decided.duty is CoverageDuty.MUST_FOUND:
        assert known.full_members >= founding_rule(DAY).full_members
        assert decided.organisation_coverage is OrganisationCoverage.NONE
    assert decided.work_coverage is known.assigned
