"""Records that nobody can take in, as broken producers would send them: what is shown as dead letters 死信."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from aiokafka import AIOKafkaProducer

from contracts.envelope import Envelope
from contracts.events.registration import EntityRegistered
from contracts.vocabulary import UNASSIGNED_DIVISION, Bureau, EntityKind, EntityState
from demo.district.codes import made_up_uscc
from demo.loading.doors import PATIENCE_SECONDS, LoadError
from demo.loading.figures import Figure
from kit.clock import SystemClock
from kit.database import Database
from kit.dead_letter_desk import Chosen, find
from kit.faults import Reason
from kit.ids import new_id

NOT_SENT: Final[Mapping[Reason, str]] = {
    Reason.RULE_BROKEN: "no rule of the ledgers refuses what registration tells of an entity",
    Reason.HANDLER_FAILED: "a fault of ours: no record brings one about",
}
"""Reasons that no record shows, and why."""
_TICK_SECONDS: Final = 0.3

_Headers = Sequence[tuple[str, bytes]]
_Record = tuple[bytes, bytes | None, _Headers]
"""Key, value and headers."""


def _headers_invalid(key: UUID) -> _Record:
    return _key(key), _body(key), []


def _body_missing(key: UUID) -> _Record:
    return _key(key), None, _headers(key)


def _body_invalid(key: UUID) -> _Record:
    return _key(key), '{"name": "不完整的记录（演示）"}'.encode(), _headers(key)


def _key_mismatch(key: UUID) -> _Record:
    return _key(key), _body(new_id()), _headers(key)


def _data_refused(key: UUID) -> _Record:
    # JSON allows it, and PostgreSQL holds no NUL in a text
    return _key(key), _body(key, "名称含空字符\x00的店（演示）"), _headers(key)


_BROKEN: Final[Mapping[Reason, Callable[[UUID], _Record]]] = {
    Reason.HEADERS_INVALID: _headers_invalid,
    Reason.BODY_MISSING: _body_missing,
    Reason.BODY_INVALID: _body_invalid,
    Reason.KEY_MISMATCH: _key_mismatch,
    Reason.DATA_REFUSED: _data_refused,
}


async def set_aside_each(bootstrap_servers: str, ledgers: str) -> Sequence[Figure]:
    """Send a record for each reason of which none is set aside yet; return how many the ledgers set aside for each.

    Args:
        bootstrap_servers: of the broker.
        ledgers: address of the ledgers' database, in which dead letters are looked up as `lianhe dead-letters` does.

    Raises:
        LoadError: one is not set aside in time.
    """
    database = Database(ledgers, application_name="demo", pool_size=1)
    try:
        there = await _set_aside(database)
        if missing := [reason for reason in _BROKEN if reason not in there]:
            await _send(bootstrap_servers, [_BROKEN[reason](new_id()) for reason in missing])
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_SECONDS
        while missing := [reason for reason in _BROKEN if reason not in (there := await _set_aside(database))]:
            if loop.time() > until:
                raise LoadError(
                    f"broken records were sent and are not set aside ({', '.join(missing)}); see `lianhe logs`\n"
                    f"异常记录未被隔离（{'、'.join(missing)}），请查看 `lianhe logs`"
                )
            await asyncio.sleep(_TICK_SECONDS)
        return [Figure(f"dead letters of the ledgers, {one} 台账死信", 1, there.count(one)) for one in _BROKEN]
    finally:
        await database.close()


async def _set_aside(database: Database) -> list[str]:
    """Return the reason of each record of the topic that is set aside."""
    async with database.transaction() as transaction:
        return [one.reason for one in await find(transaction.connection, Chosen(topic=EntityRegistered.topic))]


async def _send(bootstrap_servers: str, records: Sequence[_Record]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all")
    await producer.start()
    try:
        for key, value, headers in records:
            await producer.send_and_wait(EntityRegistered.topic, value, key=key, headers=headers)
    finally:
        await producer.stop()


def _key(key: UUID) -> bytes:
    return str(key).encode()


def _headers(key: UUID) -> _Headers:
    envelope = Envelope(
        id=new_id(),
        source="/lianhe/registration",
        type=EntityRegistered.event_type,
        time=SystemClock().now(),
        subject=str(key),
    )
    return envelope.encode()


def _body(key: UUID, name: str = "异常记录的店（演示）") -> bytes:
    event = EntityRegistered(
        entity_id=key,
        version=1,
        uscc=made_up_uscc("92", "D", 0, 0),
        name=name,
        kind=EntityKind.INDIVIDUAL_HOUSEHOLD,
        state=EntityState.ACTIVE,
        division_code=UNASSIGNED_DIVISION,
        bureau=Bureau.MARKET_REGULATION,
        effective_on=date(2024, 1, 1),
        recorded_at=SystemClock().now(),
    )
    return event.model_dump_json(exclude_none=True).encode()
