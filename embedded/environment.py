"""The addresses of what runs, for the project's other commands on this machine."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from embedded.files import write_atomically

_VARIABLES = TypeAdapter(dict[str, str])


def _path(directory: Path) -> Path:
    return directory / "secrets" / "environment.json"


def key_file(directory: Path, setting: str) -> Path:
    """Return where a key is kept that was made at the first start.

    Args:
        directory: The data directory.
        setting: The setting that holds it, as ``PERSONAL_DATA_KEY``.
    """
    return directory / "secrets" / setting.lower().replace("_", "-")


def write_environment(directory: Path, variables: Mapping[str, str]) -> None:
    """Keep the variables by which a process of the project finds what runs; readable by the owner only.

    Args:
        directory: The data directory.
        variables: ``KAFKA_BOOTSTRAP_SERVERS``, ``DATABASE_URL_<SERVICE>``, ``DEAD_LETTER_KEY``.
    """
    path = _path(directory)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(path, json.dumps(dict(variables), indent=2) + "\n", mode=0o600)


def read_environment(directory: Path) -> dict[str, str]:
    """Return what the last start wrote; empty where nothing was started yet."""
    try:
        return _VARIABLES.validate_json(_path(directory).read_bytes())
    except (FileNotFoundError, ValidationError):
        return {}
