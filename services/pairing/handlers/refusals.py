"""What pairing's commands refuse in the same words."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from contracts.vocabulary import CallerRole
from kit.problems import CONFLICT, INVALID, NOT_FOUND, Kind, Problem
from services.pairing.domain.misfit import Misfit, day_misfits

PAIRERS: Final = frozenset(
    {
        CallerRole.DISTRICT,
        CallerRole.ORGANISATION_DEPARTMENT,
        CallerRole.NON_PUBLIC_COMMITTEE,
        CallerRole.BUREAU,
        CallerRole.STATION,
        CallerRole.TOWNSHIP,
        CallerRole.SYSTEM,
    }
)
"""Who may assign cadres and form alliances: the bureaus and the townships, within their division."""

READERS: Final = frozenset(CallerRole)
"""Who may see these: everybody with a token, within the division they speak for."""

_WAY_OUT: Final = {
    INVALID: ("Correct it and send the command again.", "请更正后重新提交。"),
    NOT_FOUND: (
        "Check the id; what was recorded just now arrives within seconds: send the command again then.",
        "请核对编号；若刚刚登记，请稍后重新提交。",
    ),
    CONFLICT: ("Choose another one.", "请另行选择。"),
}


def refuse_misfits(found: Sequence[Misfit], kind: Kind = INVALID) -> None:
    """Refuse a command with something wrong in it, naming every place.

    Args:
        found: what is wrong; where nothing is, nothing is refused.
        kind: `INVALID`, `NOT_FOUND` or `CONFLICT`.

    Raises:
        Problem: of that kind.
    """
    if not found:
        return
    way_out, way_out_zh = _WAY_OUT[kind]
    raise Problem(
        kind,
        "; ".join(f"{one.pointer} {one.reason}" for one in found) + f". {way_out}",
        "；".join(f"{one.pointer} {one.reason_zh}" for one in found) + f"。{way_out_zh}",
        {"errors": [{"pointer": one.pointer, "reason": one.reason, "reasonZh": one.reason_zh} for one in found]},
    )


def holds_from(pointer: str, day: date | None, *, today: date, not_before: date | None = None) -> date:
    """Return the day from which something holds: today where none is given.

    Raises:
        Problem: `invalid`, where it is in the future or before the first day that it may be.
    """
    stated = day or today
    refuse_misfits(day_misfits(pointer, stated, today=today, not_before=not_before))
    return stated
