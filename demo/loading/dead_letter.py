"""A record that nobody can take in, as a broken producer would send it: what is shown as a dead letter 死信."""

import asyncio
from typing import Final

from aiokafka import AIOKafkaProducer

from contracts.envelope import Envelope
from contracts.events.registration import EntityRegistered
from demo.loading.doors import PATIENCE_SECONDS, LoadError
from kit.clock import SystemClock
from kit.database import Database
from kit.dead_letter_desk import Chosen, find
from kit.ids import new_id

_BROKEN: Final = '{"name": "不完整的记录（演示）"}'.encode()
_TICK_SECONDS: Final = 0.3


async def set_aside_one(bootstrap_servers: str, ledgers: str) -> int:
    """Send a record that breaks its schema, unless one is set aside already; return how many the ledgers set aside.

    Args:
        bootstrap_servers: of the broker.
        ledgers: address of the ledgers' database, in which dead letters are looked up as `lianhe dead-letters` does.

    Raises:
        LoadError: it is not set aside in time.
    """
    database = Database(ledgers, application_name="demo", pool_size=1)
    try:
        if there := await _set_aside(database):
            return there
        await _send(bootstrap_servers)
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_SECONDS
        while not (there := await _set_aside(database)):
            if loop.time() > until:
                raise LoadError(
                    "a broken record was sent and is not set aside; see `lianhe logs`\n"
                    "异常记录未被隔离，请查看 `lianhe logs`"
                )
            await asyncio.sleep(_TICK_SECONDS)
        return there
    finally:
        await database.close()


async def _set_aside(database: Database) -> int:
    async with database.transaction() as transaction:
        return len(await find(transaction.connection, Chosen(topic=EntityRegistered.topic)))


async def _send(bootstrap_servers: str) -> None:
    key = str(new_id())
    envelope = Envelope(
        id=new_id(),
        source="/lianhe/registration",
        type=EntityRegistered.event_type,
        time=SystemClock().now(),
        subject=key,
    )
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(EntityRegistered.topic, _BROKEN, key=key.encode(), headers=envelope.encode())
    finally:
        await producer.stop()
