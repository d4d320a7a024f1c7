"""What a caller may see: cut out of every relation by the compiler, from the declarations."""

from dataclasses import dataclass
from typing import Final

from contracts.vocabulary import Bureau, CallerRole
from gateway.graphql.divisions import DivisionRange


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows a caller may see; a row must be inside both lines, as far as its table has them.

    Attributes:
        divisions: The 块: ranges of division codes; None sees all, an empty tuple sees nothing.
        bureaus: The 条: bureau lines; None sees all, an empty set sees nothing.
        members: Whether members are seen, and counts of them that are one or two.
        role: What the caller acts as; None where nobody knows who asks.
    """

    divisions: tuple[DivisionRange, ...] | None = None
    bureaus: frozenset[Bureau] | None = None
    members: bool = False
    role: CallerRole | None = None

    @property
    def shape(self) -> tuple[int | None, bool, bool]:
        """What of the scope decides the SQL text: the number of ranges, whether bureaus are limited, members seen."""
        return None if self.divisions is None else len(self.divisions), self.bureaus is not None, self.members


EVERYTHING: Final = Scope(members=True)
"""Sees every row."""
