"""What a made-up district comes to: the study's figures, and what we assumed beyond them (demo/README.md says why)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

DISTRICT: Final = "500111"
"""County digits of the district's divisions; the study calls it X区."""
AS_OF: Final = date(2024, 2, 28)
"""The day of the study."""
EARLIEST: Final = date(2020, 1, 1)
"""Earliest day that a district may be of: what is older in it, up to 20 years, is then of this century."""


@dataclass(frozen=True, slots=True)
class BranchFigures:
    """A branch of a sub-association 分会 of the association of the self-employed 个私协.

    Attributes:
        place: short name of its township, by which the study calls it; None for one that the study doesn't name.
        managed: members who are managed there.
        related: those among them whose relation is there too.
        employees: people employed in its enterprises, where the study tells.
    """

    place: str | None
    managed: int
    related: int = 0
    employees: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Figures of a district. Where a comment names no source, the figure is ours.

    Attributes:
        enterprises: micro and small enterprises 小微企业.
        own: those with an organisation of their own; each has three full members.
        own_with_four: of those, how many have a fourth member.
        probationary: of the fourth members, how many are probationary.
        must_found: enterprises with three full members and no organisation 应建未建.
        two_members: enterprises with two full members and no organisation.
        one_member: enterprises with one and none.
        joined: of those with two, how many the branch of the micro enterprises' association 微企协会 covers.
        joined_related: members whom that branch manages and whose relation is there too.
        contacted: of those with one or two and no organisation, how many have a contact cadre.
        builder_related: of the members of 翔宇建筑, whose relation is in its branch.
        market_members: members at each market with an organisation of its own, 龙水五金市场 first.
        market_members_without: members at each market without one.
        households: individual households 个体工商户.
        branches: the organisations for households, each in a township of its own.
        unmanaged: household members who are managed by no branch of the district.
        townships: how many there are; the first ones have the branches.
        stations: stations 市场监管所 of the bureau of market regulation.
        three_lights: businesses of members that are 三亮.
        visited: distinct entities that cadres visited.
        excellence: enterprises with 卓越绩效.
        questionnaires: handed out on the 26 relief measures.
        developed: members developed in the first half of the year before last.
        confirmed: members confirmed in it.
    """

    enterprises: int
    own: int
    own_with_four: int
    probationary: int
    must_found: int
    two_members: int
    one_member: int
    joined: int
    joined_related: int
    contacted: int
    builder_related: int
    market_members: tuple[int, ...]
    market_members_without: tuple[int, ...]
    households: int
    branches: tuple[BranchFigures, ...]
    unmanaged: int
    townships: int
    stations: int
    three_lights: int
    visited: int
    excellence: int
    questionnaires: int
    developed: int
    confirmed: int

    @property
    def markets(self) -> int:
        """Specialised markets 专业市场."""
        return len(self.market_members) + len(self.market_members_without)

    @property
    def entities(self) -> int:
        """Entities of the three kinds."""
        return self.enterprises + self.markets + self.households

    @property
    def without_organisation(self) -> int:
        """Enterprises with one or two members and no organisation of their own."""
        return self.two_members + self.one_member

    @property
    def enterprise_members(self) -> int:
        """Members by workplace at micro and small enterprises."""
        own = 3 * self.own + self.own_with_four
        return own + 3 * self.must_found + 2 * self.two_members + self.one_member

    @property
    def market_members_all(self) -> int:
        """Members by workplace at markets."""
        return sum(self.market_members) + sum(self.market_members_without)

    @property
    def managed_households(self) -> int:
        """Households whose owner a branch manages: each is covered by that branch."""
        return sum(branch.managed for branch in self.branches)

    @property
    def household_members(self) -> int:
        """Members by workplace at households: each is its owner."""
        return self.managed_households + self.unmanaged

    @property
    def members(self) -> int:
        """All members."""
        return self.enterprise_members + self.market_members_all + self.household_members

    @property
    def organisations(self) -> int:
        """Organisations of the district: enterprises', markets', branches, and that of 微企协会."""
        return self.own + len(self.market_members) + len(self.branches) + 1

    @property
    def cadres(self) -> int:
        """Contact cadres: one an organisation, a market without one, one that must found, and some of the others."""
        return self.organisations + len(self.market_members_without) + self.must_found + self.contacted


_NAMED: Final = (
    BranchFigures("棠香", managed=62, related=4),
    BranchFigures("龙水", managed=80, related=0, employees=656),
    BranchFigures("铁山", managed=41, related=3),
    BranchFigures("石马", managed=38, related=2),
    BranchFigures("万古", managed=49, related=5),
)

DISTRICT_X: Final = Study(
    enterprises=438,
    own=104,
    own_with_four=28,
    probationary=12,
    must_found=4,
    two_members=27,
    one_member=27,
    joined=5,
    joined_related=3,
    contacted=27,
    builder_related=2,
    market_members=(12, 8, 7, 6, 5, 4),
    market_members_without=(2, 2, 2, 2, 2, 1, 1, 1, 0, 0),
    households=58_271,
    branches=(*_NAMED, *(BranchFigures(None, managed=45) for _ in range(8))),
    unmanaged=78,
    townships=27,
    stations=6,
    three_lights=648,
    visited=2_731,
    excellence=10,
    questionnaires=12_000,
    developed=16,
    confirmed=1,
)
"""District X, by the study of 2024."""

SMALL: Final = Study(
    enterprises=40,
    own=12,
    own_with_four=8,
    probationary=3,
    must_found=3,
    two_members=5,
    one_member=4,
    joined=2,
    joined_related=1,
    contacted=4,
    builder_related=2,
    market_members=(5, 3),
    market_members_without=(2, 1, 0, 0),
    households=250,
    branches=(
        BranchFigures("棠香", managed=8, related=2),
        BranchFigures("龙水", managed=10, related=0, employees=656),
        BranchFigures("铁山", managed=6, related=1),
        BranchFigures("石马", managed=5, related=1),
        BranchFigures("万古", managed=6, related=2),
        BranchFigures(None, managed=5),
    ),
    unmanaged=6,
    townships=9,
    stations=2,
    three_lights=40,
    visited=80,
    excellence=3,
    questionnaires=300,
    developed=4,
    confirmed=1,
)
"""A district for a first look: 296 entities; `demo.loading.states` adds one of each state, to 300."""
