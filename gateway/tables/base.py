"""What the read model's tables have in common."""

from dataclasses import dataclass
from typing import ClassVar, Final

from sqlalchemy import Text
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

CODE_POINTS: Final = Text(collation="C")
"""Text that is compared by code point."""


@dataclass(frozen=True, slots=True)
class Access:
    """Which of the caller's limits hold on the rows of a table; every one holds where a table says nothing.

    Attributes:
        divisions: The columns with a division of a side; a row is seen where one of them is the caller's. None of them:
            rows have no division.
        bureaus: Rows have `bureau`, and are seen in the caller's lines alone.
        members: Rows are about a person's membership of the Party, and are seen only by who may see members.
        erased_state: The `state` of rows that only mark what was erased; nobody sees them.
    """

    divisions: tuple[str, ...] = ("division_code",)
    bureaus: bool = True
    members: bool = False
    erased_state: str | None = None


class ReadModelTable(SQLModel, registry=registry()):
    """Base of the read model's tables: a registry and metadata of their own, apart from the services' tables."""

    access: ClassVar[Access] = Access()
