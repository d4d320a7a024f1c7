"""A client of the ledgers' HTTP side, and a look into what they tell."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from contracts.envelope import Envelope
from contracts.events.base import EventData
from contracts.events.registration import EntityChanged, EntityRegistered, RegisteredEntity
from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.clock import ManualClock
from kit.consumer import Handler, Heard
from kit.database import Database
from kit.health import Health
from kit.ids import new_id
from kit.sealing import Sealer
from services.ledgers.handlers.entities import EntityLedger
from services.ledgers.handlers.reorganisations import reorganisations
from services.ledgers.main import api
from services.ledgers.settings import LedgersSettings
from tests.tokens import ISSUER, Issuer

NOW: Final = datetime(2024, 2, 28, 2, 0, tzinfo=UTC)
TODAY: Final = date(2024, 2, 28)
DISTRICT, TOWNSHIP = "500111000000", "500111101000"
KEY: Final = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
USCCS: Final = ("91999999MA0000001N", "91999999MA0000002R", "92999999MA0000003R")


class Desk:
    """A client of the ledgers' HTTP side, and a look into their outbox."""

    def __init__(self, app: FastAPI, issuer: Issuer, url: str, database: Database, clock: ManualClock) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://ledgers")
        self.issuer = issuer
        self.url = url
        self.database = database
        self.clock = clock
        self.ledger = EntityLedger(clock, reorganisations(Sealer(KEY)))

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        role: str = "ORGANISATION_DEPARTMENT",
        division: str = DISTRICT,
        subject: str = "clerk-17",
        saga: UUID | None = None,
    ) -> httpx.Response:
        headers = self.issuer.header(role, division, sub=subject)
        headers["Idempotency-Key"] = key or str(uuid4())
        if saga is not None:
            headers["Correlation-Id"] = str(saga)
        return await self.client.request(method, path, json=body, headers=headers)

    async def made(self, path: str, body: dict[str, Any], **options: Any) -> UUID:
        """Give a command that makes something, and return its id."""
        answer = await self.send("POST", path, body, **options)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["aggregates"][0]["id"])

    async def hears(self, handler: Handler[Any], *heard: Heard[Any]) -> None:
        """Let a consumer's handler take events in, in one transaction."""
        async with self.database.transaction() as transaction:
            await handler(transaction, heard)

    async def knows_entity(
        self,
        number: int = 0,
        *,
        kind: EntityKind = EntityKind.MICRO_SMALL_ENTERPRISE,
        division: str = TOWNSHIP,
        entity_id: UUID | None = None,
        version: int = 1,
        state: EntityState = EntityState.ACTIVE,
    ) -> UUID:
        """Let the ledgers hear of an entity."""
        model: type[RegisteredEntity] = EntityRegistered if version == 1 else EntityChanged
        event = model(
            entity_id=entity_id or new_id(),
            version=version,
            uscc=USCCS[number],
            name=f"龙水五金{number}",
            kind=kind,
            state=state,
            division_code=division,
            bureau=Bureau.MARKET_REGULATION,
            effective_on=TODAY,
            recorded_at=NOW,
        )
        await self.hears(self.ledger, heard(event))
        return event.entity_id

    async def knows_member(self, entity: UUID | None = None, standing: str = "FULL", **places: object) -> UUID:
        """Take a member into the ledger."""
        body = {"name": "王小明", "standing": standing, **places}
        if entity is not None:
            body["workplaceEntityId"] = str(entity)
        return await self.made("/members", body)

    async def told(self, *models: type[EventData]) -> list[Any]:
        """Return the events told of some types, in order, as what they are."""
        by_type = {model.event_type: model for model in models}
        return [
            by_type[row["type"]].model_validate_json(row["payload"])
            for row in await self.outbox()
            if row["type"] in by_type
        ]

    async def outbox(self) -> Sequence[asyncpg.Record]:
        """Return all rows of the outbox."""
        return await self.rows("SELECT * FROM outbox ORDER BY id")

    async def rows(self, query: str) -> Sequence[asyncpg.Record]:
        """Return the rows of a query."""
        connection = await asyncpg.connect(self.url)
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()


def heard(event: EventData, correlation_id: UUID | None = None) -> Heard[Any]:
    """Return an event as a consumer hears it."""
    event_id = new_id()
    envelope = Envelope(
        id=event_id,
        source=f"/lianhe/{event.topic.split('-')[0]}",
        type=event.event_type,
        time=NOW,
        subject=event.key,
        correlation_id=correlation_id,
    )
    return Heard(event, envelope, None)


@asynccontextmanager
async def desk_on(
    url: str, directory: Path, key: SecretStr = KEY, former: Sequence[SecretStr] = ()
) -> AsyncIterator[Desk]:
    """Open a desk on a database of the ledgers, with the keys that seal personal data."""
    issuer = Issuer()
    database = Database(url, application_name="test", pool_size=10)
    settings = LedgersSettings(
        kafka_bootstrap_servers="127.0.0.1:1",
        dead_letter_key=KEY,
        personal_data_key=key,
        personal_data_keys_former=tuple(former),
        database_url=url,
        auth_issuer=ISSUER,
        auth_jwks=str(issuer.publish(directory)),
    )
    clock = ManualClock(NOW)
    desk = Desk(api(settings, database, clock, Health()), issuer, url, database, clock)
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
