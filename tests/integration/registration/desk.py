"""A client of registration's HTTP side, and a look into what it tells."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from contracts.events.base import EventData
from kit.clock import Clock, ManualClock
from kit.database import Database
from kit.health import Health
from services.registration.main import api
from services.registration.settings import RegistrationSettings
from tests.tokens import ISSUER, Issuer

NOW: Final = datetime(2024, 2, 28, 2, 0, tzinfo=UTC)
"""A Wednesday."""
DISTRICT, TOWNSHIP, ELSEWHERE = "500111000000", "500111101000", "500111102000"
KEY: Final = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
A, B, HOUSEHOLD = "91999999MA0000001N", "91999999MA0000002R", "92999999MA0000003R"
ANSWERS: Final = {
    "employees": 12,
    "fullMembers": 3,
    "probationaryMembers": 1,
    "hasOrganisation": True,
    "hasSecretary": True,
    "wishesGuidance": False,
}


class Desk:
    """A client of registration's HTTP side, and a look into its database."""

    def __init__(self, app: FastAPI, issuer: Issuer, url: str, database: Database, clock: ManualClock) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://registration")
        self.issuer = issuer
        self.url = url
        self.database = database
        self.clock = clock

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        role: str = "BUREAU",
        division: str = DISTRICT,
    ) -> httpx.Response:
        headers = self.issuer.header(role, division)
        headers["Idempotency-Key"] = key or str(uuid4())
        return await self.client.request(method, path, json=body, headers=headers)

    async def read(self, path: str, **options: Any) -> dict[str, Any]:
        """Return what is there."""
        answer = await self.send("GET", path, **options)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def made(self, path: str, body: dict[str, Any], **options: Any) -> UUID:
        """Give a command that makes something, and return its id."""
        answer = await self.send("POST", path, body, **options)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["aggregates"][0]["id"])

    async def registers(self, uscc: str = A, **changed: object) -> UUID:
        """Register an entity of the township."""
        return await self.made("/entities", {"uscc": uscc, "name": "龙水五金", "divisionCode": TOWNSHIP} | changed)

    async def told(self, *models: type[EventData]) -> list[Any]:
        """Return the events told of some types, in order, as what they are."""
        by_type = {model.event_type: model for model in models}
        return [
            by_type[row["type"]].model_validate_json(row["payload"])
            for row in await self.rows("SELECT * FROM outbox ORDER BY id")
            if row["type"] in by_type
        ]

    async def rows(self, query: str, *values: object) -> Sequence[asyncpg.Record]:
        """Return the rows of a query."""
        connection = await asyncpg.connect(self.url)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()


def application_on(url: str, database: Database, clock: Clock, directory: Path) -> tuple[FastAPI, Issuer]:
    """Return registration's application on a database, and who signs tokens for it."""
    issuer = Issuer()
    settings = RegistrationSettings(
        kafka_bootstrap_servers="127.0.0.1:1",
        dead_letter_key=KEY,
        personal_data_key=KEY,
        database_url=url,
        auth_issuer=ISSUER,
        auth_jwks=str(issuer.publish(directory)),
    )
    return api(settings, database, clock, Health()), issuer


@asynccontextmanager
async def desk_on(url: str, directory: Path, now: datetime = NOW) -> AsyncIterator[Desk]:
    """Open a desk on a database of registration."""
    database, clock = Database(url, application_name="test", pool_size=10), ManualClock(now)
    app, issuer = application_on(url, database, clock, directory)
    desk = Desk(app, issuer, url, database, clock)
    try:
        yield desk
    finally:
        await desk.client.aclose()
        await database.close()


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return status and kind of a refusal, which is in both languages."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    assert any("\u4e00" <= character <= "\u9fff" for character in body["detailZh"])
    return answer.status_code, body["type"].removeprefix("urn:lianhe:problem:")


def pointers(answer: httpx.Response) -> list[str]:
    """Return the places that a refusal names."""
    return [one["pointer"] for one in answer.json()["errors"]]
