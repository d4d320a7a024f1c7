"""A read model with rows that are known, and the graph on it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID, uuid4, uuid5

import asyncpg
import orjson
import pytest

from cli.migrate import FOLDERS
from contracts.vocabulary import Bureau, EntityKind, EntityState
from gateway.graphql.engine import Answer, Asked, Engine
from gateway.graphql.pool import read_pool
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH
from gateway.graphql.scope import EVERYTHING, Scope
from kit import migrations


@dataclass(frozen=True, slots=True)
class EntityRow:
    """A row of the table `entity`, in the order of its columns."""

    entity_id: UUID
    version: int
    uscc: str
    name: str
    kind: str
    state: str
    division_code: str
    bureau: str
    registered_on: date | None
    legal_form: str | None
    capital_amount: Decimal | None
    capital_currency: str | None
    business_scope: str | None
    address: str | None
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row of the table `entity_ledger`, in the order of its columns."""

    entity_id: UUID
    version: int
    registration_version: int
    uscc: str
    name: str
    kind: str
    state: str
    division_code: str
    bureau: str
    registered_on: date | None
    effective_on: date
    recorded_at: datetime


NAMESPACE = UUID("5b4f7a52-0000-4000-8000-000000000000")
NAMES = (
    "棠香五金",
    "龙水刃具店",
    "100%_纯\\粮店",
    'O\'Brien "咖啡"',
    "ABC 汽摩",
    "abc 汽摩",
    "万古𠮷野家",
    "铁山煤炭；DROP TABLE",
)
DIVISIONS = (
    "500111001001",
    "500111001002",
    "500111002001",
    "500111000000",
    "500112001001",
    "510104001001",
    "000000000000",
)
FIRST_MOMENT = datetime(2024, 2, 28, 1, 2, 3, 456000, UTC)


def _entity(number: int) -> EntityRow:
    kinds, bureaus = tuple(EntityKind), tuple(Bureau)
    with_capital = number % 3 != 0
    return EntityRow(
        entity_id=uuid5(NAMESPACE, str(number)),
        version=number % 4 + 1,
        uscc=f"91500111MA{number:08d}",
        name=f"{NAMES[number % len(NAMES)]}{number // 16}",
        kind=kinds[number // 3 % len(kinds)].value,
        state=(EntityState.DEREGISTERED if number % 11 == 0 else EntityState.ACTIVE).value,
        division_code=DIVISIONS[number % len(DIVISIONS)],
        bureau=bureaus[number % 3].value,
        registered_on=None if number % 9 == 0 else date(1999, 1, 1) + timedelta(days=number % 40 * 100),
        legal_form=None if number % 2 else "有限责任公司",
        capital_amount=Decimal(number * 1000) + Decimal("0.2500") if with_capital else None,
        capital_currency="CNY" if with_capital else None,
        business_scope="零售\n批发\t“五金”" if number % 5 else None,
        address=f"龙水镇{number}号" if number % 4 else None,
        effective_on=date(2024, 2, 28),
        recorded_at=FIRST_MOMENT + timedelta(seconds=number),
    )


def _ledger(row: EntityRow) -> LedgerRow:
    return LedgerRow(
        entity_id=row.entity_id,
        version=1,
        registration_version=row.version,
        uscc=row.uscc,
        name=row.name,
        kind=row.kind,
        state=row.state,
        division_code=row.division_code,
        bureau=row.bureau,
        registered_on=row.registered_on,
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
    )


@pytest.fixture(scope="session")
def rows() -> list[EntityRow]:
    """The 240 entities of the read model, in no order that a list has."""
    return [_entity(number) for number in range(240)]


@pytest.fixture(scope="session")
def ledger_rows(rows: list[EntityRow]) -> dict[UUID, LedgerRow]:
    """Ledger records of three entities in four; one in eight of them stands in another division than its entity."""
    kept = [row for number, row in enumerate(rows) if number % 4 != 0]
    return {
        row.entity_id: replace(_ledger(row), division_code="510104001001") if number % 8 == 0 else _ledger(row)
        for number, row in enumerate(kept)
    }


def _values(row: EntityRow | LedgerRow) -> tuple[Any, ...]:
    return tuple(asdict(row).values())


@pytest.fixture(scope="session")
def database_url(servers: Any, rows: list[EntityRow], ledger_rows: dict[UUID, LedgerRow]) -> Iterator[str]:
    """Address of a gateway's database, migrated and filled; tests only read it."""
    name = f"test_graph_{uuid4().hex[:12]}"
    url = servers.postgres.rpartition("/")[0] + f"/{name}"

    async def fill() -> None:
        await _admin(servers.postgres, f"CREATE DATABASE {name}")
        # Settings of a server that somebody else runs: what the graph answers must not depend on them.
        await _admin(servers.postgres, f"ALTER DATABASE {name} SET timezone = 'Asia/Shanghai'")
        await _admin(servers.postgres, f"ALTER DATABASE {name} SET datestyle = 'German'")
        await migrations.upgrade(url, FOLDERS["gateway"])
        connection = await asyncpg.connect(url)
        try:
            for table, records in (("entity", rows), ("entity_ledger", ledger_rows.values())):
                await connection.copy_records_to_table(
                    table, schema_name="model_1", records=[_values(row) for row in records]
                )
        finally:
            await connection.close()

    asyncio.run(fill())
    yield url
    asyncio.run(_admin(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _admin(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool of one connection that can only read."""
    pool = await read_pool(database_url, size=1)
    yield pool
    await pool.close()


@pytest.fixture
async def statements(pool: asyncpg.Pool) -> list[str]:
    """The text of every statement that goes to the database, from now on; without that which reads the pointer."""
    sent: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        if "public.read_model" not in record.query:
            sent.append(record.query)

    async with pool.acquire() as connection:
        connection.add_query_logger(note)
    return sent


@pytest.fixture
def engine(pool: asyncpg.Pool) -> Engine:
    """The graph on the read model."""
    return Engine(GRAPH, Reader(pool, GRAPH.schema))


class Ask(Protocol):
    """Asks the graph."""

    def __call__(
        self, query: str, *, operation: str | None = None, scope: Scope = EVERYTHING, **variables: Any
    ) -> Awaitable[Any]:
        """Return the data of the answer; an error fails the test."""
        ...


@pytest.fixture
def ask(engine: Engine) -> Ask:
    """Ask the graph for data."""

    async def data(query: str, *, operation: str | None = None, scope: Scope = EVERYTHING, **variables: Any) -> Any:
        answer = await engine.answer(Asked(query, operation, variables), scope)
        content = orjson.loads(answer.body)
        assert "errors" not in content, content["errors"]
        return content["data"]

    return data


@pytest.fixture
def refused(engine: Engine) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Ask the graph for what it refuses, and return the one error."""

    async def error(query: str, *, scope: Scope = EVERYTHING, **variables: Any) -> dict[str, Any]:
        answer: Answer = await engine.answer(Asked(query, None, variables), scope)
        errors = orjson.loads(answer.body)["errors"]
        assert len(errors) == 1, errors
        assert errors[0]["extensions"]["messageZh"]
        found: dict[str, Any] = errors[0]
        return found

    return error
