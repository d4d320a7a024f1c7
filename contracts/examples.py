"""The examples: hand-written records of every event, which tests of producers and consumers share.

A file `examples/<event type>/<name>.json` holds one record: its headers, its key and its data.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from contracts.catalogue import ROOT

EXAMPLES_DIRECTORY: Final = ROOT / "examples"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    headers: dict[str, str]
    key: Annotated[str, Field(min_length=1)]
    data: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Example:
    """One record as it is on the wire.

    Attributes:
        event_type: the CloudEvents type whose example it is.
        name: the file's name without `.json`.
        headers: record headers, in the file's order.
        key: record key.
        data: the body, parsed.
        raw: the body, in the bytes that go out: UTF-8, compact, Chinese not escaped.
    """

    event_type: str
    name: str
    headers: tuple[tuple[str, bytes], ...]
    key: bytes
    data: dict[str, JsonValue]
    raw: bytes


def examples(event_type: str, directory: Path = EXAMPLES_DIRECTORY) -> list[Example]:
    """Read the examples of one event type, in order of name.

    Raises:
        LookupError: there is no example of that type.
        ValueError: a file doesn't hold `headers`, `key` and `data`; the message names the file.
    """
    paths = sorted((directory / event_type).glob("*.json"))
    if not paths:
        raise LookupError(f"no example of {event_type}: expected {directory / event_type}/<name>.json")
    return [_read(event_type, path) for path in paths]


def _read(event_type: str, path: Path) -> Example:
    try:
        found = _File.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{event_type}/{path.name}: {error}") from error
    headers = tuple((name, value.encode()) for name, value in found.headers.items())
    return Example(event_type, path.stem, headers, found.key.encode(), found.data, orjson.dumps(found.data))
