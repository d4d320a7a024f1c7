"""Commands on their way to the service that owns the fact, and the wait until the read model has what they changed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

import asyncpg
import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from contracts.events.registration import RegisteredEntity
from gateway.read_model import NoReadModelError, live_schema
from gateway.tables import Entity
from kit.database import Failure, failure_of
from kit.problems import UNAVAILABLE, Problem

SEEN_SECONDS: Final = 5.0
"""For so long a mutation waits for the read model; then its answer is pending."""
POLL_SECONDS: Final = 0.02
TIMEOUT_SECONDS: Final = 20.0

TABLES: Final[Mapping[str, str]] = {RegisteredEntity.topic: Entity.__tablename__}
"""Where the read model keeps the aggregates that a topic tells."""

Body = Mapping[str, object]


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class Changed(_Wire):
    """An aggregate that a command changed."""

    aggregate: str
    id: str
    version: int


class Done(_Wire):
    """What an owner did."""

    aggregates: Sequence[Changed]
    correlation_id: UUID


class PlaceRefused(_Wire):
    """A place of what was sent, and what is wrong there."""

    pointer: str
    reason: str
    reason_zh: str | None = None


class Refused(_Wire):
    """Why an owner did nothing (RFC 9457)."""

    type: str
    title: str
    title_zh: str
    status: int
    detail: str
    detail_zh: str
    current_version: int | None = None
    entity_id: UUID | None = None
    errors: Annotated[Sequence[PlaceRefused], Field(default_factory=tuple)]


_DONE: Final = TypeAdapter(Done)
_REFUSED: Final = TypeAdapter(Refused)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a caller.

    Attributes:
        method: HTTP method.
        path: at the owner.
        body: as the owner's OpenAPI says; what is None is left out.
        key: the caller's idempotency key.
        authorization: the caller's own header; the owner checks it.
    """

    method: str
    path: str
    body: Body
    key: str
    authorization: str | None


class Commands:
    """Sends commands to registration, and waits for the read model.

    Args:
        registration: its address.
        client: how to send.
        pool: connections that can read the read model.
    """

    def __init__(self, registration: str, client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
        self._registration = registration
        self._client = client
        self._pool = pool

    async def send(self, command: Command) -> Done | Refused:
        """Give a command to its owner. An owner that doesn't answer is a refusal too: the same may be sent again."""
        headers = {"Idempotency-Key": command.key}
        if command.authorization is not None:
            headers["Authorization"] = command.authorization
        body = {name: value for name, value in command.body.items() if value is not None}
        try:
            answer = await self._client.request(
                command.method, self._registration + command.path, json=body, headers=headers, timeout=TIMEOUT_SECONDS
            )
            if answer.status_code < HTTPStatus.BAD_REQUEST:
                return _DONE.validate_json(answer.content)
            return _REFUSED.validate_json(answer.content)
        except (httpx.HTTPError, ValidationError):
            return unavailable()

    async def seen(self, changed: Sequence[Changed]) -> bool:
        """Wait until the read model has every version, or a newer one; False where it hasn't in time.

        A read model that can't be asked is no reason to fail: the command is done.
        """
        try:
            return await self._seen(changed)
        except Exception as error:
            if isinstance(error, NoReadModelError) or failure_of(error) is Failure.RETRY:
                return False
            raise

    async def _seen(self, changed: Sequence[Changed]) -> bool:
        waited = [one for one in changed if one.aggregate in TABLES]
        deadline = asyncio.get_running_loop().time() + SEEN_SECONDS
        while waited:
            schema = await live_schema(self._pool)
            waited = [one for one in waited if not await self._has(schema, one)]
            if waited and asyncio.get_running_loop().time() > deadline:
                return False
            if waited:
                await asyncio.sleep(POLL_SECONDS)
        return True

    async def _has(self, schema: str, changed: Changed) -> bool:
        version = await self._pool.fetchval(
            f"SELECT version FROM {schema}.{TABLES[changed.aggregate]} WHERE entity_id = $1",  # noqa: S608 - declared
            changed.id,
        )
        return version is not None and version >= changed.version


def unavailable() -> Refused:
    """Return the refusal of an owner that doesn't answer."""
    problem = Problem(
        UNAVAILABLE,
        "The service that owns this doesn't answer. Send the same again, with the same idempotencyKey.",
        "负责该数据的服务暂无应答。请使用相同的 idempotencyKey 重新提交。",
    )
    return _REFUSED.validate_json(problem.body())
