"""An import in whose middle something was killed, at its end."""

import subprocess

import orjson

from tests.stack import Register, Stack


async def check(stack: Stack, register: Register) -> None:
    """Fail unless everything accepted is everywhere, once, and a second import finds nothing new."""
    accepted = register.answers.accepted
    counts = await stack.settled(accepted)
    assert counts.history == accepted
    assert counts.recorded_twice == 0
    assert counts.dead_letters == 0
    again = orjson.loads(stack.run("import", str(register.directory), "--json"))
    assert again == {
        "read": register.answers.read,
        "new": 0,
        "changed": 0,
        "unchanged": accepted,
        "rejected": register.answers.rejected,
    }
    data = await stack.graph("{ entities { totalCount } }")
    assert data == {"entities": {"totalCount": accepted}}
    for topic in ("registration-entity", "ledgers-entity"):
        assert len(set(await stack.event_ids(topic))) == accepted


def finish(importer: subprocess.Popen[str]) -> dict[str, int]:
    """Wait until an importer ends well; return what it counted."""
    out, error = importer.communicate(timeout=180)
    assert importer.returncode == 0, error
    result: dict[str, int] = orjson.loads(out)
    return result
