"""The columns that files of one kind have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """The columns of files of one kind, by the names that a header has.

    Attributes:
        names: all of them, in the order in which they are listed to people.
        read: those whose cells are looked at, in the order in which they are picked; the others are read past.
        required: those that a file must have.
        english: the names that programs give the columns as keys of JSON lines.
    """

    names: Sequence[str]
    read: Sequence[str]
    required: Sequence[str]
    english: Mapping[str, str]

    def listed(self) -> str:
        """Return all names, for a message."""
        return ",".join(self.names)
