"""The scheme that assessment begins with, until the district publishes an edition of its own."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from contracts.vocabulary import AssessedPart, RatingBand
from services.assessment.domain.scheme import Band, Edition, Part, Scheme

FORTRESS_INDEX: Final = uuid5(NAMESPACE_URL, "urn:lianhe:assessment:scheme:fortress-index")
"""Id of the scheme of the fortress index: the same everywhere, so that it is published once."""

FIRST: Final = Edition(
    FORTRESS_INDEX,
    1,
    Scheme(
        name="Fortress index of organisations in 小个专, first scheme",
        name_zh="“小个专”党组织堡垒指数评分办法（第一版）",
        source=(
            "Study of district X, 2024, on assessment by the fortress index with the bands A to D; points and bands "
            "are a local parameter, a district can change it. "
            "X区2024年调研（堡垒指数，A、B、C、D类）；分值与等级为本地参数，区县可调整。"
        ),
        parts=(
            Part(
                AssessedPart.COVERAGE,
                Decimal("40.00"),
                "40 points times the share of its entities with both coverages.",
                "按所覆盖主体中“两个覆盖”齐全的比例计40分。",
            ),
            Part(
                AssessedPart.RELATION_GAP,
                Decimal("40.00"),
                "40 points times the share of those managed whose relation is here.",
                "按所管理党员中组织关系在本组织的比例计40分。",
            ),
            Part(
                AssessedPart.SIZE,
                Decimal("20.00"),
                "20 points from three full members on, a third of that each.",
                "正式党员达3名计20分，不足按三分之一递减。",
            ),
        ),
        bands=(
            Band(RatingBand.A, Decimal("85.00")),
            Band(RatingBand.B, Decimal("70.00")),
            Band(RatingBand.C, Decimal("60.00")),
            Band(RatingBand.D, Decimal("0.00")),
        ),
        valid_from=date(2024, 1, 1),
    ),
)
"""Points and bands as in the contract's example of a scheme."""
