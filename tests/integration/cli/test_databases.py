"""`lianhe databases` on the real server: a role and a database for each address, again, and apart from each other."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from cli.main import command_line
from tests.conftest import RunningServers

pytestmark = pytest.mark.servers


@pytest.fixture
async def names(servers: RunningServers) -> AsyncIterator[tuple[str, str]]:
    """Names of two databases of this test's own, gone afterwards."""
    made = f"test_{uuid4().hex[:12]}", f"test_{uuid4().hex[:12]}"
    yield made
    connection = await asyncpg.connect(servers.postgres)
    for name in made:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"DROP ROLE IF EXISTS {name}")
    await connection.close()


def address(servers: RunningServers, name: str, password: str) -> str:
    return f"postgresql://{name}:{password}@{urlsplit(servers.postgres).netloc.rpartition('@')[2]}/{name}"


async def run(*options: str) -> Result:
    # in a thread of its own, for a command has an event loop of its own
    return await asyncio.to_thread(CliRunner().invoke, command_line("databases"), ["databases", *options])


async def test_each_service_gets_its_own_and_a_second_run_takes_a_new_password(
    servers: RunningServers, names: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (address(servers, name, "it%27s%20secret") for name in names)
    (tmp_path / "url").write_text(first, encoding="utf-8")
    monkeypatch.setenv("POSTGRES_ADMIN_URL", servers.postgres)
    monkeypatch.setenv("DATABASE_URL_REGISTRATION_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("DATABASE_URL_PAIRING", second)

    made = await run("--json")

    assert made.exit_code == 0, made.output
    assert [json.loads(line) for line in made.stdout.splitlines()] == [
        {"service": "registration", "database": names[0], "role": names[0]},
        {"service": "pairing", "database": names[1], "role": names[1]},
    ]
    own = await asyncpg.connect(first)
    assert (
        await own.fetchval("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = $1", names[0])
        is False
    )
    await own.execute("CREATE TABLE kept (id int)")
    await own.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(first.rpartition("/")[0] + f"/{names[1]}")

    changed = address(servers, names[0], "another")
    (tmp_path / "url").write_text(changed, encoding="utf-8")
    again = await run()
    assert again.exit_code == 0, again.output
    assert f"registration: database 数据库 {names[0]}, role 账号 {names[0]}" in again.output
    own = await asyncpg.connect(changed)
    assert await own.fetchval("SELECT count(*) FROM kept") == 0
    await own.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(first)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgresql://nobody@127.0.0.1:1/registration",
            "role, password or database is missing 地址缺少账号、密码或数据库名",
        ),
        ("postgresql://a:b@127.0.0.1:1/", "role, password or database is missing 地址缺少账号、密码或数据库名"),
        ('postgresql://a"b:c@127.0.0.1:1/d', "is no name for a database and a role 不能用作数据库或账号名称"),
    ],
)
async def test_an_address_that_cannot_be_made_is_refused(
    servers: RunningServers, monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv("POSTGRES_ADMIN_URL", servers.postgres)
    monkeypatch.setenv("DATABASE_URL_REGISTRATION", url)
    refused = await run()
    assert refused.exit_code == 1
    assert told in refused.output.replace("\n", " ")


async def test_what_is_not_set_is_told_at_once() -> None:
    refused = await run()
    assert refused.exit_code == 1
    assert "2 setting(s) can't be used 配置有误" in refused.output
    assert "POSTGRES_ADMIN_URL: is not set" in refused.output
    assert "DATABASE_URL_REGISTRATION: is not set" in refused.output
