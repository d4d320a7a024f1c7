"""What registration's commands refuse in the same words."""

from collections.abc import Sequence
from datetime import date

from kit.problems import INVALID, Problem
from services.registration.domain.misfit import Misfit


def refuse_misfits(found: Sequence[Misfit]) -> None:
    """Refuse a command whose facts don't fit together, naming every place.

    Raises:
        Problem: `invalid`.
    """
    if found:
        raise Problem(
            INVALID,
            "; ".join(f"{one.pointer} {one.reason}" for one in found) + ". Correct it and send the command again.",
            "；".join(f"{one.pointer} {one.reason_zh}" for one in found) + "。请更正后重新提交。",
            {"errors": [{"pointer": one.pointer, "reason": one.reason, "reasonZh": one.reason_zh} for one in found]},
        )


def refuse_future(day: date | None, today: date, pointer: str = "/effectiveOn") -> None:
    """Refuse a day that has not come.

    Raises:
        Problem: `invalid`.
    """
    if day is not None and day > today:
        refuse_misfits([Misfit(pointer, "is in the future; send the command on that day", "晚于今日，请届时再提交")])
