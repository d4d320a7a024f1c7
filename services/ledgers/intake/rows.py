"""Reads one file of organisations or of members."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from contracts.events.ledgers.organisations import LONGEST_CODE, MOST_ENTITIES, MOST_GROUPS
from contracts.vocabulary import (
    Bureau,
    Demonstration,
    FormationMode,
    Industry,
    MemberStanding,
    OrganisationForm,
)
from kit.files.cells import visible
from kit.files.column_map import ColumnMap
from kit.files.layout import Layout
from kit.files.outcomes import Rejected
from kit.files.records import Record
from kit.files.rejects import HEADER
from kit.files.rows import picked, read_rows
from services.ledgers.intake.cells import Cells
from services.ledgers.intake.columns import (
    EXAMPLE,
    MEMBERS,
    ORGANISATIONS,
    FileKind,
    MemberColumn,
    OrganisationColumn,
)
from services.ledgers.intake.statements import MemberStated, OrganisationStated, RejectReason, Row, RowError, S

LONGEST_NAME: Final = 200
LONGEST_PERSON_NAME: Final = 100
_LONGEST_NUMBER: Final = 40
_MOST_WORKERS: Final = 10_000
_ECHO_LIMIT: Final = 1000


def with_rejects(columns: ColumnMap) -> ColumnMap:
    """Return a column map that reads past what a rejects file has beside the clerk's own cells.

    So a rejects file can be corrected and imported as it is.
    """
    return replace(columns, ignored=columns.ignored | (frozenset(HEADER) - frozenset(columns.names.values())))


def read_organisations(path: Path, columns: ColumnMap) -> Iterator[Row[OrganisationStated] | Rejected]:
    """Read the rows of a file of organisations in order, without the template's example.

    Raises:
        IntakeError: the file can't be read as one.
    """
    return _read(path, columns, ORGANISATIONS, _organisation)


def read_members(path: Path, columns: ColumnMap) -> Iterator[Row[MemberStated] | Rejected]:
    """Read the rows of a file of members in order, without the template's example.

    Raises:
        IntakeError: the file can't be read as one.
    """
    return _read(path, columns, MEMBERS, _member)


def _read(path: Path, columns: ColumnMap, kind: FileKind, stated: Callable[[Cells], S]) -> Iterator[Row[S] | Rejected]:
    names, example = [one.column for one in kind.columns], kind.example

    def reader(layout: Layout) -> Callable[[Record], Row[S] | Rejected | None]:
        def read(record: Record) -> Row[S] | Rejected | None:
            cells = picked(record, layout)
            if isinstance(cells, Rejected):
                return cells
            shown = tuple(visible(cell)[:_ECHO_LIMIT] for cell in cells)
            if shown[0] == EXAMPLE and all(cell in {"", one} for cell, one in zip(shown, example, strict=True)):
                return None
            try:
                if shown[0]:
                    raise _marked()
                return Row(record.position, record.line, shown, stated(Cells(names, cells)))
            except RowError as error:
                return Rejected(
                    record.position,
                    record.line,
                    error.column,
                    error.reason,
                    error.message_en,
                    error.message_zh,
                    shown,
                )

        return read

    for outcome in read_rows(path, with_rejects(columns), reader):
        if outcome is not None:
            yield outcome


def _marked() -> RowError:
    return RowError(
        OrganisationColumn.MARK,
        RejectReason.EXAMPLE,
        f"the row is marked, and is not the template's own example “{EXAMPLE}”. Empty the cell if the row is yours.",
        f"本行有标记，但不是模板自带的“{EXAMPLE}”行。如为正式数据，请清空该栏。",
    )


def _organisation(cells: Cells) -> OrganisationStated:
    column = OrganisationColumn
    return OrganisationStated(
        code=cells.text(column.CODE, LONGEST_CODE),
        name=cells.needed(column.NAME, LONGEST_NAME),
        form=cells.word(column.FORM, OrganisationForm),
        external=cells.truth(column.EXTERNAL),
        mode=cells.word(column.MODE, FormationMode),
        division=cells.text(column.DIVISION, LONGEST_NAME),
        usccs=cells.usccs(column.ENTITIES, 20 * MOST_ENTITIES),
        superior=cells.text(column.SUPERIOR, LONGEST_NAME),
        bureau=cells.word(column.BUREAU, Bureau),
        association=cells.text(column.ASSOCIATION, LONGEST_NAME),
        founded_on=cells.day(column.FOUNDED_ON),
        has_committee=cells.truth(column.HAS_COMMITTEE),
        groups=cells.count(column.GROUPS, MOST_GROUPS),
        industry=cells.word(column.INDUSTRY, Industry),
        last_elected_on=cells.day(column.LAST_ELECTED_ON),
        full_time_workers=cells.count(column.FULL_TIME_WORKERS, _MOST_WORKERS),
        demonstration=cells.word(column.DEMONSTRATION, Demonstration),
        standardisation_pilot=cells.truth(column.PILOT),
        effective_on=cells.day(column.EFFECTIVE_ON),
    )


def _member(cells: Cells) -> MemberStated:
    column = MemberColumn
    return MemberStated(
        name=cells.needed(column.NAME, LONGEST_PERSON_NAME),
        id_number=cells.text(column.ID_NUMBER, _LONGEST_NUMBER),
        telephone=cells.text(column.TELEPHONE, _LONGEST_NUMBER),
        born_in=cells.month(column.BORN_IN),
        standing=cells.word(column.STANDING, MemberStanding),
        workplace=cells.uscc(column.WORKPLACE),
        relation=cells.text(column.RELATION, LONGEST_NAME),
        management=cells.text(column.MANAGEMENT, LONGEST_NAME),
        effective_on=cells.day(column.EFFECTIVE_ON),
    )
