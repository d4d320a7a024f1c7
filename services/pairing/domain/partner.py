"""Which organisation should help an entity that must found one, and why (domain rule 11, 结对共建).

Fit is every active organisation of our own in the entity's district that doesn't cover it. Of these the best is, by
the first difference: rated A or B, then not rated, then C or D; of the entity's township; of its line; with more
points; with the smaller id. The order is ours: the study says that the strong help the weak, not how they are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from contracts.vocabulary import UNASSIGNED_DIVISION, Bureau, OrganisationState, RatingBand

DISTRICT_DIGITS: Final = 6
TOWNSHIP_DIGITS: Final = 9
_WELL: Final = frozenset({RatingBand.A, RatingBand.B})
_NO_TOWNSHIP: Final = "000"
_NO_POINTS: Final = Decimal(0)


class ReasonWord(StrEnum):
    """Why a partner was chosen, or none; words for programs."""

    SAME_TOWNSHIP = "SAME_TOWNSHIP"
    SAME_DISTRICT = "SAME_DISTRICT"
    RATED_WELL = "RATED_WELL"
    NOT_RATED_YET = "NOT_RATED_YET"
    RATED_LOW = "RATED_LOW"
    SAME_LINE = "SAME_LINE"
    NONE_FIT = "NONE_FIT"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a word for programs, and a sentence in each language."""

    reason: str
    text: str
    text_zh: str


@dataclass(frozen=True, slots=True)
class Rating:
    """The rating of an organisation that is in force."""

    band: RatingBand
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A Party organisation as a partner may be chosen from.

    Attributes:
        external: whether it is one of a village, a community or another district.
        rating: in force, where there is one.
        covers: those of the entities looked at that it covers.
    """

    organisation_id: UUID
    state: OrganisationState
    external: bool
    division_code: str
    bureau: Bureau
    rating: Rating | None
    covers: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Entity:
    """The entity that is to be helped."""

    entity_id: UUID
    division_code: str
    bureau: Bureau


@dataclass(frozen=True, slots=True)
class Choice:
    """A partner and why, or none and why."""

    partner_organisation_id: UUID | None
    reasons: tuple[Reason, ...]


Rank = tuple[int, bool, bool, Decimal, UUID]


def district_of(division_code: str) -> str:
    """Return the digits of a division code that name its district."""
    return division_code[:DISTRICT_DIGITS]


def is_fit(organisation: Organisation, entity: Entity) -> bool:
    """Tell whether an organisation could be an entity's partner. An unassigned entity has none."""
    return (
        organisation.state is OrganisationState.ACTIVE
        and not organisation.external
        and entity.division_code != UNASSIGNED_DIVISION
        and district_of(organisation.division_code) == district_of(entity.division_code)
        and entity.entity_id not in organisation.covers
    )


def rank(organisation: Organisation, entity: Entity) -> Rank:
    """Return what fit organisations are ordered by, best first; no two are equal."""
    rating = organisation.rating
    tier = 1 if rating is None else 0 if rating.band in _WELL else 2
    return (
        tier,
        not _same_township(organisation, entity),
        organisation.bureau is not entity.bureau,
        -(_NO_POINTS if rating is None else rating.points),
        organisation.organisation_id,
    )


def choose(entity: Entity, organisations: Sequence[Organisation], present: UUID | None) -> Choice:
    """Choose the partner of an entity.

    The present one stays as long as it is fit, though a better one became known: people may already have met. So of
    several fit ones the choice depends on which were known when it was made; that there is one, and why, doesn't.

    Args:
        entity: that is to be helped.
        organisations: all of its district, in any order.
        present: the partner suggested so far.
    """
    fit = [one for one in organisations if is_fit(one, entity)]
    if not fit:
        return Choice(None, (_none_fit(entity),))
    stays = [one for one in fit if one.organisation_id == present]
    partner = min(stays or fit, key=lambda one: rank(one, entity))
    return Choice(partner.organisation_id, _reasons(partner, entity))


def _same_township(organisation: Organisation, entity: Entity) -> bool:
    township = entity.division_code[:TOWNSHIP_DIGITS]
    return township == organisation.division_code[:TOWNSHIP_DIGITS] and not township.endswith(_NO_TOWNSHIP)


def _none_fit(entity: Entity) -> Reason:
    if entity.division_code == UNASSIGNED_DIVISION:
        return Reason(
            ReasonWord.NONE_FIT, "The entity is assigned to no division yet.", "该主体尚未分配行政区划，暂无法推荐。"
        )
    return Reason(ReasonWord.NONE_FIT, "No organisation of the district is fit yet.", "本区暂无合适的党组织。")


def _reasons(partner: Organisation, entity: Entity) -> tuple[Reason, ...]:
    found = [_where(partner, entity), _how_rated(partner.rating)]
    if partner.bureau is entity.bureau:
        line = entity.bureau
        found.append(Reason(ReasonWord.SAME_LINE, f"It is of the same line, {line.value}.", f"同属{line.zh}条线。"))
    return tuple(found)


def _where(partner: Organisation, entity: Entity) -> Reason:
    if _same_township(partner, entity):
        township = entity.division_code[:TOWNSHIP_DIGITS]
        return Reason(ReasonWord.SAME_TOWNSHIP, f"It is in the same township, {township}.", f"同属镇街{township}。")
    district = district_of(entity.division_code)
    return Reason(ReasonWord.SAME_DISTRICT, f"It is in the same district, {district}.", f"同属区县{district}。")


def _how_rated(rating: Rating | None) -> Reason:
    if rating is None:
        return Reason(ReasonWord.NOT_RATED_YET, "It is not rated yet.", "尚未评定堡垒指数。")
    word = ReasonWord.RATED_WELL if rating.band in _WELL else ReasonWord.RATED_LOW
    return Reason(word, f"It is rated {rating.band.value}.", f"堡垒指数为{rating.band.zh}。")
