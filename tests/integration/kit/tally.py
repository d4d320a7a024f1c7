"""A purpose-built service of the tests: adds amounts to accounts, and tells each new total.

It decides, as a real one does: it creates and locks the accounts in order of id, refuses what breaks its rule, writes
state and outbox in the open transaction. Nothing in it guards against hearing an event twice: that is the kit's part.
"""

import asyncio
import base64
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, SecretStr

from contracts.catalogue import Topic
from contracts.events.base import EventData
from contracts.events.dead_letters import DeadLetter
from kit.broker import Subscription
from kit.clock import SystemClock
from kit.consumer import BatchConsumer, Heard
from kit.database import Connection, Database, Transaction
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.faults import Limits, RuleBrokenError
from kit.health import Progress
from kit.ids import derived_id
from kit.outbox import Told, tell
from kit.redriving import Redriver
from kit.relay import Relay
from kit.sealing import Sealer
from kit.settings import ServiceSettings

CONSUMER: Final = "tally.amount"
KEY: Final = SecretStr(base64.b64encode(bytes(range(32))).decode())
MOMENT: Final = datetime(2026, 7, 1, tzinfo=UTC)
TABLES: Final = (
    "CREATE TABLE account (id uuid PRIMARY KEY, version bigint NOT NULL, total bigint NOT NULL)",
    "CREATE TABLE given (place bigserial, event_id uuid, account uuid, amount bigint, note text)",
)


class AmountGiven(EventData):
    """An amount was given to an account."""

    event_type: ClassVar[str] = "cn.lianhe.tally.amount.given.v1"
    topic: ClassVar[str] = "tally-amount"
    meaning: ClassVar[str] = "An amount was given to an account."
    meaning_zh: ClassVar[str] = "入账"

    account: UUID
    amount: Annotated[int, Field(le=1_000_000)]
    note: str = ""

    @property
    def key(self) -> str:
        """Record key: the account."""
        return str(self.account)


class AmountGivenSecond(AmountGiven):
    """The same in its second version."""

    event_type: ClassVar[str] = "cn.lianhe.tally.amount.given.v2"
    currency: str


class TotalChanged(EventData):
    """An account has a new total."""

    event_type: ClassVar[str] = "cn.lianhe.tally.total.changed.v1"
    topic: ClassVar[str] = "tally-total"
    meaning: ClassVar[str] = "An account has a new total."
    meaning_zh: ClassVar[str] = "余额变更"

    account: UUID
    version: int
    total: int

    @property
    def key(self) -> str:
        """Record key: the account."""
        return str(self.account)


class TallyDeadLetterRecorded(DeadLetter):
    """The tally set a record aside."""

    event_type: ClassVar[str] = "cn.lianhe.tally.dead-letter.recorded.v1"
    topic: ClassVar[str] = "tally-dead-letter"
    meaning: ClassVar[str] = "The tally set a record aside."
    meaning_zh: ClassVar[str] = "搁置"


EVENTS: Final[dict[int, type[AmountGiven]]] = {1: AmountGiven, 2: AmountGivenSecond}


def topics(partitions: int) -> list[Topic]:
    """Return the topics of the tally."""
    return [
        Topic(
            topic=event.topic,
            meaning="A topic of the tests, for the tally alone.",
            meaning_zh="测试用主题",
            owner="ledgers",
            readers=(),
            key="account",
            partitions=count,
            cleanup="delete",
            retention_days=1,
            data_class="internal",
            events=(event.event_type,),
        )
        for event, count in ((AmountGiven, partitions), (TotalChanged, partitions), (TallyDeadLetterRecorded, 1))
    ]


Before = Callable[[Sequence[Heard[AmountGiven]]], None]


