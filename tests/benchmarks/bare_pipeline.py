"""The hops of ours with nothing but asyncpg, aiokafka, csv and orjson: what the machine gives to whoever asks for less.

It writes the same rows (state, history, inbox, outbox) into the same tables and sends the same records, headers and
all, by as many processes. It leaves out what guards them: no check digit, no reject, no progress of a file, no schema,
no dead letter, no fence, no trace, no metric, no framework. What it does is done as fast as is known: batches of 500 by
`unnest` and COPY, prepared statements, uvloop, sends awaited together.

Usage: python -m tests.benchmarks.bare_pipeline import DIRECTORY | relay SERVICE | ledgers | gateway
(with the variables of ours: KAFKA_BOOTSTRAP_SERVERS, KAFKA_TOPIC_PREFIX, DATABASE_URL_<SERVICE>). A process that is to
be left running prints `ready` when it takes work; the import ends with its number of entities.
"""

import asyncio
import csv
import os
import re
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import blake2b
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Final, TypeAlias, TypedDict
from uuid import UUID, uuid5

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from uuid_utils.compat import uuid7

from tests.benchmarks import bare_tables

BATCH: Final = 500
RELAYED: Final = 1000
IDLE_SECONDS: Final = 0.01
POLL_MS: Final = 100

_DIVISIONS: Final = Path(__file__).parents[2] / "services" / "registration" / "domain" / "divisions.csv"
_AMOUNT: Final = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_CODE: Final = re.compile(r"[0-9A-Za-z]{18}")
_COLUMNS: Final = 10
_REGISTERED: Final = "cn.lianhe.registration.entity.registered.v1"
_RECORDED: Final = "cn.lianhe.ledgers.entity.recorded.v1"
_BUREAUS: Final = {"9": "MARKET_REGULATION", "5": "CIVIL_AFFAIRS", "1": "INSTITUTIONS", "8": "TRADE_UNION"}
_KINDS: Final = {"91": "UNKNOWN", "92": "INDIVIDUAL_HOUSEHOLD"}

Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Heard: TypeAlias = "tuple[UUID, UUID, Body]"
Apply: TypeAlias = "Callable[[Session, list[Heard]], Coroutine[None, None, None]]"


class Capital(TypedDict):
    """Capital in a body."""

    amount: str
    currency: str


class Body(TypedDict, total=False):
    """A body on either topic: the fields of ours."""

    entity_id: str
    version: int
    registration_version: int
    uscc: str
    name: str
    kind: str
    state: str
    division_code: str
    bureau: str
    registered_on: str
    legal_form: str
    capital: Capital
    business_scope: str
    address: str
    effective_on: str
    recorded_at: str


Row: TypeAlias = tuple[
    UUID,
    str,
    bytes,
    str,
    str,
    str,
    str,
    date | None,
    str | None,
    Decimal | None,
    str | None,
    str | None,
    str | None,
    date,
]


def _rows(directory: Path, today: date) -> Iterator[Row]:
    with _DIVISIONS.open(encoding="utf-8") as lines:
        codes = {line[2]: line[0] for line in csv.reader(lines)}
    for path in sorted(directory.glob("*.csv")):
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            for cells in reader:
                if len(cells) == _COLUMNS and _CODE.fullmatch(cells[1]):
                    yield _row([None if cell == "N/A" else cell for cell in cells], codes, today)


def _row(cells: Sequence[str | None], codes: dict[str, str], today: date) -> Row:
    name, code, registered, form, _person, capital, scope, _province, district, address = cells
    uscc = (code or "").upper()
    registered_on = date.fromisoformat(registered) if registered else None
    found = _AMOUNT.search(capital) if capital else None
    return (
        uuid7(),
        uscc,
        blake2b("".join(cell or "" for cell in cells).encode(), digest_size=16).digest(),
        name or "",
        _KINDS.get(uscc[:2], "OTHER"),
        codes.get(district or "", "000000000000"),
        _BUREAUS.get(uscc[0], "OTHER"),
        registered_on,
        form,
        Decimal(found[0].replace(",", "")).scaleb(4) if found else None,
        ("USD" if "美" in (capital or "") else "CNY") if found else None,
        scope,
        address,
        registered_on or today,
    )


