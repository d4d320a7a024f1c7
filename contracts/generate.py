"""`python -m contracts.generate`: write what is made from the models and the topic files.

That is `contracts/schemas/*.json`, `contracts/asyncapi.yaml` and `docs/topics.md`. With `--check` nothing is written:
it names what is stale and exits 1.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import orjson

from contracts.asyncapi import ASYNCAPI_FILE, asyncapi_document, asyncapi_yaml
from contracts.catalogue import EVENTS, ROOT, topics
from contracts.compatibility.contract_set import released_version
from contracts.topic_guide import topic_guide
from contracts.wire_schema import SCHEMAS_DIRECTORY, schema_file, wire_schema

GUIDE_FILE: Final = ROOT.parent / "docs" / "topics.md"
COMMAND: Final = "python -m contracts.generate"


def generated() -> dict[Path, bytes]:
    """Make the contents of every generated file.

    Raises:
        ValueError, LookupError: a topic file, a model or an example is not as it must be; the message names it.
    """
    found = {SCHEMAS_DIRECTORY / schema_file(event.event_type): _json(wire_schema(event)) for event in EVENTS}
    every = topics().values()
    document = asyncapi_document(every, released_version() or "0.0.0")
    found[ASYNCAPI_FILE] = asyncapi_yaml(document).encode()
    found[GUIDE_FILE] = topic_guide(every).encode()
    return found


def stale(wanted: Mapping[Path, bytes]) -> list[Path]:
    """Return the files that are missing, differ, or are schemas of no event, in order."""
    different = {path for path, content in wanted.items() if not path.exists() or path.read_bytes() != content}
    return sorted(different | (set(SCHEMAS_DIRECTORY.glob("*")) - wanted.keys()))


def refuse_stale() -> None:
    """Stop where a generated file doesn't fit the models and the topic files.

    Raises:
        ValueError: the message names the stale files and the command to run.
    """
    found = stale(generated())
    if found:
        names = "\n".join(f"  {_name(path)}" for path in found)
        raise ValueError(f"stale 已过期:\n{names}\nrun 请运行: {COMMAND}")


def write(path: Path, content: bytes) -> None:
    """Write a whole file or nothing: under a temporary name first, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.tmp")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def write_generated() -> list[Path]:
    """Write what is stale and delete schemas of no event; return those paths."""
    wanted = generated()
    found = stale(wanted)
    for path in found:
        if path in wanted:
            write(path, wanted[path])
        else:
            path.unlink()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check, and return the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and name what is stale")
    if parser.parse_args(arguments).check:
        refuse_stale()
        sys.stdout.write("all generated files are current 生成文件均为最新\n")
        return 0
    for path in write_generated():
        sys.stdout.write(f"{_name(path)}\n")
    return 0


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT.parent))


def _json(schema: Mapping[str, object]) -> bytes:
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ValueError, LookupError) as error:
        sys.exit(str(error))
