"""A cache with an end: the least recently used entries go when it is full."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Keeps values up to a total weight; an entry heavier than that is not kept at all."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._total = 0
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Value | None:
        """Return the value of `key`, now the most recently used, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: Key, value: Value, weight: int = 1) -> None:
        """Keep a value; others go, the least recently used first, until all fit."""
        before = self._entries.pop(key, None)
        self._total -= before[1] if before else 0
        if weight > self._capacity:
            return
        self._entries[key] = (value, weight)
        self._total += weight
        while self._total > self._capacity:
            _, (_, gone) = self._entries.popitem(last=False)
            self._total -= gone
