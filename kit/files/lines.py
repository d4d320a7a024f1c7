"""Physical lines of bounded length."""

from typing import BinaryIO, Final

MAX_LINE_BYTES: Final = 1 << 20
"""Bytes of a physical line, and of a whole record, with line ends; the longest real line has 3,000."""

_SKIP_BYTES: Final = 1 << 16


def is_cut(line: bytes) -> bool:
    """Tell whether a line read with `readline(MAX_LINE_BYTES)` goes on behind what was read."""
    return len(line) == MAX_LINE_BYTES and not line.endswith(b"\n")


def skip_rest(file: BinaryIO) -> int:
    """Read past the rest of an over-long line, without holding it, and return its bytes."""
    skipped = 0
    while part := file.readline(_SKIP_BYTES):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped
