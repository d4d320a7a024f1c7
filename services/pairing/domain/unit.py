"""A unit that does the work, as far as pairing knows it."""

from dataclasses import dataclass

from contracts.vocabulary import Bureau


@dataclass(frozen=True, slots=True)
class Unit:
    """An association or a sub-association of one.

    Attributes:
        active: whether it is not closed.
        division_code: 行政区划.
        bureau: the line 条.
    """

    active: bool
    division_code: str
    bureau: Bureau
