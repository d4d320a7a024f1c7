"""The points of each part of the fortress index, with the reason: pure arithmetic on what the ledgers told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts.vocabulary import AssessedPart, Bureau, OrganisationCoverage, OrganisationState
from services.assessment.domain.scheme import Part, rounded

MOST_SEEN: Final = 100
"""Facts that the evidence of one part names at the most; the contract's limit."""

FULL_SIZE: Final = 3
"""Full members from which on a branch has the points of its size: as many as make founding a duty (domain rule 2)."""

_NONE: Final = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact that was looked at: the topic that tells it, its key, its version."""

    aggregate: str
    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is known of an organisation.

    Attributes:
        external: 外部党组织: on record for members' relations only.
        state: whether it is dissolved.
        division_code: 行政区划.
        bureau: the line 条.
        seen: the fact that told it.
    """

    external: bool
    state: OrganisationState
    division_code: str
    bureau: Bureau
    seen: Seen


@dataclass(frozen=True, slots=True)
class Membership:
    """How many members an organisation has, by relation 组织关系 and by management 管理 (domain rule 3)."""

    related: int
    managed: int
    related_and_managed: int
    full_related: int
    full_managed: int
    seen: Seen


@dataclass(frozen=True, slots=True)
class CoveredEntities:
    """Entities of an organisation that are covered alike.

    Attributes:
        organisation_coverage: 组织覆盖.
        work_coverage: 工作覆盖.
        known: whether their coverage was told yet; where it wasn't, the two before say nothing is covered.
        entities: how many, from 1.
    """

    organisation_coverage: OrganisationCoverage
    work_coverage: bool
    known: bool
    entities: int

    @property
    def both(self) -> bool:
        """Whether both coverages 两个覆盖 are complete (domain rule 1)."""
        return self.organisation_coverage is not OrganisationCoverage.NONE and self.work_coverage


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rating of one organisation rests on.

    Attributes:
        organisation: what it is.
        membership: its members, once they were counted.
        entities: those it covers, counted by their coverage.
        coverages: the facts that told that, the highest version first and at most `MOST_SEEN - 1`.
    """

    organisation: Organisation
    membership: Membership | None
    entities: tuple[CoveredEntities, ...]
    coverages: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a part has its points.

    Attributes:
        part: the part.
        points: given, two places.
        of: at the most.
        reason: with the figures, in English.
        reason_zh: the same in Chinese.
        seen: the facts it rests on.
    """

    part: AssessedPart
    points: Decimal
    of: Decimal
    reason: str
    reason_zh: str
    seen: tuple[Seen, ...]

    @property
    def said(self) -> tuple[AssessedPart, Decimal, Decimal, str, str]:
        """What it says, without the facts it rests on."""
        return self.part, self.points, self.of, self.reason, self.reason_zh


def assess(part: Part, facts: Facts) -> Evidence:
    """Return the points of a part, between 0 and the scheme's, and why."""
    return _ASSESSED[part.part](part, facts)


def _coverage(part: Part, facts: Facts) -> Evidence:
    total = sum(one.entities for one in facts.entities)
    both = sum(one.entities for one in facts.entities if one.both)
    unknown = sum(one.entities for one in facts.entities if not one.known)
    seen = (facts.organisation.seen, *facts.coverages)
    if total == 0:
        return Evidence(part.part, _NONE, part.points, "It covers no entity.", "未覆盖任何市场主体。", seen)
    have = "entity has" if total == 1 else "entities have"
    reason, reason_zh = f"{both} of {total} {have} both coverages.", f"{total}个主体中{both}个“两个覆盖”齐全。"
    if unknown:
        reason += f" Of {unknown} the coverage is not known yet."
        reason_zh += f"其中{unknown}个的覆盖情况尚不清楚。"
    if total - unknown > len(facts.coverages):
        reason += f" The {len(facts.coverages)} of the highest version are named here."
        reason_zh += f"此处列出其中版本最高的{len(facts.coverages)}个。"
    return Evidence(part.part, _share(part.points, both, total), part.points, reason, reason_zh, seen)


def _relation_gap(part: Part, facts: Facts) -> Evidence:
    members = facts.membership
    if members is None:
        return _not_counted(part)
    if members.managed == 0:
        if members.related == 0:
            reason, reason_zh = "Nobody is related or managed here.", "无党员：组织关系、管理均无在此者。"
        else:
            reason = f"Nobody is managed here; members related here who are managed elsewhere: {members.related}."
            reason_zh = f"无在此管理的党员；组织关系在此的{members.related}名均在他处管理。"
        return Evidence(part.part, _NONE, part.points, reason, reason_zh, (members.seen,))
    here = min(members.related_and_managed, members.managed)
    who, whose = ("member", "has its") if members.managed == 1 else ("members", "have their")
    return Evidence(
        part.part,
        _share(part.points, here, members.managed),
        part.points,
        f"{here} of {members.managed} {who} managed here {whose} relation here.",
        f"管理党员{members.managed}名，其中组织关系在本组织{here}名。",
        (members.seen,),
    )


def _size(part: Part, facts: Facts) -> Evidence:
    members = facts.membership
    if members is None:
        return _not_counted(part)
    full = max(members.full_related, members.full_managed)
    return Evidence(
        part.part,
        _share(part.points, min(full, FULL_SIZE), FULL_SIZE),
        part.points,
        f"{full} full member{'' if full == 1 else 's'}: {members.full_related} by relation, "
        f"{members.full_managed} by management.",
        f"正式党员{full}名（按组织关系{members.full_related}名，按管理{members.full_managed}名）。",
        (members.seen,),
    )


def _not_counted(part: Part) -> Evidence:
    return Evidence(part.part, _NONE, part.points, "Its members are not counted yet.", "党员数尚未统计。", ())


def _share(points: Decimal, some: int, of: int) -> Decimal:
    return rounded(points * some / of)


_ASSESSED: Final[Mapping[AssessedPart, Callable[[Part, Facts], Evidence]]] = {
    AssessedPart.COVERAGE: _coverage,
    AssessedPart.RELATION_GAP: _relation_gap,
    AssessedPart.SIZE: _size,
}
