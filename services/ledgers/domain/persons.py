"""What names a person: name, resident ID number 公民身份号码 (GB 11643-1999), telephone."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

from contracts.vocabulary import PersonField
from services.ledgers.domain.misfit import Misfit

_ID_NUMBER: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
# Powers of 2 modulo 11 (ISO 7064, MOD 11-2); a right number sums to 1, where X is 10.
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_MODULUS: Final = 11
_SEPARATORS: Final = re.compile(r"[\s\-()]+")
_MIDDLE_DOTS: Final = re.compile(r"[·•・‧.]")
_TELEPHONE: Final = re.compile(r"1[3-9][0-9]{9}|0[1-9][0-9]{1,2}[1-9][0-9]{6,7}")
_EARLIEST_YEAR: Final = 1900


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What names a person, each as it is compared; only the name is always known."""

    name: str
    id_number: str | None = None
    telephone: str | None = None

    def completed_by(self, other: "PersonFacts") -> "PersonFacts":
        """Return these facts, with what is missing taken from another record of the same person."""
        return replace(self, id_number=self.id_number or other.id_number, telephone=self.telephone or other.telephone)

    def indexed(self) -> dict[PersonField, str]:
        """Return what a person is found by, each as it is compared."""
        found = {PersonField(one.name.upper()): getattr(self, one.name) for one in fields(self)}
        return {kind: value for kind, value in found.items() if value is not None} | {
            PersonField.NAME: compared_name(self.name)
        }


def compared_name(name: str) -> str:
    """Return a name as it is compared: half-width, without spaces, its middle dot and letters written in one way."""
    joined = _MIDDLE_DOTS.sub("·", re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))).casefold()
    return unicodedata.normalize("NFKC", joined)  # a sign that stood after a space now stands on a letter


def compared_id_number(text: str) -> str:
    """Return an ID number as it is compared: half-width, without spaces and hyphens, X in upper case."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def compared_telephone(text: str) -> str:
    """Return a telephone number as it is compared: digits alone, without the country's code."""
    number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return number.removeprefix("+86")


def is_id_number(number: str) -> bool:
    """Tell whether a compared number is one of GB 11643: shape, a day that there was, check digit."""
    if not _ID_NUMBER.fullmatch(number) or _born(number) is None:
        return False
    values = [10 if character == "X" else int(character) for character in number]
    return sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True)) % _MODULUS == 1


def born_in(id_number: str) -> str:
    """Return year and month of birth, YYYY-MM, of a valid ID number."""
    return f"{id_number[6:10]}-{id_number[10:12]}"


def unfit(id_number: str | None, telephone: str | None, stated_month: str | None, today: date) -> Sequence[Misfit]:
    """Return what is wrong with the facts of a person; no message repeats them.

    Args:
        id_number: as it is compared.
        telephone: the same.
        stated_month: month of birth as it was stated, YYYY-MM.
        today: nobody is born later.
    """
    found = []
    if id_number is not None and not is_id_number(id_number):
        found.append(
            Misfit(
                "/idNumber",
                "is no resident ID number (GB 11643): 18 places, day of birth, check digit",
                "不是有效的公民身份号码（GB 11643：18位、出生日期、校验码）",
            )
        )
    elif id_number is not None and stated_month not in {None, born_in(id_number)}:
        found.append(Misfit("/bornIn", "is not the month of the ID number", "与公民身份号码中的出生年月不一致"))
    if telephone is not None and not _TELEPHONE.fullmatch(telephone):
        found.append(
            Misfit(
                "/telephone",
                "is no telephone number of the mainland: 11 digits, or area code and number",
                "不是有效的电话号码（11位手机号，或区号加号码）",
            )
        )
    month = stated_month or (born_in(id_number) if id_number is not None and not found else None)
    if month is not None and not f"{_EARLIEST_YEAR}-01" <= month <= f"{today:%Y-%m}":
        found.append(
            Misfit(
                "/bornIn" if stated_month else "/idNumber",
                "is no month in which a living person was born",
                "出生年月不合理",
            )
        )
    return found


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
