"""What is wrong with a place of what was stated."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place of a command's facts that doesn't fit the others, or what is there.

    Attributes:
        pointer: JSON pointer into the command.
        reason: what is wrong, in English.
        reason_zh: the same in Chinese.
    """

    pointer: str
    reason: str
    reason_zh: str
