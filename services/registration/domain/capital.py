"""Registered capital 注册资金: an amount of money, and how the registers write it."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

AMOUNT_DECIMALS: Final = 4
AMOUNT_LIMIT: Final = Decimal(10**16)
"""An amount is below it: 20 digits with 4 decimals, which is what the event and its readers hold."""

# A context of our own: the process's one may be set to round or to raise by anybody.
_CONTEXT: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_CENT_OF_CENT: Final = Decimal(1).scaleb(-AMOUNT_DECIMALS)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_WRITTEN: Final = re.compile(
    r"(?P<before>[^0-9()+-]*)(?P<number>[0-9][0-9,]{0,29}(?:\.[0-9]{1,20})?)\(?(?P<after>[^0-9()]*)\)?"
)
_GROUPED: Final = re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+")
_POWERS: Final = {"万": 4, "亿": 8}
_CURRENCIES: Final = {
    # The word as it stands once 万, 亿 and 元 are taken out of it.
    "": "CNY",
    "人民币": "CNY",
    "RMB": "CNY",
    "CNY": "CNY",
    "¥": "CNY",
    "美": "USD",
    "USD": "USD",
    "$": "USD",
    "香港": "HKD",
    "港": "HKD",
    "港币": "HKD",
    "HKD": "HKD",
    "澳门": "MOP",
    "台湾": "TWD",
    "新台币": "TWD",
    "日": "JPY",
    "JPY": "JPY",
    "韩": "KRW",
    "韩国": "KRW",
    "欧": "EUR",
    "EUR": "EUR",
    "英镑": "GBP",
    "GBP": "GBP",
    "德国马克": "DEM",
    "法国法郎": "FRF",
    "瑞士法郎": "CHF",
    "加拿大": "CAD",
    "加": "CAD",
    "澳大利亚": "AUD",
    "澳": "AUD",
    "新加坡": "SGD",
}


@dataclass(frozen=True, slots=True)
class Capital:
    """An amount of registered capital.

    Attributes:
        amount: in whole units of the currency (元, not 万元), 0 or more, below 10^16, at most 4 decimals. Zero is what
            a source says of a branch; it is kept, for it differs from saying nothing.
        currency: ISO 4217 code, withdrawn ones included (`DEM`): a register keeps the currency of its day.

    Raises:
        ValueError: the amount or the currency is outside these limits.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Check the limits."""
        if not self.amount.is_finite() or not 0 <= self.amount < AMOUNT_LIMIT:
            raise ValueError("the amount of a capital is 0 or more and below 10^16")
        if self.amount != self.amount.quantize(_CENT_OF_CENT, context=_CONTEXT):
            raise ValueError(f"the amount of a capital has at most {AMOUNT_DECIMALS} decimals")
        if _CURRENCY.fullmatch(self.currency) is None:
            raise ValueError("the currency of a capital is a code of three letters (ISO 4217)")


def parse_capital(text: str) -> Capital | None:
    """Return the capital that a cell of a register states, or None where it can't be read.

    Read are a number with or without thousands commas, full-width or not, with a unit before it, after it or in
    brackets: `50(万人民币元)`, `3,000(万)`, `600万人民币`, `6（万美元）`, `人民币50万元`, `500000元`. Without a
    currency it is in CNY. A fraction below the fourth decimal is rounded half up.

    Not read, since money isn't guessed: a bare number (元 or 万元?), a negative one, an unknown currency, a comma that
    groups no thousands, an amount of 10^16 and more.
    """
    written = _WRITTEN.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if written is None:
        return None
    whole, _, fraction = written["number"].partition(".")
    unit = (written["before"] + written["after"]).upper()
    powers = [_POWERS[character] for character in unit if character in _POWERS]
    currency = _CURRENCIES.get(re.sub("[万亿元圆整:]", "", unit))
    if not unit or len(powers) > 1 or currency is None or _GROUPED.fullmatch(whole) is None:
        return None
    number = Decimal(f"{whole.replace(',', '')}.{fraction or '0'}")
    amount = number.scaleb(sum(powers), context=_CONTEXT).quantize(_CENT_OF_CENT, context=_CONTEXT)
    return Capital(amount, currency) if amount < AMOUNT_LIMIT else None
