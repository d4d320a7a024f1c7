"""Waiting that a stop ends."""

import asyncio
from contextlib import suppress


async def up_to(seconds: float, stop: asyncio.Event) -> None:
    """Return when `stop` is set, or after so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def either(first: asyncio.Event, second: asyncio.Event, seconds: float) -> None:
    """Return when one of two events is set, or after so many seconds."""
    waits = [asyncio.create_task(first.wait()), asyncio.create_task(second.wait())]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
