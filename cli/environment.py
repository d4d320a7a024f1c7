"""Where a command finds the servers: in its own environment, else in what `lianhe up` started here."""

import os
from pathlib import Path
from typing import Final

from kit.settings import FROM_FILE

_ADDRESSES: Final = ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL_")


class NothingRunsError(Exception):
    """No address is set, and nothing was started here."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"nothing is running in {directory}, and no address is set. Start with `lianhe up`, or set "
            f"KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL_<SERVICE>.\n"
            f"{directory} 中没有正在运行的服务，也未设置地址。请运行 `lianhe up`，或设置上述环境变量。"
        )


def use_what_runs(data_dir: Path, *keys: str) -> None:
    """Add the addresses of what runs to this process's environment, where it sets none itself.

    Args:
        data_dir: of what was started here.
        keys: settings that are keys, which this process needs beside the addresses.

    Raises:
        NothingRunsError: nothing runs, and no address is set.
    """
    if any(name.startswith(_ADDRESSES) for name in os.environ):
        return
    from embedded import background  # noqa: PLC0415 - a quarter of the time that an import takes to begin
    from embedded.environment import key_file, read_environment  # noqa: PLC0415 - as above

    directory = data_dir.expanduser().absolute()
    if background.running(directory) is None:
        raise NothingRunsError(directory)
    for name, value in read_environment(directory).items():
        os.environ.setdefault(name, value)
    for key in keys:
        kept = key_file(directory, key)
        if kept.exists() and not os.environ.get(key):
            os.environ.setdefault(key + FROM_FILE, str(kept))
