"""A client of pairing's HTTP side, for its tests."""

from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from tests.tokens import Issuer


class Desk:
    """Sends commands, each with a token and a key.

    Args:
        app: pairing's.
        issuer: of the tokens.
    """

    def __init__(self, app: FastAPI, issuer: Issuer) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://pairing")
        self.issuer = issuer

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        saga: UUID | None = None,
        role: str = "DISTRICT",
        division: str = "500111000000",
        subject: str = "clerk-17",
    ) -> httpx.Response:
        """Send a request, by default of the district, with a new key."""
        headers = self.issuer.header(role, division, sub=subject)
        headers["Idempotency-Key"] = key or str(uuid4())
        if saga is not None:
            headers["Correlation-Id"] = str(saga)
        return await self.client.request(method, path, json=body, headers=headers)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return status and name of a problem, which speaks both languages."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"].isascii()
    assert any("\u4e00" <= character <= "\u9fff" for character in body["detailZh"])
    return answer.status_code, body["type"].removeprefix("urn:lianhe:problem:")


def pointers(answer: httpx.Response) -> list[str]:
    """Return the places that a problem names, each with its reason in both languages."""
    errors = answer.json()["errors"]
    assert all(one["reason"] and one["reasonZh"] != "不符合规则" for one in errors)
    return [one["pointer"] for one in errors]
