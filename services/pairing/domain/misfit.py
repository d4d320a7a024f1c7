"""What is wrong with what a command states, and where."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Misfit:
    """A fact that breaks a rule.

    Attributes:
        pointer: its place in the request, a JSON pointer.
        reason: why, in English.
        reason_zh: the same in Chinese.
    """

    pointer: str
    reason: str
    reason_zh: str


def day_misfits(pointer: str, day: date, *, today: date, not_before: date | None = None) -> list[Misfit]:
    """Return what is wrong with the day from which something holds: nobody records what has yet to come.

    Args:
        pointer: where it stands.
        day: it, in Asia/Shanghai.
        today: in Asia/Shanghai.
        not_before: the first day that it may be.
    """
    if day > today:
        return [Misfit(pointer, "is in the future; send the command on that day", "晚于今日，请届时再提交")]
    if not_before is not None and day < not_before:
        return [Misfit(pointer, f"is before {not_before}, the first day", f"早于开始日期{not_before}")]
    return []
