"""A scheme: its bands, and what may follow what."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import AssessedPart, RatingBand
from services.assessment.domain.first_scheme import FIRST, FORTRESS_INDEX
from services.assessment.domain.scheme import Band, Part, Scheme, faults, rounded

NEXT = replace(FIRST.scheme, valid_from=date(2024, 1, 2))
PART = Part(AssessedPart.SIZE, Decimal(1), "a rule", "办法")
POINTS = st.decimals(0, 9999, places=2)


def bands(*falling: tuple[str, int]) -> tuple[Band, ...]:
    return tuple(Band(RatingBand(band), Decimal(at_least)) for band, at_least in falling)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    words = draw(st.lists(st.sampled_from(list(RatingBand)), min_size=1, unique=True))
    edges = draw(st.lists(POINTS.filter(bool), min_size=len(words) - 1, max_size=len(words) - 1, unique=True))
    falling = [*sorted(edges, reverse=True), Decimal(0)]
    return replace(NEXT, bands=tuple(map(Band, sorted(words), falling)))


def test_the_first_scheme_is_the_one_of_the_study() -> None:
    assert str(FORTRESS_INDEX) == "ac3fdd43-44ac-57df-a824-bf9681c9b165"
    assert (FIRST.version, FIRST.valid_until, FIRST.scheme.valid_from) == (1, None, date(2024, 1, 1))
    assert sum(part.points for part in FIRST.scheme.parts) == 100
    assert faults(replace(FIRST.scheme, valid_from=date(2025, 1, 1)), FIRST.scheme) == []


@pytest.mark.parametrize(
    ("points", "band"),
    [("100", "A"), ("85", "A"), ("84.99", "B"), ("70", "B"), ("69.99", "C"), ("60", "C"), ("59.99", "D"), ("0", "D")],
)
def test_a_band_is_reached_from_its_points_on(points: str, band: str) -> None:
    assert FIRST.scheme.band_of(Decimal(points)) == band


@given(schemes(), POINTS, POINTS)
def test_more_points_never_reach_a_lower_band(scheme: Scheme, one: Decimal, other: Decimal) -> None:
    assert faults(scheme, FIRST.scheme) == []
    lower, higher = sorted([one, other])
    assert scheme.band_of(higher) <= scheme.band_of(lower)  # A comes before D


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({}, []),
        ({"valid_from": date(2024, 1, 1)}, ["/validFrom"]),
        ({"valid_from": date(2023, 12, 31)}, ["/validFrom"]),
        ({"parts": ()}, ["/parts"]),
        ({"parts": (PART,)}, []),
        ({"parts": (PART, PART)}, ["/parts/0/part", "/parts/1/part"]),
        ({"bands": ()}, ["/bands"]),
        ({"bands": bands(("D", 0))}, []),
        ({"bands": bands(("A", 1))}, ["/bands/0/atLeast"]),
        ({"bands": bands(("A", 60), ("C", 0))}, []),
        ({"bands": bands(("A", 60), ("B", 60), ("C", 0))}, ["/bands/1/atLeast"]),
        ({"bands": bands(("A", 60), ("B", 61), ("C", 0))}, ["/bands/1/atLeast"]),
        ({"bands": bands(("B", 60), ("A", 0))}, ["/bands/1/band"]),
        ({"bands": bands(("A", 60), ("A", 0))}, ["/bands/1/band"]),
        ({"parts": (), "bands": bands(("A", 60), ("B", 10))}, ["/parts", "/bands/1/atLeast"]),
    ],
)
def test_what_can_t_be_published_is_named_by_its_place_in_both_languages(
    changed: dict[str, Any], places: list[str]
) -> None:
    found = faults(replace(NEXT, **changed), FIRST.scheme)
    assert [one.place for one in found] == places
    for one in found:
        assert one.reason.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in one.reason_zh)


@pytest.mark.parametrize(("points", "expected"), [("0.005", "0.01"), ("0.0049", "0.00"), ("26.665", "26.67")])
def test_halves_are_rounded_up(points: str, expected: str) -> None:
    assert str(rounded(Decimal(points))) == expected
