"""Codes that are valid in form and can be told to be made up: no authority could have issued them.

Places 3 to 8 of a USCC and the first six of an ID number name a division; GB/T 2260 has no division 99.
"""

from datetime import date
from typing import Final

from demo.registry import MADE_UP_DIVISION

_USCC_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
_NUMBER_PLACES: Final = 5
_SEED_PLACES: Final = 2
_MOST_SEQUENCE: Final = 999


def made_up_uscc(category: str, register: str, seed: int, number: int) -> str:
    """Return a valid USCC (GB 32100-2015) of a made-up entity; other arguments give another code.

    Args:
        category: first two places: 91 an enterprise, 92 a household.
        register: one letter that tells the lists of one seed apart.
        seed: of the district; seeds that differ modulo 961 give other codes.
        number: of the entity in its list.
    """
    of_seed = _base_31(seed % len(_USCC_LETTERS) ** _SEED_PLACES, _SEED_PLACES)
    body = f"{category}{MADE_UP_DIVISION}M{register}{of_seed}{_base_31(number, _NUMBER_PLACES)}"
    weighed = sum(weight * _USCC_LETTERS.index(place) for weight, place in zip(_USCC_WEIGHTS, body, strict=True))
    return body + _USCC_LETTERS[-weighed % len(_USCC_LETTERS)]


def made_up_id_number(born: date, sequence: int) -> str:
    """Return a valid ID number (GB 11643-1999) of nobody.

    Args:
        born: the day of birth that it names.
        sequence: tells those born on one day apart, from 0 to 999.

    Raises:
        ValueError: the sequence has more than three digits.
    """
    if not 0 <= sequence <= _MOST_SEQUENCE:
        raise ValueError(f"sequence is {sequence}; possible are 0 to {_MOST_SEQUENCE}")
    body = f"{MADE_UP_DIVISION}{born:%Y%m%d}{sequence:03d}"
    weighed = sum(weight * int(place) for weight, place in zip(_ID_WEIGHTS, body, strict=True))
    return body + _ID_CHECKS[weighed % len(_ID_CHECKS)]


def _base_31(number: int, places: int) -> str:
    letters = []
    for _ in range(places):
        number, rest = divmod(number, len(_USCC_LETTERS))
        letters.append(_USCC_LETTERS[rest])
    return "".join(reversed(letters))
