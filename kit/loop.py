"""The event loop, and the garbage collector, of a process that works through batches."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Final, TypeVar

import uvloop

T = TypeVar("T")

COLLECTED_AFTER: Final = (200_000, 20, 100)
"""Objects of the youngest generation before it is collected, and how often the elder ones are."""


def run(main: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end on uvloop.

    A batch makes some ten thousand objects that end with it. By Python's defaults (700 objects) the collector looks
    through them dozens of times and through every loaded module again and again; measured, that was half the time of
    reading a record. What is loaded now is never looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)
