"""`lianhe check`: where more differs than can be listed, the whole is compared again."""

from uuid import UUID

import pytest

from cli import check
from cli.comparison import Compared, Comparison, Difference, Side

SIDE = Side("ledgers", "entity", "entity_id", {"version": "version"})
BOTH = Comparison(SIDE, SIDE)
DIFFERS = Difference(BOTH.name, UUID(int=1), "missing in ledgers.entity")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which way rows were compared again; each finds everything the same."""
    calls: list[str] = []

    async def compare(*_: object) -> Compared:
        calls.append("all")
        return Compared(BOTH.name, 2, [])

    async def look_again(*_: object) -> Compared:
        calls.append("those that differed")
        return Compared(BOTH.name, 2, [])

    monkeypatch.setattr(check, "compare", compare)
    monkeypatch.setattr(check, "look_again", look_again)
    return calls


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (Compared(BOTH.name, 2, [DIFFERS], more=True), ["all"]),
        (Compared(BOTH.name, 2, [DIFFERS]), ["those that differed"]),
        (Compared(BOTH.name, 2, []), []),
    ],
)
async def test_what_is_compared_again(asked: list[str], before: Compared, again: list[str]) -> None:
    found = await check._again(BOTH, {}, {}, before)
    assert (asked, found.differences, found.more) == (again, [], False)


async def test_what_moved_is_followed_by_a_whole_pass_in_which_nothing_did(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = iter([([Compared(BOTH.name, 0, [])], True), ([Compared(BOTH.name, 15, [])], False)])

    async def one_pass(*_: object) -> tuple[list[Compared], bool]:
        return next(passes)

    async def session(*_: object) -> None:
        return None

    monkeypatch.setattr(check, "_pass", one_pass)
    monkeypatch.setattr(check, "_session", session)
    monkeypatch.setattr(check, "live_schema", session)
    monkeypatch.setattr(check, "require_complete", session)
    monkeypatch.setattr(check, "AGAIN_SECONDS", 0)
    [found] = await check._check({"gateway": "postgresql://"}, wait=5)
    assert found.rows == 15
