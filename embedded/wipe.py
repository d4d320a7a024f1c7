"""Remove a data directory's own content, and nothing else."""

import shutil
from contextlib import suppress
from pathlib import Path

from embedded.errors import EmbeddedError

OWN = ("kafka", "postgres", "logs", "secrets", "run", "demo-rejects")


def wipe(directory: Path) -> None:
    """Remove what the embedded servers and the runner put below a directory, and the directory if it is empty then.

    A file somebody else put there stays, so that a mistaken ``--data-dir`` removes nothing of others. What lies
    elsewhere behind a link, see ``embedded.account``, is removed too.

    Args:
        directory: The data directory; nothing of it may run.

    Raises:
        EmbeddedError: Something can't be removed.
    """
    try:
        cluster = directory / "postgres" / "cluster"
        if cluster.is_symlink():
            elsewhere = cluster.resolve().parent
            belongs_to = elsewhere / "BELONGS_TO"
            if belongs_to.exists() and Path(belongs_to.read_text(encoding="utf-8").strip()) == cluster.parent.resolve():
                shutil.rmtree(elsewhere)
        for name in OWN:
            with suppress(FileNotFoundError):
                shutil.rmtree(directory / name)
    except OSError as error:
        raise EmbeddedError(
            f"{error.filename} can't be removed: {error.strerror}. Remove {directory} by hand.",
            f"无法删除 {error.filename}：{error.strerror}。请手动删除 {directory}。",
        ) from error
    # Not empty, it holds something of somebody else; absent, there is nothing to do.
    with suppress(OSError):
        directory.rmdir()
