"""A scheme of the fortress index 堡垒指数: parts with points, bands; published in editions, each from a day on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final
from uuid import UUID

from contracts.vocabulary import AssessedPart, RatingBand

CENT: Final = Decimal("0.01")
"""Points have two places."""


def rounded(points: Decimal) -> Decimal:
    """Return points with two places, halves rounded up."""
    return points.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a scheme.

    Attributes:
        part: what is looked at.
        points: at the most, two places.
        rule: how they are found, in English; shown, never computed from.
        rule_zh: the same in Chinese.
    """

    part: AssessedPart
    points: Decimal
    rule: str
    rule_zh: str


@dataclass(frozen=True, slots=True)
class Band:
    """A band, and from how many points on it is reached."""

    band: RatingBand
    at_least: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What a scheme says.

    Attributes:
        name: in English.
        name_zh: in Chinese.
        source: what it rests on.
        parts: each kind at most once.
        bands: highest first, the last from 0 on.
        valid_from: first day, Asia/Shanghai.
    """

    name: str
    name_zh: str
    source: str
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]
    valid_from: date

    def band_of(self, points: Decimal) -> RatingBand:
        """Return the band that so many points reach."""
        return next((one.band for one in self.bands if points >= one.at_least), self.bands[-1].band)


@dataclass(frozen=True, slots=True)
class Edition:
    """A scheme as it was published.

    Attributes:
        scheme_id: the same for all its editions.
        version: counts the editions from 1.
        scheme: what it says.
        valid_until: last day, included, once the next edition is published.
    """

    scheme_id: UUID
    version: int
    scheme: Scheme
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a scheme can't be published: the place in it, and the reason in English and Chinese."""

    place: str
    reason: str
    reason_zh: str


def faults(scheme: Scheme, former: Scheme) -> list[Fault]:
    """Return why a scheme can't follow a former one; empty where it can."""
    return [*_faults_of_parts(scheme.parts), *_faults_of_bands(scheme.bands), *_faults_of_days(scheme, former)]


def _faults_of_parts(parts: Sequence[Part]) -> Iterator[Fault]:
    if not parts:
        yield Fault("/parts", "at least one part is needed", "至少需要一个考核项")
    counts = Counter(one.part for one in parts)
    for index, one in enumerate(parts):
        if counts[one.part] > 1:
            yield Fault(f"/parts/{index}/part", f"{one.part.value} stands here more than once", f"“{one.part.zh}”重复")


def _faults_of_bands(bands: Sequence[Band]) -> Iterator[Fault]:
    if not bands:
        yield Fault("/bands", "at least one band is needed", "至少需要一个等级")
        return
    order = list(RatingBand)
    for index, (higher, lower) in enumerate(pairwise(bands), 1):
        if order.index(lower.band) <= order.index(higher.band):
            yield Fault(
                f"/bands/{index}/band",
                f"{lower.band.value} can't follow {higher.band.value}: each band once, the highest first",
                f"{lower.band.zh}不能排在{higher.band.zh}之后：等级应由高到低，不得重复",
            )
        if lower.at_least >= higher.at_least:
            yield Fault(
                f"/bands/{index}/atLeast",
                f"{lower.at_least} is not below {higher.at_least}, from which the band before it is reached",
                f"{lower.at_least}应低于前一等级的{higher.at_least}",
            )
    if bands[-1].at_least != 0:
        yield Fault(
            f"/bands/{len(bands) - 1}/atLeast",
            "the last band must be reached from 0 on, so that every rating has one",
            "最后一个等级应从0分起，使每次评定都有等级",
        )


def _faults_of_days(scheme: Scheme, former: Scheme) -> Iterator[Fault]:
    if scheme.valid_from <= former.valid_from:
        yield Fault(
            "/validFrom",
            f"{scheme.valid_from} is not after {former.valid_from}, the first day of the edition before it",
            f"{scheme.valid_from}应晚于上一版的生效日{former.valid_from}",
        )
