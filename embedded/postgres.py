"""PostgreSQL 18 on one machine, from the wheel, listening on the loopback only.

Started by root it runs under another account, see ``embedded.account``.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil

from embedded.account import Account, can_reach, place_for, postgres_account, program_directory
from embedded.databases import SUPERUSER
from embedded.errors import EmbeddedError
from embedded.files import disk_full_told, secret_kept, write_atomically
from embedded.ports import LOOPBACK

_INITDB_SECONDS = 120
_LEFT_OVER_SECONDS = 5.0
# Nothing of the user's environment: PG* variables and locales would change what is made.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "wal_level": "replica",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # What was committed survives kill -9 and a loss of power; said aloud because everything rests on it.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "cluster_name": "lianhe",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A database cluster that is made and may be started; nothing runs yet.

    Attributes:
        cluster: PostgreSQL's data directory, with symbolic links followed.
        programs: The directory of ``postgres``, ``pg_dump`` and the others.
        account: Who runs it; None for this process's own account.
        port: Where it listens.
        password: The superuser's.
    """

    cluster: Path
    programs: Path
    account: Account | None
    port: int
    password: str = field(repr=False)

    @property
    def admin_url(self) -> str:
        """The superuser's address, ``postgresql://postgres:password@127.0.0.1:port/postgres``."""
        return f"postgresql://{SUPERUSER}:{self.password}@{LOOPBACK}:{self.port}/postgres"

    def command(self) -> tuple[str, ...]:
        """The command line of the server."""
        settings = {**_SETTINGS, "port": str(self.port)}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return (str(self.programs / "postgres"), "-D", str(self.cluster), *flags)

    async def ready(self) -> bool:
        """Tell whether the server takes connections."""
        return await answers(self.admin_url)


async def answers(url: str) -> bool:
    """Tell whether a database at an address runs a query."""
    try:
        connection = await asyncpg.connect(url, timeout=5)
        try:
            await connection.execute("SELECT 1")
        finally:
            await connection.close(timeout=5)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return False
    return True


def prepare(directory: Path, *, port: int, environ: Mapping[str, str]) -> Postgres:
    """Make the cluster the first time, and clear what a crash left.

    The cluster is made beside its place and renamed at the end, so that a crash half-way leaves nothing that looks
    whole.

    Args:
        directory: Holds the cluster, or the link to it, and the superuser's password.
        port: Where the server will listen.
        environ: May set ``LIANHE_POSTGRES_ACCOUNT``.

    Raises:
        EmbeddedError: The cluster can't be made or used, a server runs on it already, or the disk is full.
    """
    with disk_full_told(directory):
        directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        password = secret_kept(directory / "superuser.password")
        cluster = directory / "cluster"
        if cluster.is_symlink() and not cluster.exists():
            raise EmbeddedError(
                f"PostgreSQL's data is gone: {cluster} points to {cluster.readlink()}, which does not exist. Restore "
                "it from a backup, or remove the link to begin with an empty database.",
                f"PostgreSQL 的数据不见了：{cluster} 指向的 {cluster.readlink()} 不存在。请从备份恢复，"
                "或删除该链接以空数据库重新开始。",
            )
        account = postgres_account(cluster, environ)
        programs = program_directory(account, directory)
        if not cluster.exists():
            _make(cluster, programs, account, password)
    real = cluster.resolve()
    if not (real / "PG_VERSION").exists() or not can_reach(real, account):
        raise EmbeddedError(
            f"{real} is no usable PostgreSQL cluster: PG_VERSION is missing, or the account "
            f"{account.name if account else 'of this process'} may not enter a directory above it.",
            f"{real} 不是可用的 PostgreSQL 数据目录：缺少 PG_VERSION，或账户 {account.name if account else '（当前）'} "
            "无法进入其上级目录。",
        )
    _clear_stale_pid(real)
    return Postgres(real, programs, account, port, password)


def _make(cluster: Path, programs: Path, account: Account | None, password: str) -> None:
    place = place_for(cluster.parent, account)
    unfinished = place / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    password_file = place / "cluster.password"
    write_atomically(password_file, password, mode=0o600)
    if account is not None:
        os.chown(unfinished, account.uid, account.gid)
        os.chown(password_file, account.uid, account.gid)
    result = subprocess.run(  # noqa: S603 -- a program of the wheel with arguments made here
        [
            str(programs / "initdb"),
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=_INITDB_SECONDS,
        cwd="/",
        env=ENVIRONMENT,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    password_file.unlink()
    if result.returncode:
        said = (result.stderr or result.stdout).strip()[-2000:]
        raise EmbeddedError(
            f"PostgreSQL could not make its data directory {cluster} (exit {result.returncode}): {said}",
            f"PostgreSQL 无法创建数据目录 {cluster}（退出码 {result.returncode}）：{said}",
        )
    if place == cluster.parent:
        unfinished.rename(cluster)
    else:
        cluster.symlink_to(unfinished.rename(place / "cluster"), target_is_directory=True)


def _clear_stale_pid(cluster: Path) -> None:
    """Remove a crashed server's pid file if another program has that pid now, and refuse if the server still runs.

    PostgreSQL itself clears the file of a pid that is gone, but takes any living process with it for a server.
    """
    pid_file = cluster / "postmaster.pid"
    if not pid_file.exists():
        return
    # The children of a server that was killed see it within moments, and go.
    deadline = time.monotonic() + _LEFT_OVER_SECONDS
    while (left := _server_on(cluster)) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    if left is not None:
        raise EmbeddedError(
            f"A PostgreSQL server (pid {left}) already runs on {cluster}. Stop it with `kill -INT {left}` and start "
            "again.",
            f"已有一个 PostgreSQL 服务（pid {left}）在使用 {cluster}。请用 `kill -INT {left}` 停止它后重新启动。",
        )
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
    except ValueError:
        return
    if psutil.pid_exists(pid):
        pid_file.unlink()


def _server_on(cluster: Path) -> int | None:
    """The pid of a PostgreSQL process that works in a cluster."""
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and Path(process.cwd()) == cluster:
                return process.pid
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return None
