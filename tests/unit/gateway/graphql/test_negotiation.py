"""What an Accept header likes best."""

import pytest

from gateway.graphql.negotiation import preferred

OFFERED = ("application/json", "application/graphql-response+json", "text/html")


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("APPLICATION/JSON", "application/json"),
        ("text/*", "text/html"),
        ("text/html, application/json", "application/json"),
        ("text/html;q=0.9, application/json;q=0.8", "text/html"),
        ("text/html;q=0.9;level=1, */*;q=0.8", "text/html"),
        ("application/*;q=0.5, application/graphql-response+json", "application/graphql-response+json"),
        ("application/json;q=0, application/*", "application/graphql-response+json"),
        ("*/*;q=0.1, application/json;q=0", "application/graphql-response+json"),
        ("application/json;q=x", None),
        ("image/png", None),
        (",;", None),
    ],
)
def test_the_best_that_is_accepted(accept: str, media: str | None) -> None:
    assert preferred(accept, OFFERED) == media
