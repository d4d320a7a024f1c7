"""Names of persons: how they are shown."""

from typing import Final

MOST_STARS: Final = 3


def masked(name: str) -> str:
    """Return the first character of a name and stars for the others, three at the most: 王*, 欧**."""
    return name[0] + "*" * min(max(len(name) - 1, 1), MOST_STARS)
