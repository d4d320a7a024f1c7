import pytest

from contracts.vocabulary import Bureau, EntityKind
from services.registration.domain.bureau import bureau_of
from services.registration.domain.kind import kind_of


@pytest.mark.parametrize(
    ("prefix", "legal_form", "kind"),
    [
        ("92", None, EntityKind.INDIVIDUAL_HOUSEHOLD),
        ("92", "个体工商户", EntityKind.INDIVIDUAL_HOUSEHOLD),
        ("92", "小微企业", EntityKind.INDIVIDUAL_HOUSEHOLD),
        ("91", None, EntityKind.UNKNOWN),
        ("91", "有限责任公司", EntityKind.UNKNOWN),
        ("91", "个体工商户", EntityKind.UNKNOWN),
        ("91", "小微企业", EntityKind.MICRO_SMALL_ENTERPRISE),
        ("91", "微型企业", EntityKind.MICRO_SMALL_ENTERPRISE),
        ("91", "小型", EntityKind.MICRO_SMALL_ENTERPRISE),
        ("91", "专业市场", EntityKind.SPECIALISED_MARKET),
        ("92", "专业市场", EntityKind.INDIVIDUAL_HOUSEHOLD),
        ("91", "专业市场有限公司", EntityKind.UNKNOWN),
        ("91", "中小微企业", EntityKind.UNKNOWN),
        ("91", "非小微企业", EntityKind.UNKNOWN),
        ("93", "农民专业合作社", EntityKind.OTHER),
        ("93", "小微企业", EntityKind.OTHER),
        ("81", None, EntityKind.OTHER),
        ("12", None, EntityKind.OTHER),
        ("52", None, EntityKind.OTHER),
        ("N2", None, EntityKind.OTHER),
    ],
)
def test_the_code_tells_the_kind_and_wins_over_the_column(
    prefix: str, legal_form: str | None, kind: EntityKind
) -> None:
    assert kind_of(prefix + "5001012079647987", legal_form) is kind


@pytest.mark.parametrize(
    ("first", "bureau"),
    [
        ("9", Bureau.MARKET_REGULATION),
        ("5", Bureau.CIVIL_AFFAIRS),
        ("1", Bureau.INSTITUTIONS),
        ("8", Bureau.TRADE_UNION),
        ("3", Bureau.JUDICIAL),
        ("N", Bureau.AGRICULTURE),
        ("2", Bureau.OTHER),
        ("Y", Bureau.OTHER),
    ],
)
def test_the_first_character_tells_the_authority(first: str, bureau: Bureau) -> None:
    assert bureau_of(first + "15001012079647987") is bureau
