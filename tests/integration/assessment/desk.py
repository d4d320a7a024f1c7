"""A client of assessment's HTTP side."""

from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from services.assessment.domain.first_scheme import FORTRESS_INDEX
from tests.tokens import Issuer

EDITIONS = f"/schemes/{FORTRESS_INDEX}/editions"
PART = {"part": "SIZE", "points": "50", "rule": "By size.", "ruleZh": "按党员规模。"}
BANDS = [{"band": "A", "atLeast": "40"}, {"band": "D", "atLeast": "0"}]
EDITION: dict[str, Any] = {
    "expectedVersion": 1,
    "name": "Second scheme",
    "nameZh": "第二版办法",
    "source": "District document 7/2024",
    "parts": [PART],
    "bands": BANDS,
    "validFrom": "2024-02-01",
}


class Desk:
    """Sends requests with tokens of an issuer of its own."""

    def __init__(self, app: FastAPI, issuer: Issuer) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://assessment")
        self.issuer = issuer

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        role: str = "DISTRICT",
        division: str = "500111000000",
    ) -> httpx.Response:
        """Send a request, a command under a key of its own unless one is given."""
        headers = self.issuer.header(role, division) | {"Idempotency-Key": key or str(uuid4())}
        return await self.client.request(method, path, json=body, headers=headers)

    async def publish(self, **changed: object) -> httpx.Response:
        """Publish an edition that must be taken."""
        answer = await self.send("POST", EDITIONS, EDITION | changed)
        assert answer.status_code == 201, answer.text
        return answer


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return status and type of a refusal that is well formed and says why in both languages."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    assert any("\u4e00" <= character <= "\u9fff" for character in body["detailZh"])
    return answer.status_code, body["type"].removeprefix("urn:lianhe:problem:")
