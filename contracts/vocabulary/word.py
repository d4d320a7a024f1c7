"""What a word of a closed list is."""

from enum import StrEnum


class Word(StrEnum):
    """A word of a closed list: its value crosses the border, its label is shown to a Chinese reader."""

    zh: str

    def __new__(cls, value: str, zh: str = "") -> "Word":  # noqa: PYI034 - Self is not allowed for an enum's __new__
        """Make the word from its value on the wire and its Chinese label."""
        word = str.__new__(cls, value)
        word._value_ = value
        word.zh = zh
        return word
