"""What an entity counts as, by its code and by what its source calls it."""

from typing import Final

from contracts.vocabulary import EntityKind

SMALL_FORMS: Final = frozenset(
    {"小微企业", "小型微型企业", "小型、微型企业", "小型企业", "微型企业", "小微", "小型", "微型"}
)
"""The words of the kind column that prove a small enterprise.

A closed list of whole cells, because parts mislead: 中小微企业 includes medium ones, 非小微企业 says the opposite, and
小型微利企业 is a class of the tax law with other limits.
"""


MARKET_FORM: Final = "专业市场"
"""The word of the kind column that says that an entity is the operator of a specialised market."""


def kind_of(uscc: str, legal_form: str | None) -> EntityKind:
    """Return the kind of an entity.

    The code tells more than the column, so the code wins where they differ: a `91` that its source calls 个体工商户
    is an enterprise. Being small is a dated classification that a `91` doesn't prove, so such an entity is `UNKNOWN`
    until it is classified, unless its source says 小微企业. A specialised market is a place; no code makes one: it
    is one where its source says 专业市场 of the enterprise that operates it, whose code it then goes by.

    Args:
        uscc: a valid code.
        legal_form: 企业类型, as the source has it.
    """
    match uscc[:2]:
        case "92":
            return EntityKind.INDIVIDUAL_HOUSEHOLD
        case "91":
            if legal_form == MARKET_FORM:
                return EntityKind.SPECIALISED_MARKET
            return EntityKind.MICRO_SMALL_ENTERPRISE if legal_form in SMALL_FORMS else EntityKind.UNKNOWN
        case _:
            return EntityKind.OTHER


def may_count_as(uscc: str, kind: EntityKind) -> bool:
    """Tell whether an entity can be classified as a kind: a `92` is a household, and nothing else is one.

    Being small is a classification of enterprises, so of a `91`. Whoever operates a market may have any code.

    Args:
        uscc: a valid code.
        kind: what it would count as.
    """
    match kind:
        case EntityKind.SPECIALISED_MARKET:
            return True
        case EntityKind.INDIVIDUAL_HOUSEHOLD:
            return uscc.startswith("92")
        case EntityKind.MICRO_SMALL_ENTERPRISE:
            return uscc.startswith("91")
        case _:
            return not uscc.startswith("92")
