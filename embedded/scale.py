"""How many of what runs on one machine: brokers, and replicas of each service's process."""

from dataclasses import dataclass
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.files import write_atomically

COPIES = 3
"""Copies of a record where there are brokers enough, as in production."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What the user asked for.

    Attributes:
        brokers: How many brokers; None for as many as last time, or one. It is fixed by the first start.
        replicas: How many processes of each service.
    """

    brokers: int | None = None
    replicas: int = 1


def brokers_kept(kafka: Path, wanted: int | None) -> int:
    """Return how many brokers a data directory has; the first start decides, and is kept.

    Args:
        kafka: The directory of the broker's data.
        wanted: How many are asked for.

    Raises:
        EmbeddedError: It has another number than is asked for: the voters of a quorum are written in its records.
    """
    kept = kafka / "brokers"
    there = None
    if kept.exists():
        there = int(kept.read_text(encoding="ascii"))
    elif (kafka / "data").exists():  # begun by a release that knew one broker only
        there = 1
    if there is not None and wanted not in {None, there}:
        raise EmbeddedError(
            f"{kafka.parent} was begun with {there} broker(s), and that can't be changed to {wanted}: leave --brokers "
            "out, take another --data-dir, or begin anew after `lianhe down --wipe`.",
            f"{kafka.parent} 以 {there} 个消息代理创建，不能改为 {wanted} 个：请去掉 --brokers，"
            "换用其他 --data-dir，或运行 `lianhe down --wipe` 后重新开始。",
        )
    count = there or wanted or 1
    kafka.mkdir(parents=True, exist_ok=True)
    write_atomically(kept, f"{count}\n")
    return count
