"""A set of contracts in a folder: the topic files and the schemas, as they are now or as they were released."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import TypeAdapter

from contracts.catalogue import ROOT
from contracts.wire_schema import Schema

RELEASED_DIRECTORY: Final = ROOT / "released"
_OBJECT: Final = TypeAdapter(Schema)


@dataclass(frozen=True, slots=True)
class ContractSet:
    """Topic files by topic name and schemas by event type, both as parsed and not interpreted."""

    topics: Mapping[str, Schema]
    schemas: Mapping[str, Schema]


def load_contracts(directory: Path) -> ContractSet:
    """Read `topics/*.yaml` and `schemas/*.json` of a folder.

    Raises:
        ValueError: a file holds no YAML or JSON object; the message names the file.
    """
    return ContractSet(
        topics={path.stem: _read_yaml(path) for path in sorted((directory / "topics").glob("*.yaml"))},
        schemas={path.stem: _read_json(path) for path in sorted((directory / "schemas").glob("*.json"))},
    )


def released_version(directory: Path = RELEASED_DIRECTORY) -> str | None:
    """Return the version of the released contracts, or None while nothing is released."""
    pointer = directory / "RELEASE"
    return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None


def load_released(directory: Path = RELEASED_DIRECTORY) -> ContractSet:
    """Read the contracts that were released last; an empty set while nothing is.

    Raises:
        ValueError: a file is malformed, or the folder that `RELEASE` names is not there.
    """
    version = released_version(directory)
    if version is None:
        return ContractSet({}, {})
    if not (directory / version).is_dir():
        raise ValueError(f"{directory / 'RELEASE'} names {version}, whose folder is missing: restore it from git")
    return load_contracts(directory / version)


def _read_yaml(path: Path) -> Schema:
    try:
        return _OBJECT.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{path}: {error}") from error


def _read_json(path: Path) -> Schema:
    try:
        return _OBJECT.validate_json(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
