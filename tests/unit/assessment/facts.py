"""Facts on an organisation, as a test makes them up."""

from decimal import Decimal

from hypothesis import strategies as st

from contracts.vocabulary import AssessedPart, Bureau, OrganisationCoverage, OrganisationState
from services.assessment.domain.scheme import Part
from services.assessment.domain.scoring import CoveredEntities, Facts, Membership, Organisation, Seen

ORGANISATION = Organisation(
    external=False,
    state=OrganisationState.ACTIVE,
    division_code="500111101000",
    bureau=Bureau.MARKET_REGULATION,
    seen=Seen("ledgers-organisation", "o", 1),
)
OWN = CoveredEntities(OrganisationCoverage.OWN, work_coverage=True, known=True, entities=1)
JOINT = CoveredEntities(OrganisationCoverage.COVERED, work_coverage=True, known=True, entities=1)
NO_WORK = CoveredEntities(OrganisationCoverage.OWN, work_coverage=False, known=True, entities=1)
NO_ORGANISATION = CoveredEntities(OrganisationCoverage.NONE, work_coverage=True, known=True, entities=1)
UNKNOWN = CoveredEntities(OrganisationCoverage.NONE, work_coverage=False, known=False, entities=1)
COUNTED = Seen("ledgers-membership", "o", 2)


def part(which: AssessedPart, points: str = "40.00") -> Part:
    """Return a part of a scheme."""
    return Part(which, Decimal(points), "a rule", "办法")


def members(
    related: int = 0, managed: int = 0, both: int = 0, full_related: int = 0, full_managed: int = 0
) -> Membership:
    """Return how many members there are."""
    return Membership(related, managed, both, full_related, full_managed, COUNTED)


def facts(*entities: CoveredEntities, membership: Membership | None = None) -> Facts:
    """Return the facts on an organisation; of each known entity one is seen."""
    known = sum(one.entities for one in entities if one.known)
    seen = tuple(Seen("ledgers-coverage", f"e{number}", 1) for number in range(min(known, 99)))
    return Facts(ORGANISATION, membership, entities, seen)


_COUNT = st.integers(0, 10_000)
groups = st.lists(
    st.builds(
        CoveredEntities,
        st.sampled_from(OrganisationCoverage),
        st.booleans(),
        st.booleans(),
        st.integers(1, 10_000),
    ),
    max_size=6,
)
any_facts = st.builds(
    lambda entities, counted: facts(*entities, membership=counted),
    groups,
    st.none() | st.builds(members, _COUNT, _COUNT, _COUNT, _COUNT, _COUNT),
)
"""Facts of any figures, also of such as contradict each other."""
