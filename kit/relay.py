"""The relay: moves a service's outbox to Kafka, in order, each event at least once.

One relay of a service is active. Two walls keep it so:

- an advisory lock on its database session. The server ends a session that hangs, so the lock of a relay that was
  stopped or cut off comes free;
- Kafka's fence. Every relay of a service has the same transactional id, so the broker refuses what a former relay still
  sends once its successor began. Without it a relay that was stopped and resumed was seen to append version 1 after its
  successor's 1 and 2.

What is sent is what is not yet sent (the row is still there), never "id above the last one": a transaction that commits
late would be skipped. Rows are deleted in the transaction that waits for the broker's acknowledgement.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from operator import itemgetter
from time import time
from typing import ClassVar, Final, Protocol, Self, TypeAlias

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from opentelemetry.trace import SpanKind

from contracts.envelope import Envelope
from kit import metrics, waiting
from kit.broker_security import Tls, client_options
from kit.database import AWAY
from kit.health import Progress
from kit.log import logger
from kit.outbox import CHANNEL
from kit.sending import Outgoing, send_in_order
from kit.telemetry import Attributes, batch_span, record_span

_log = logger(__name__)

ROWS: Final = 1000
FALLBACK_SECONDS: Final = 0.5
GATHER_SECONDS: Final = 0.03
"""After a small batch the next begins no sooner: what comes meanwhile shares one transaction of the broker's."""
OBSERVE_SECONDS: Final = 5.0
STANDBY_SECONDS: Final = 0.5
HUNG_SECONDS: Final = 10
LOCK: Final = 0x4C49414E_48454F42
NO_ANSWER: Final = "broker or database 消息代理或数据库: no answer 无应答"

_TAKE: Final = """
    DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT $1)
    RETURNING id, event_id, topic, key, type, time, correlation_id, causation_id, traceparent, payload
"""
_DEPTH: Final = "SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM outbox"

_Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class RelaySettings(Protocol):
    """What a relay needs of a service's settings."""

    service: ClassVar[str]

    @property
    def database_url(self) -> str:
        """The service's database."""
        ...

    @property
    def kafka_bootstrap_servers(self) -> str:
        """The broker."""
        ...

    @property
    def kafka_topic_prefix(self) -> str:
        """What is put before the contract's topic names."""
        ...

    @property
    def kafka_tls(self) -> Tls | None:
        """The certificates for the broker."""
        ...