async def import_(directory: Path) -> None:
    """Take a directory of files in, and print the number of entities."""
    session = await asyncpg.connect(os.environ["DATABASE_URL_REGISTRATION"])
    entities = 0
    rows = _rows(directory, datetime.now(UTC).date())
    while batch := list(islice(rows, BATCH)):
        by_code = {row[1]: row for row in batch}
        now = datetime.now(UTC)
        async with session.transaction():
            stored = await session.fetch(bare_tables.REGISTER, *zip(*by_code.values(), strict=True), now)
            told = []
            for key, uscc, version in stored:
                event_id = uuid7()
                body = _registered(by_code[uscc], str(key), version, now)
                told.append((event_id, "registration-entity", str(key), _REGISTERED, now, event_id, None, None, body))
            await session.copy_records_to_table("outbox", records=told, columns=bare_tables.OUTBOX)
        entities += sum(version == 1 for _, _, version in stored)
    await session.close()
    sys.stdout.write(f"{entities}\n")


def _registered(row: Row, key: str, version: int, now: datetime) -> bytes:
    _, uscc, _, name, kind, division, bureau, registered_on, form, amount, currency, scope, address, effective_on = row
    body = {
        "entity_id": key,
        "version": version,
        "uscc": uscc,
        "name": name,
        "kind": kind,
        "state": "ACTIVE",
        "division_code": division,
        "bureau": bureau,
        "registered_on": registered_on,
        "legal_form": form,
        "capital": {"amount": f"{amount:f}", "currency": currency} if amount is not None else None,
        "business_scope": scope,
        "address": address,
        "effective_on": effective_on,
        "recorded_at": now,
    }
    return orjson.dumps({name: value for name, value in body.items() if value is not None})


async def relay(service: str) -> None:
    """Move a service's outbox to Kafka."""
    session = await asyncpg.connect(os.environ[f"DATABASE_URL_{service.upper()}"])
    producer = AIOKafkaProducer(
        bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"], acks="all", max_batch_size=512 * 1024
    )
    await producer.start()
    prefix = os.environ["KAFKA_TOPIC_PREFIX"]
    _ready()
    while True:
        async with session.transaction():
            rows = sorted(await session.fetch(bare_tables.TAKE, RELAYED), key=itemgetter(0))
            sent = [
                await producer.send(
                    prefix + row["topic"], row["payload"], key=row["key"].encode(), headers=_headers(row)
                )
                for row in rows
            ]
            await asyncio.gather(*sent)
        if not rows:
            await asyncio.sleep(IDLE_SECONDS)


def _headers(row: asyncpg.Record) -> list[tuple[str, bytes]]:
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(row["event_id"]).encode()),
        ("ce_source", b"/lianhe/registration"),
        ("ce_type", row["type"].encode()),
        ("ce_time", row["time"].isoformat().encode()),
        ("ce_subject", row["key"].encode()),
        ("ce_correlationid", str(row["correlation_id"]).encode()),
        ("content-type", b"application/json"),
    ]
    if row["causation_id"]:
        headers.append(("ce_causationid", str(row["causation_id"]).encode()))
    return headers


async def _hear(service: str, topic: str) -> AIOKafkaConsumer:
    prefix = os.environ["KAFKA_TOPIC_PREFIX"]
    consumer = AIOKafkaConsumer(
        prefix + topic,
        bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        group_id=f"{prefix}bare-{service}-{topic}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=50,
    )
    await consumer.start()
    while not consumer.assignment():  # noqa: ASYNC110 - aiokafka offers no event to wait for
        await asyncio.sleep(IDLE_SECONDS)
    return consumer


async def _take_in(session: Session, consumer: AIOKafkaConsumer, apply: Apply) -> None:
    while True:
        records = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
        heard = [_heard(record) for part in records.values() for record in part]
        if heard:
            async with session.transaction():
                await apply(session, heard)
            await consumer.commit()


def _heard(record: ConsumerRecord) -> Heard:
    headers = dict(record.headers)
    return UUID(headers["ce_id"].decode()), UUID(headers["ce_correlationid"].decode()), orjson.loads(record.value)


def _newest(heard: list[Heard]) -> list[Body]:
    return list({body["entity_id"]: body for _, _, body in heard}.values())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


