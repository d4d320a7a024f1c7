"""Which media type an answer has (GraphQL over HTTP): what the client accepts best of the two that there are."""

from functools import lru_cache
from typing import Final

GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"
HTML: Final = "text/html"


@lru_cache(maxsize=256)
def preferred(accept: str, offered: tuple[str, ...]) -> str | None:
    """Return the media type of `offered` that an Accept header likes best; the earlier of equals, None for none.

    Args:
        accept: The header; empty accepts everything (RFC 9110, 12.5.1).
        offered: Media types, the best first.
    """
    if not accept.strip():
        return offered[0]
    ranges = [_range(part) for part in accept.split(",")]
    weights = [
        max((one for one in ranges if _matches(one[0], media)), default=("", -1, 0.0), key=_specific)
        for media in offered
    ]
    best = max(range(len(offered)), key=lambda number: (weights[number][2], -number))
    return offered[best] if weights[best][2] > 0 else None


def _range(part: str) -> tuple[str, int, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                weight = 0.0
    return media, 2 - media.count("*"), weight


def _specific(one: tuple[str, int, float]) -> int:
    return one[1]


def _matches(media_range: str, media: str) -> bool:
    return media_range in {"*/*", media, media.split("/", maxsplit=1)[0] + "/*"}