class Relay:
    """The relay of one service.

    Args:
        service: whose outbox; names the events' source and the transactional id.
        database_url: the service's database, `postgresql://…`.
        bootstrap_servers: the broker.
        topic_prefix: put before the contract's topic names.
        progress: what health sees; a standby is ready too.
        hung_seconds: after how long the server ends this relay's session when it hangs.
        tls: the certificates for the broker; None where it is spoken to in plain text.
    """

    def __init__(
        self,
        *,
        service: str,
        database_url: str,
        bootstrap_servers: str,
        topic_prefix: str,
        progress: Progress,
        hung_seconds: int = HUNG_SECONDS,
        tls: Tls | None = None,
    ) -> None:
        self._service = service
        self._source = f"/lianhe/{service}"
        self._database_url = database_url
        self._bootstrap_servers = bootstrap_servers
        self._topic_prefix = topic_prefix
        self._progress = progress
        self._hung_seconds = hung_seconds
        self._tls = tls
        self._wake = asyncio.Event()

    @classmethod
    def of(cls, settings: RelaySettings, progress: Progress) -> Self:
        """Return the relay that a service's settings describe."""
        return cls(
            service=settings.service,
            database_url=settings.database_url,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            topic_prefix=settings.kafka_topic_prefix,
            progress=progress,
            tls=settings.kafka_tls,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Move the outbox until `stop` is set. What fails is tried again, with a new session and a new producer."""
        wait = 0.2
        while not stop.is_set():
            try:
                async with self._session() as session:
                    if await self._elected(session, stop):
                        async with self._producer() as producer:
                            wait = 0.2
                            await self._lead(session, producer, stop)
            except (KafkaError, *AWAY) as error:
                self._progress.waits(f"broker or database 消息代理或数据库: {type(error).__name__}")
                _log.warning("relay starts over", service=self._service, error=repr(error), seconds=wait)
                await waiting.up_to(wait, stop)
                wait = min(wait * 2, 5.0)
            finally:
                metrics.RELAY_LEADER.labels(self._service).set(0)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[_Session]:
        hung = f"{self._hung_seconds}s"
        session: _Session = await asyncpg.connect(
            self._database_url,
            timeout=10,
            server_settings={
                "application_name": f"{self._service}-relay",
                "timezone": "UTC",
                "idle_session_timeout": hung,
                "idle_in_transaction_session_timeout": hung,
                "statement_timeout": "60s",
            },
        )
        try:
            yield session
        finally:
            session.terminate()

    async def _elected(self, session: _Session, stop: asyncio.Event) -> bool:
        while not stop.is_set():
            if await session.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                return True
            self._progress.is_ready()
            await waiting.up_to(STANDBY_SECONDS, stop)
        return False

    @asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap_servers,
            client_id=f"{self._service}-relay",
            transactional_id=f"{self._topic_prefix}{self._service}-relay",
            transaction_timeout_ms=15_000,
            acks="all",
            max_batch_size=512 * 1024,
            linger_ms=0,
            request_timeout_ms=15_000,
            **client_options(self._tls),
        )
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def _lead(self, session: _Session, producer: AIOKafkaProducer, stop: asyncio.Event) -> None:
        await session.add_listener(CHANNEL, self._woken())
        metrics.RELAY_LEADER.labels(self._service).set(1)
        self._progress.is_ready()
        _log.info("relay leads", service=self._service)
        observed = 0.0
        while not stop.is_set():
            self._wake.clear()
            begun = asyncio.get_running_loop().time()
            late = asyncio.get_running_loop().call_later(self._hung_seconds, self._progress.waits, NO_ANSWER)
            try:
                sent = await self._move(session, producer)
            finally:
                late.cancel()
            if sent or not self._progress.ready:
                self._progress.is_ready()
            if time() - observed > OBSERVE_SECONDS:
                await self._observe(session)
                observed = time()
            if not sent:
                await waiting.either(stop, self._wake, FALLBACK_SECONDS)
            elif sent < ROWS:
                await waiting.up_to(begun + GATHER_SECONDS - asyncio.get_running_loop().time(), stop)

    def _woken(self) -> Callable[[object, int, str, object], None]:
        def woken(_session: object, _process: int, _channel: str, _payload: object) -> None:
            self._wake.set()

        return woken

    async def _move(self, session: _Session, producer: AIOKafkaProducer) -> int:
        async with session.transaction():
            rows = sorted(await session.fetch(_TAKE, ROWS), key=itemgetter("id"))
            if not rows:
                return 0
            traced = [row["traceparent"] for row in rows if row["traceparent"]]
            attributes: Attributes = {"messaging.system": "kafka", "messaging.batch.message_count": len(rows)}
            with batch_span(f"{self._service} relay", traced, attributes, SpanKind.PRODUCER):
                async with producer.transaction():
                    await send_in_order(producer, map(self._outgoing, rows))
        metrics.RELAYED.labels(self._service).inc(len(rows))
        return len(rows)

    def _outgoing(self, row: asyncpg.Record) -> Outgoing:
        traceparent = row["traceparent"]
        if traceparent is not None:
            attributes = {"messaging.destination.name": row["topic"], "cloudevents.event_id": str(row["event_id"])}
            traceparent = record_span(f"{self._service} relay send", traceparent, attributes, SpanKind.PRODUCER)
        envelope = Envelope(
            id=row["event_id"],
            source=self._source,
            type=row["type"],
            time=row["time"],
            subject=row["key"],
            correlation_id=row["correlation_id"],
            causation_id=row["causation_id"],
            traceparent=traceparent,
        )
        return Outgoing(self._topic_prefix + row["topic"], row["key"].encode(), row["payload"], envelope.encode())

    async def _observe(self, session: _Session) -> None:
        row = await session.fetchrow(_DEPTH)
        if row is not None:
            metrics.OUTBOX_DEPTH.labels(self._service).set(row[0])
            metrics.OUTBOX_AGE_SECONDS.labels(self._service).set(row[1])
            self._progress.pending = row[0]
