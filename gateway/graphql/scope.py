"""What a caller may see: cut out of every relation by the compiler, from the declarations."""

from dataclasses import dataclass
from typing import Final

from contracts.vocabulary import Bureau
from gateway.graphql.divisions import DivisionRange


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows a caller may see; a row must be inside both lines.

    Attributes:
        divisions: The 块: ranges of division codes; None sees all, an empty tuple sees nothing.
        bureaus: The 条: bureau lines; None sees all, an empty set sees nothing.
    """

    divisions: tuple[DivisionRange, ...] | None = None
    bureaus: frozenset[Bureau] | None = None

    @property
    def shape(self) -> tuple[int | None, bool]:
        """What of the scope decides the SQL text: how many ranges there are, and whether bureaus are limited."""
        return None if self.divisions is None else len(self.divisions), self.bureaus is not None


EVERYTHING: Final = Scope()
"""Sees every row."""
