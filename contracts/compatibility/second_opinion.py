"""The second opinion on a schema change: jsonsubschema, which reasons about all values instead of walking keywords.

It runs in a process of its own with a time limit: on a schema that it doesn't expect it may raise anything, run for
ever (a changed pattern does that) or end its process. Whatever is no clear answer is `None`. It knows draft 4 only
and is blind to `format`; the structural walk answers for that.
"""

import subprocess
import sys
from contextlib import redirect_stdout
from typing import Final

import orjson
from pydantic import TypeAdapter

from contracts.catalogue import ROOT
from contracts.compatibility.schema_tree import closed, inlined, stripped
from contracts.wire_schema import Schema

SECONDS: Final = 60.0
"""How long one pair of schemas may take; harmless changes of ours take about 1 s, most of it the start."""

_PAIR: Final = TypeAdapter(tuple[Schema, Schema])


def is_subschema_both_ways(old: Schema, new: Schema, *, seconds: float = SECONDS) -> bool | None:
    """Ask whether new consumers read old records and old consumers read new ones.

    A record is taken with the fields that its own schema has, so each schema is closed on the side where it stands
    for the producer; otherwise an added optional field would look breaking.

    Returns:
        None where jsonsubschema could not decide within the time limit.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this very module, by this interpreter
            [sys.executable, "-m", __name__],
            input=orjson.dumps((_plain(old), _plain(new))),
            capture_output=True,
            check=False,
            cwd=ROOT.parent,
            timeout=seconds,
        )
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return {b"True": True, b"False": False}.get(done.stdout.strip()) if done.returncode == 0 else None


def _plain(schema: Schema) -> Schema:
    return {name: value for name, value in stripped(inlined(schema)).items() if name not in {"$schema", "$id"}}


def _main() -> None:
    from jsonsubschema import isSubschema  # noqa: PLC0415 - a tool of development, not there in an installation

    old, new = _PAIR.validate_json(sys.stdin.buffer.read())
    with redirect_stdout(sys.stderr):
        both = isSubschema(closed(old), new) and isSubschema(closed(new), old)
    sys.stdout.write(str(bool(both)))


if __name__ == "__main__":
    _main()
