"""Files that are whole or absent: atomic writes, secrets made once, and a full disk told in plain words."""

import base64
import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from embedded.errors import EmbeddedError

DEFAULT_MIN_FREE_MB = 1024
_KEY_BYTES = 32
_MEBIBYTE = 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_atomically(path: Path, content: str, *, mode: int = 0o644) -> None:
    """Write a text file so that a reader, or a crash at any moment, sees the old content or the new, never a part.

    Args:
        path: The file; its directory must exist.
        content: The whole new text, written as UTF-8.
        mode: Permission bits of the file.

    Raises:
        EmbeddedError: The disk is full.
    """
    with disk_full_told(path):
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(mode)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def data_directory(path: Path) -> Path:
    """Make a data directory if it is missing, and return its absolute path.

    Raises:
        EmbeddedError: It can't be made or written to.
    """
    absolute = path.expanduser().absolute()
    try:
        # Open to be walked through: PostgreSQL may have to run under another account.
        absolute.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(
            f"The data directory {absolute} can't be made: {error.strerror}. Choose another with --data-dir.",
            f"无法创建数据目录 {absolute}：{error.strerror}。请用 --data-dir 换一个位置。",
        ) from error
    if not os.access(absolute, os.W_OK | os.X_OK):
        raise EmbeddedError(
            f"The data directory {absolute} can't be written to. Choose another with --data-dir.",
            f"数据目录 {absolute} 不可写。请用 --data-dir 换一个位置。",
        )
    return absolute


def key_made() -> str:
    """Make a key: base64 of 32 random bytes."""
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def secret_kept(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
    """Return the secret in a file, making it the first time; the file is readable by its owner only.

    Args:
        path: Where the secret is kept; the directory is made with mode 0700.
        make: Makes a new secret; the default has 192 random bits in URL-safe characters.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        write_atomically(path, make(), mode=0o600)
    return path.read_text(encoding="utf-8").strip()


@contextmanager
def disk_full_told(path: Path) -> Iterator[None]:
    """Turn "no space left on device" inside the block into a message that names the place.

    Raises:
        EmbeddedError: The file system of ``path`` is full or the user's quota is used up.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise EmbeddedError(
            f"The disk is full: {path} could not be written. Make room on that file system and start again; "
            "nothing half-written was kept.",
            f"磁盘已满：无法写入 {path}。请在该文件系统上腾出空间后重新启动；没有留下写了一半的内容。",
        ) from error


def require_free_space(directory: Path, environ: Mapping[str, str]) -> None:
    """Refuse to start on a nearly full disk.

    Args:
        directory: An existing directory on the file system to look at.
        environ: ``LIANHE_MIN_FREE_MB`` sets the limit in MiB; 1024 without it, 0 switches the check off.

    Raises:
        EmbeddedError: Too little is free, or the limit is no whole number.
    """
    setting = environ.get("LIANHE_MIN_FREE_MB", str(DEFAULT_MIN_FREE_MB))
    if not setting.isdecimal():
        raise EmbeddedError(
            f"LIANHE_MIN_FREE_MB must be a whole number of MiB, not {setting!r}.",
            f"LIANHE_MIN_FREE_MB 必须是整数（MiB），而不是 {setting!r}。",
        )
    free = shutil.disk_usage(directory).free // _MEBIBYTE
    if free < int(setting):
        raise EmbeddedError(
            f"Only {free} MiB are free under {directory}; {setting} MiB are needed to start. Make room, choose another "
            "place with --data-dir, or lower the limit with LIANHE_MIN_FREE_MB.",
            f"{directory} 所在磁盘只剩 {free} MiB，启动需要 {setting} MiB。请腾出空间，用 --data-dir 换一个位置，"
            "或用 LIANHE_MIN_FREE_MB 降低限制。",
        )
