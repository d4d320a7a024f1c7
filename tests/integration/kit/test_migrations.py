"""Migrations: twice, two at once, after a crash in the middle; and each service's models equal its database."""

import asyncio
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

from cli.migrate import FOLDERS
from gateway.tables import ReadModelTable
from kit import migrations
from kit.sessions import sqlalchemy_url
from services.assessment.tables import AssessmentTable
from services.ledgers.tables import LedgersTable
from services.pairing.tables import PairingTable
from services.registration.tables import RegistrationTable
from tests.conftest import MakeDatabase, RunningServers

pytestmark = pytest.mark.servers

KIT_TABLES = {
    "outbox",
    "inbox",
    "dead_letter",
    "dead_letter_try",
    "dead_letter_look",
    "command",
    "timer",
    "alembic_version",
    "division",
    "bureau",
    "association",
    "cadre",
    "mandate",
    "process",
    "process_step",
    "evidence",
    "evidence_use",
    "evidence_look",
}


@pytest.fixture
async def empty_database(servers: RunningServers) -> str:
    """The address of an empty database; it goes with the run."""
    name = f"test_empty_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(servers.postgres)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return servers.postgres.rpartition("/")[0] + f"/{name}"


@pytest.mark.parametrize("service", sorted(FOLDERS))
async def test_a_second_upgrade_changes_nothing(empty_database: str, service: str) -> None:
    newest = migrations.head(FOLDERS[service])
    assert await migrations.current(empty_database) is None
    assert await migrations.upgrade(empty_database, FOLDERS[service]) == (None, newest)
    assert await migrations.upgrade(empty_database, FOLDERS[service]) == (newest, newest)
    assert await migrations.current(empty_database) == newest


async def test_of_upgrades_at_once_one_does_the_work_and_the_others_wait(empty_database: str) -> None:
    newest = migrations.head(FOLDERS["ledgers"])
    outcomes = await asyncio.gather(*(migrations.upgrade(empty_database, FOLDERS["ledgers"]) for _ in range(4)))
    assert sorted(outcomes, key=str) == sorted([(None, newest), *[(newest, newest)] * 3], key=str)


async def test_an_upgrade_that_fails_leaves_the_database_as_it_was(empty_database: str, tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    (tmp_path / "env.py").write_text((FOLDERS["ledgers"] / "env.py").read_text())
    for number, (before, statement) in enumerate([("None", "CREATE TABLE half (id int)"), ("'1'", "NO SUCH")], 1):
        (versions / f"{number}.py").write_text(
            f"from alembic import op\nrevision = '{number}'\ndown_revision = {before}\n"
            f"def upgrade() -> None:\n    op.execute('{statement}')\n"
        )
    with pytest.raises(Exception, match="syntax error"):
        await migrations.upgrade(empty_database, tmp_path)
    assert await migrations.current(empty_database) is None
    connection = await asyncpg.connect(empty_database)
    try:
        assert await connection.fetchval("SELECT to_regclass('half')") is None
    finally:
        await connection.close()


async def test_a_folder_without_a_migration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    with pytest.raises(ValueError, match="holds no migration"):
        migrations.head(tmp_path)


async def _differences(url: str, metadata: MetaData, schema: str | None = None) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_schemas": schema is not None,
                "include_name": lambda name, kind, _parents: name == schema if kind == "schema" else True,
                "include_object": lambda _object, name, kind, *_: kind != "table" or name not in KIT_TABLES,
            },
        )
        return list(compare_metadata(context, metadata))

    engine = create_async_engine(sqlalchemy_url(url), poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compare)
    finally:
        await engine.dispose()


@pytest.mark.parametrize(
    ("service", "metadata"),
    [
        ("registration", RegistrationTable.metadata),
        ("ledgers", LedgersTable.metadata),
        ("assessment", AssessmentTable.metadata),
        ("pairing", PairingTable.metadata),
    ],
)
async def test_a_services_models_equal_its_migrated_database(
    make_database: MakeDatabase, service: str, metadata: MetaData
) -> None:
    url = await make_database(service)
    assert await _differences(url, metadata) == []
    connection = await asyncpg.connect(url)
    try:
        table = min(metadata.tables)
        await connection.execute(f"ALTER TABLE {table} ADD COLUMN unmodelled text")
    finally:
        await connection.close()
    assert len(await _differences(url, metadata)) == 1, "a difference is seen"


async def test_the_read_models_tables_equal_its_migrated_database(make_database: MakeDatabase) -> None:
    url = await make_database("gateway")
    placed = MetaData()
    for table in ReadModelTable.metadata.sorted_tables:
        table.to_metadata(placed, schema="model_1")
    assert await _differences(url, placed, "model_1") == []
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("ALTER TABLE model_1.entity DROP COLUMN address")
    finally:
        await connection.close()
    assert len(await _differences(url, placed, "model_1")) == 1, "a difference is seen"