@dataclass(slots=True)
class Tally:
    """Adds what was given. `seen` is called with each batch once it is written, before the commit.

    One that is mended no longer fails at notes that begin with "crash".
    """

    seen: Before = lambda _heard: None
    mended: bool = False

    async def __call__(self, transaction: Transaction, heard: Sequence[Heard[AmountGiven]]) -> None:
        """Add the amounts, in order, and tell each new total."""
        connection = transaction.connection
        accounts = sorted({one.event.account for one in heard})
        await connection.execute(
            "INSERT INTO account SELECT id, 0, 0 FROM unnest($1::uuid[]) AS wanted (id) ORDER BY id "
            "ON CONFLICT DO NOTHING",
            accounts,
        )
        rows = await connection.fetch(
            "SELECT id, version, total FROM account WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE", accounts
        )
        state = {row["id"]: (row["version"], row["total"]) for row in rows}
        told = []
        for one in heard:
            version, total = self._decide(one, *state[one.event.account])
            state[one.event.account] = (version, total)
            told.append(_told(one, version, total))
        await self._write(connection, heard, state)
        await tell(connection, told)
        self.seen(heard)

    def _decide(self, one: Heard[AmountGiven], version: int, total: int) -> tuple[int, int]:
        if not self.mended and one.event.note.startswith("crash"):
            raise KeyError(one.event.note)
        if one.event.amount < 0:
            raise RuleBrokenError("an amount is not negative")
        return version + 1, total + one.event.amount

    @staticmethod
    async def _write(
        connection: Connection, heard: Sequence[Heard[AmountGiven]], state: dict[UUID, tuple[int, int]]
    ) -> None:
        await connection.execute(
            "UPDATE account SET version = new.version, total = new.total "
            "FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS new (id, version, total) "
            "WHERE account.id = new.id",
            list(state),
            [version for version, _ in state.values()],
            [total for _, total in state.values()],
        )
        await connection.execute(
            "INSERT INTO given (event_id, account, amount, note) "
            "SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[])",
            [one.envelope.id for one in heard],
            [one.event.account for one in heard],
            [one.event.amount for one in heard],
            [one.event.note for one in heard],
        )


def _told(one: Heard[AmountGiven], version: int, total: int) -> Told:
    event = TotalChanged(account=one.event.account, version=version, total=total)
    return Told(
        event_id=derived_id(one.envelope.id, TotalChanged.event_type, event.key),
        event=event,
        time=MOMENT,
        correlation_id=one.envelope.correlation_id or one.envelope.id,
        causation_id=one.envelope.id,
        traceparent=one.traceparent,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where one test works: a broker, a prefix of topics, and a migrated database."""

    kafka: str
    prefix: str
    database_url: str

    def settings(self, *, instance: str = "0", batch_size: int = 500) -> ServiceSettings:
        """Return the settings of a replica."""
        return ServiceSettings(
            kafka_bootstrap_servers=self.kafka,
            kafka_topic_prefix=self.prefix,
            dead_letter_key=KEY,
            instance_id=instance,
            batch_size=batch_size,
        )

    def relay(self, *, hung_seconds: int = 10) -> Relay:
        """Return a relay of the tally."""
        return Relay(
            service="tally",
            database_url=self.database_url,
            bootstrap_servers=self.kafka,
            topic_prefix=self.prefix,
            progress=Progress("relay"),
            hung_seconds=hung_seconds,
        )


@dataclass(slots=True)
class Waits:
    """Waits as a consumer does between tries, only shorter, and counts."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> "asyncio.Future[None]":
        """Note for how long would have been waited."""
        self.seconds.append(seconds)
        return asyncio.ensure_future(asyncio.sleep(0.05))


@dataclass(slots=True)
class Replica:
    """One process's consumer of the tally and its redriver, with what they are made of."""

    place: Place
    instance: str = "0"
    batch_size: int = 500
    versions: tuple[int, ...] = (1,)
    limits: Limits = field(default_factory=Limits)
    handler: Tally = field(default_factory=Tally)
    waits: Waits = field(default_factory=Waits)
    progress: Progress = field(default_factory=lambda: Progress(CONSUMER))
    name: str = CONSUMER
    inbox: bool = True
    database: Database = field(init=False)
    consumer: BatchConsumer[AmountGiven] = field(init=False)
    subscription: Subscription = field(init=False)
    redriver: Redriver = field(init=False)

    def __post_init__(self) -> None:
        """Wire it as a service's `main` does."""
        self.database = Database(self.place.database_url, application_name=f"tally-{self.instance}", pool_size=2)
        clock = SystemClock()
        dead_letters = DeadLetters(TallyDeadLetterRecorded, Sealer(KEY), clock)
        self.consumer = BatchConsumer(
            name=self.name,
            decoder=Decoder[AmountGiven](*(EVENTS[version] for version in self.versions)),
            handler=self.handler,
            database=self.database,
            dead_letters=dead_letters,
            progress=self.progress,
            inbox=self.inbox,
            limits=self.limits,
            sleep=self.waits,
        )
        settings = self.place.settings(instance=self.instance, batch_size=self.batch_size)
        self.subscription = Subscription(self.consumer, [AmountGiven.topic], settings)
        self.redriver = Redriver(
            service="tally",
            database=self.database,
            database_url=self.place.database_url,
            dead_letters=dead_letters,
            clock=clock,
            progress=Progress("redriver"),
        )


def totals(amounts: Sequence[AmountGiven]) -> dict[UUID, int]:
    """Return what each account must come to."""
    expected: dict[UUID, int] = defaultdict(int)
    for one in amounts:
        expected[one.account] += one.amount
    return dict(expected)
