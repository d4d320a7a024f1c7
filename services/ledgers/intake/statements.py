"""What the rows of a file state. None says nothing: what is known stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from contracts.vocabulary import (
    Bureau,
    Demonstration,
    FormationMode,
    Industry,
    MemberStanding,
    OrganisationForm,
)
from kit.files.outcomes import Rejected
from kit.files.records import Position


class RejectReason(StrEnum):
    """Why a row that can be read can't be taken in."""

    MISSING = "MISSING"
    TOO_LONG = "TOO_LONG"
    MOJIBAKE = "MOJIBAKE"
    NUMBER = "NUMBER"
    WORD = "WORD"
    DAY = "DAY"
    COUNT = "COUNT"
    EXAMPLE = "EXAMPLE"
    UNKNOWN = "UNKNOWN"
    SUPERIOR_UNKNOWN = "SUPERIOR_UNKNOWN"
    AMBIGUOUS = "AMBIGUOUS"
    TWICE = "TWICE"
    REFUSED = "REFUSED"
    DATA = "DATA"


class RowError(Exception):
    """A row can't be taken in; no message holds a cell's text.

    Attributes:
        column: the column at fault, or None where it is the row as a whole.
        reason: why, for programs.
        message_en: why, and the way out.
        message_zh: the same in Chinese.
    """

    def __init__(self, column: str | None, reason: RejectReason, message_en: str, message_zh: str) -> None:
        super().__init__(reason.value)
        self.column = column
        self.reason = reason
        self.message_en = message_en
        self.message_zh = message_zh


@dataclass(frozen=True, slots=True)
class OrganisationStated:
    """What a row states of an organisation.

    Attributes:
        division: code of 12 digits, or a name.
        usccs: of the entities that it covers, as they are compared.
        superior: code or name of the organisation above it.
        association: name of the association whose branch it is.
        effective_on: day from which it holds; the others as `OrganisationFacts` and `Profile` have them.
    """

    name: str
    code: str | None
    form: OrganisationForm | None
    external: bool | None
    mode: FormationMode | None
    division: str | None
    usccs: Sequence[str] | None
    superior: str | None
    bureau: Bureau | None
    association: str | None
    founded_on: date | None
    has_committee: bool | None
    groups: int | None
    industry: Industry | None
    last_elected_on: date | None
    full_time_workers: int | None
    demonstration: Demonstration | None
    standardisation_pilot: bool | None
    effective_on: date | None

    @property
    def says_profile(self) -> bool:
        """Whether it says anything of what the organisation is made of."""
        said = (self.industry, self.last_elected_on, self.full_time_workers, self.demonstration)
        return any(one is not None for one in (*said, self.standardisation_pilot))


@dataclass(frozen=True, slots=True)
class MemberStated:
    """What a row states of a member.

    Attributes:
        workplace: USCC, as it is compared.
        relation: code or name of an organisation.
        management: the same.
        effective_on: day from which it holds; the others as `StatedPerson` has them.
    """

    name: str
    id_number: str | None
    telephone: str | None
    born_in: str | None
    standing: MemberStanding | None
    workplace: str | None
    relation: str | None
    management: str | None
    effective_on: date | None

    def __repr__(self) -> str:
        """Name nobody: it may stand in a trace of an error."""
        return "MemberStated(…)"


S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Row(Generic[S]):
    """A row that could be read.

    Attributes:
        position: the place behind it.
        line: physical line, or row of the sheet, on which it starts, from 1.
        cells: as the clerk wrote them.
        stated: what it states.
    """

    position: Position
    line: int
    cells: tuple[str, ...]
    stated: S

    def rejected(self, error: RowError) -> Rejected:
        """Return the reject of it."""
        return Rejected(
            self.position, self.line, error.column, error.reason, error.message_en, error.message_zh, self.cells
        )

    def __repr__(self) -> str:
        """Name nobody: it may stand in a trace of an error."""
        return f"Row(line={self.line})"
