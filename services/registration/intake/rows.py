"""From a record to facts, or to a reject with place and reason."""

from datetime import date
from functools import lru_cache
from typing import Final

from contracts.vocabulary import UNASSIGNED_DIVISION
from kit.files.cells import is_mojibake, parse_date, stated, visible
from kit.files.layout import Layout
from kit.files.outcomes import Rejected
from kit.files.records import Record
from kit.files.rows import picked
from services.registration.domain.bureau import bureau_of
from services.registration.domain.capital import Capital, parse_capital
from services.registration.domain.divisions import Divisions
from services.registration.domain.entity import (
    ADDRESS_LIMIT,
    BUSINESS_SCOPE_LIMIT,
    LEGAL_FORM_LIMIT,
    NAME_LIMIT,
    Registration,
)
from services.registration.domain.kind import kind_of
from services.registration.domain.uscc import normalise_uscc, uscc_fault
from services.registration.intake import notices, rejections
from services.registration.intake.columns import Column
from services.registration.intake.outcomes import Accepted, Notice

ECHO_LIMIT: Final = 1000
"""Characters of a cell that a reject shows; more of it doesn't help anybody and would have to be held in memory."""

_cached_capital: Final = lru_cache(maxsize=8_192)(parse_capital)
_CAPITAL_LENGTH: Final = 64
_USCC: Final = 1
_REGISTERED_ON: Final = 2


class RowReader:
    """Reads the records of one file.

    A row is rejected where it can't be said whom it is about: its shape, its name or its code is broken. Any other cell
    that can't be used is left empty with a notice, and the row is taken in.
    """

    __slots__ = ("_divisions", "_layout", "_today")

    def __init__(self, layout: Layout, divisions: Divisions, today: date) -> None:
        """Set up for one file.

        Args:
            layout: where the file has its columns.
            divisions: finds the code of a district.
            today: the day in Asia/Shanghai; a registration can't be later.
        """
        self._layout = layout
        self._divisions = divisions
        self._today = today

    def read(self, record: Record) -> Accepted | Rejected:
        """Return what becomes of one record."""
        cells = picked(record, self._layout)
        if isinstance(cells, Rejected):
            return cells
        name, code, registered, form, capital, scope, province, district, address = cells
        name_text = stated(name)
        uscc_text = stated(code)
        uscc = normalise_uscc(uscc_text) if uscc_text else ""
        if name_text is None or len(name_text) > NAME_LIMIT or is_mojibake(name_text) or uscc_fault(uscc):
            return rejections.identity(record, name=name_text, uscc=uscc, cells=_showable(cells))

        found: list[Notice] = []
        legal_form = _text(Column.LEGAL_FORM, form, LEGAL_FORM_LIMIT, found)
        registration = Registration(
            uscc=uscc,
            name=name_text,
            kind=kind_of(uscc, legal_form),
            division_code=self._division(district, province, found),
            bureau=bureau_of(uscc),
            registered_on=self._registered_on(registered, found),
            legal_form=legal_form,
            capital=_capital(capital, found),
            business_scope=_text(Column.BUSINESS_SCOPE, scope, BUSINESS_SCOPE_LIMIT, found),
            address=_text(Column.ADDRESS, address, ADDRESS_LIMIT, found),
        )
        return Accepted(record.position, record.line, registration, tuple(found))

    def _registered_on(self, cell: str, found: list[Notice]) -> date | None:
        text = stated(cell)
        if text is None:
            return None
        day = parse_date(text)
        if day is None:
            found.append(notices.date_unreadable())
        elif day > self._today:
            found.append(notices.date_in_future())
            return None
        return day

    def _division(self, cell: str, province: str, found: list[Notice]) -> str:
        text = stated(cell)
        code = self._divisions.division_of(text, stated(province))
        if text is not None and code == UNASSIGNED_DIVISION:
            found.append(notices.division_unknown())
        return code


def _capital(cell: str, found: list[Notice]) -> Capital | None:
    text = stated(cell)
    if text is None:
        return None
    capital = _cached_capital(text) if len(text) <= _CAPITAL_LENGTH else None
    if capital is None:
        found.append(notices.capital_unreadable())
    return capital


def _text(column: Column, cell: str, limit: int, found: list[Notice]) -> str | None:
    text = stated(cell)
    if text is None:
        return None
    if len(text) > limit:
        found.append(notices.text_too_long(column, limit=limit, got=len(text)))
        return None
    if is_mojibake(text):
        found.append(notices.mojibake(column))
        return None
    return text


def _showable(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells if they are sure to stand in their columns, else none of them.

    In a row whose cells have slipped, the legal representative's name may stand anywhere. A row hasn't slipped where a
    code-like text stands in the code's column or a day in the day's.
    """
    code = visible(cells[_USCC])
    if (code.isascii() and code.isalnum()) or parse_date(visible(cells[_REGISTERED_ON])) is not None:
        return tuple(visible(cell)[:ECHO_LIMIT] for cell in cells)
    return ()
