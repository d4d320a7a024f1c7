"""What names a person of the demo, found in anything that is written: as it is, or as machines write it.

The demo's persons, ID numbers, telephone numbers and notes have forms that nothing else of it has, so one pass over
the bytes finds any of them, those too that the demo would make from another seed. Each pattern begins with letters that
are looked up as they are, so that hundreds of megabytes take seconds.
"""

import base64
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final
from urllib.parse import quote, unquote

from demo.district.district import District
from demo.district.names import BRANCHES, MARK, NOTE, STEMS, TELEPHONES, note, person, telephone
from demo.registry import MADE_UP_DIVISION

LONGEST: Final = 1024
"""Bytes that a value takes at most, however it is written."""
MORE_PERSONS: Final = 400
"""Persons whom the demo names beside members and cadres: contacts, applicants, those of each state."""

_DIGITS: Final = "0123456789"
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_NO_BYTE: Final = 3
"""Letters that a run lacks to a group of four where its last letter alone is no byte."""


def _plain(letter: str) -> str:
    return letter


def _escaped(letter: str) -> str:
    """Write a letter as JSON does, the backslashes before it left to what goes before."""
    return letter if letter.isascii() else rf"u{ord(letter):04x}\\*"


def _quoted(letter: str) -> str:
    return quote(letter).lower()


def _hex(letter: str) -> str:
    return letter.encode().hex()


def _unescaped(text: str) -> str:
    return re.sub(r"u([0-9a-f]{4})\\*", lambda code: chr(int(code[1], 16)), text)


def _unhexed(text: str) -> str:
    return bytes.fromhex(text).decode()


def _forms(write: Callable[[str], str]) -> Iterator[str]:
    """Yield what matches a name, and what begins a note."""

    def one(letters: str) -> str:
        return f"(?:{'|'.join(map(write, letters))})"

    def all_of(text: str) -> str:
        return "".join(map(write, text))

    yield f"{all_of(MARK)}{one(STEMS)}{one(BRANCHES)}{one(_DIGITS)}{{4}}"
    yield all_of(NOTE)


def _numbers(digit: str, begin: Callable[[str], str], more: str) -> Iterator[str]:
    """Yield what matches an ID number, and a telephone number that is not part of a longer number."""
    yield f"{begin(MADE_UP_DIVISION)}(?:{begin('19')}|{begin('20')})(?:{digit}){{9}}(?:{digit}|{more})"
    calls = f"{begin(TELEPHONES)}(?:{digit}){{4}}"
    # a letter that JSON or a URL escapes ends with a digit and is none
    escaped = "" if begin is not _plain else f"|(?<=u[0-9a-f]{{3}}[0-9]{calls})|(?<=%[0-9a-f][0-9]{calls})"
    yield f"{calls}(?!{digit})(?:(?<!{digit}{calls}){escaped})"


_WRITTEN: Final = tuple(
    (re.compile(form.encode()), read)
    for forms, read in (
        (_forms(_plain), _plain),
        (_forms(_escaped), _unescaped),
        (_forms(_quoted), unquote),
        (_forms(_hex), _unhexed),
        (_numbers("[0-9]", _plain, "x"), _plain),
        (_numbers("3[0-9]", lambda text: text.encode().hex(), "58|78"), _unhexed),
    )
    for form in forms
)


def _core(text: str, shift: int) -> bytes:
    """Return what of a text stands in base64 whatever is around it, where it begins at a place of three."""
    written = base64.b64encode(b"\0" * shift + text.encode())
    whole = (shift + len(text.encode())) * 8 // 6
    return written[-(-shift * 8 // 6) : whole]


_CORES: Final = tuple(_core(text, shift) for text in (MARK, MADE_UP_DIVISION, TELEPHONES) for shift in range(3))


def sung(data: bytes) -> set[str]:
    """Return the values that stand in some bytes: plain, as JSON or PostgreSQL escape them, in a URL, in base64."""
    return set(chain.from_iterable(map(_read, (data, *_out_of_base64(data)))))


def _read(data: bytes) -> Iterator[str]:
    lowered = data.lower()
    for form, read in _WRITTEN:
        for match in form.finditer(lowered):
            yield read(match.group().decode()).upper()


def _out_of_base64(data: bytes) -> Iterator[bytes]:
    for core in _CORES:
        place = data.find(core)
        while place >= 0:
            before = data[max(0, place - LONGEST) : place]
            first = place - len(before) + len(before.rstrip(_BASE64))
            behind = data[place : place + LONGEST]
            last = place + len(behind) - len(behind.lstrip(_BASE64))
            run = data[first:last].replace(b"-", b"+").replace(b"_", b"/")
            for skipped in range(4):
                whole = run[skipped:]
                left = -len(whole) % 4
                yield base64.b64decode(whole[:-1] if left == _NO_BYTE else whole + b"=" * left)
            place = data.find(core, last)


def values(district: District) -> set[str]:
    """Return all that names somebody whom the demo makes from a district's seed."""
    persons = len(district.members) + len(district.cadres) + MORE_PERSONS
    return {
        *(one.name for one in district.members),
        *(one.id_number for one in district.members),
        *(one.name for one in district.cadres),
        *map(person, range(persons)),
        *map(telephone, range(persons)),
        note("按流程办理"),
    }
