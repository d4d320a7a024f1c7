"""Which bureau line 条 an entity belongs to: the authority that registered it."""

from typing import Final

from contracts.vocabulary import Bureau

_BY_FIRST_CHARACTER: Final = {
    "1": Bureau.INSTITUTIONS,
    "3": Bureau.JUDICIAL,
    "5": Bureau.CIVIL_AFFAIRS,
    "8": Bureau.TRADE_UNION,
    "9": Bureau.MARKET_REGULATION,
    "N": Bureau.AGRICULTURE,
}


def bureau_of(uscc: str) -> Bureau:
    """Return the registering authority 登记管理部门: the first character of a valid USCC (GB 32100-2015, table 1).

    The authorities without a line of their own here (2 foreign affairs, 4 culture, 6 tourism, 7 religion, A, Y) are
    `OTHER`.
    """
    return _BY_FIRST_CHARACTER.get(uscc[0], Bureau.OTHER)
