"""What the ledgers' commands refuse in the same words."""

from collections.abc import Sequence
from datetime import date

from kit.problems import INVALID, Problem
from services.ledgers.domain.misfit import Misfit


def refuse_misfits(found: Sequence[Misfit]) -> None:
    """Refuse a command whose facts don't fit together, naming every place.

    Raises:
        Problem: `invalid`.
    """
    if found:
        raise Problem(
            INVALID,
            "; ".join(f"{one.pointer}: {one.reason}" for one in found) + ". Correct it and send the command again.",
            "；".join(f"{one.pointer}：{one.reason_zh}" for one in found) + "。请更正后重新提交。",
            {"errors": [{"pointer": one.pointer, "reason": one.reason, "reasonZh": one.reason_zh} for one in found]},
        )


def holds_from(effective_on: date | None, today: date) -> date:
    """Return the day from which a command's facts hold: today where none is given.

    Raises:
        Problem: `invalid`, where it is in the future.
    """
    if effective_on is not None and effective_on > today:
        refuse_misfits(
            [Misfit("/effectiveOn", "is in the future; send the command on that day", "晚于今日，请届时再提交")]
        )
    return effective_on or today