async def _record(session: Session, all_heard: list[Heard]) -> None:
    now = datetime.now(UTC)
    fresh = {row[0] for row in await session.fetch(bare_tables.TAKE_IN, [event_id for event_id, _, _ in all_heard])}
    by_id = {body["entity_id"]: (event_id, saga, body) for event_id, saga, body in all_heard if event_id in fresh}
    heard = [body for _, _, body in by_id.values()]
    stored = await session.fetch(
        bare_tables.RECORD,
        [one["entity_id"] for one in heard],
        [one["version"] for one in heard],
        [one["uscc"] for one in heard],
        [one["name"] for one in heard],
        [one["kind"] for one in heard],
        [one["state"] for one in heard],
        [one["division_code"] for one in heard],
        [one["bureau"] for one in heard],
        [_day(one.get("registered_on")) for one in heard],
        [date.fromisoformat(one["effective_on"]) for one in heard],
        now,
    )
    told = []
    for entity_id, version in stored:
        key = str(entity_id)
        cause, saga, one = by_id[key]
        body = {
            "entity_id": key,
            "version": version,
            "registration_version": one["version"],
            "uscc": one["uscc"],
            "name": one["name"],
            "kind": one["kind"],
            "state": one["state"],
            "division_code": one["division_code"],
            "bureau": one["bureau"],
            "effective_on": one["effective_on"],
            "recorded_at": now,
        }
        if "registered_on" in one:
            body["registered_on"] = one["registered_on"]
        event_id = uuid5(cause, key)
        told.append((event_id, "ledgers-entity", key, _RECORDED, now, saga, cause, None, orjson.dumps(body)))
    await session.copy_records_to_table("outbox", records=told, columns=bare_tables.OUTBOX)


async def _copy_entity(session: Session, all_heard: list[Heard]) -> None:
    heard = _newest(all_heard)
    capitals = [one.get("capital") for one in heard]
    await session.execute(
        bare_tables.COPY_ENTITY,
        [one["entity_id"] for one in heard],
        [one["version"] for one in heard],
        [one["uscc"] for one in heard],
        [one["name"] for one in heard],
        [one["kind"] for one in heard],
        [one["state"] for one in heard],
        [one["division_code"] for one in heard],
        [one["bureau"] for one in heard],
        [_day(one.get("registered_on")) for one in heard],
        [one.get("legal_form") for one in heard],
        [Decimal(capital["amount"]) if capital else None for capital in capitals],
        [capital["currency"] if capital else None for capital in capitals],
        [one.get("business_scope") for one in heard],
        [one.get("address") for one in heard],
        [date.fromisoformat(one["effective_on"]) for one in heard],
        [datetime.fromisoformat(one["recorded_at"]) for one in heard],
    )


async def _copy_ledger(session: Session, all_heard: list[Heard]) -> None:
    heard = _newest(all_heard)
    await session.execute(
        bare_tables.COPY_LEDGER,
        [one["entity_id"] for one in heard],
        [one["version"] for one in heard],
        [one["registration_version"] for one in heard],
        [one["uscc"] for one in heard],
        [one["name"] for one in heard],
        [one["kind"] for one in heard],
        [one["state"] for one in heard],
        [one["division_code"] for one in heard],
        [one["bureau"] for one in heard],
        [_day(one.get("registered_on")) for one in heard],
        [date.fromisoformat(one["effective_on"]) for one in heard],
        [datetime.fromisoformat(one["recorded_at"]) for one in heard],
    )


async def ledgers() -> None:
    """Hear registration; keep and tell the ledger."""
    session = await asyncpg.connect(os.environ["DATABASE_URL_LEDGERS"])
    consumer = await _hear("ledgers", "registration-entity")
    _ready()
    await _take_in(session, consumer, _record)


async def gateway() -> None:
    """Hear registration and the ledgers; fill the read model."""
    first, second = [await asyncpg.connect(os.environ["DATABASE_URL_GATEWAY"]) for _ in range(2)]
    entities, records = await _hear("gateway", "registration-entity"), await _hear("gateway", "ledgers-entity")
    _ready()
    await asyncio.gather(_take_in(first, entities, _copy_entity), _take_in(second, records, _copy_ledger))


def _ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> None:
    """Run one process."""
    match arguments:
        case ["import", directory]:
            uvloop.run(import_(Path(directory)))
        case ["relay", service]:
            uvloop.run(relay(service))
        case ["ledgers"]:
            uvloop.run(ledgers())
        case ["gateway"]:
            uvloop.run(gateway())
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
