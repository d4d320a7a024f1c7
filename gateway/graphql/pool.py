"""Connections that can only read."""

from typing import Final

import asyncpg

STATEMENT_SECONDS: Final = 10
"""After this the database gives a statement up; the driver waits two seconds more."""


async def read_pool(url: str, *, size: int = 10) -> asyncpg.Pool:
    """Open a pool of connections whose transactions can't write.

    Args:
        url: `postgresql://…` of the gateway's database.
        size: Greatest number of connections.
    """
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        command_timeout=STATEMENT_SECONDS + 2,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,  # no limit: a wide selection is a long statement, and worth keeping prepared
        reset=_nothing_to_reset,
        server_settings={
            "application_name": "lianhe-gateway-graph",
            "default_transaction_read_only": "on",
            "statement_timeout": f"{STATEMENT_SECONDS}s",
            "timezone": "UTC",
            "datestyle": "ISO",
            "jit": "off",  # compiling takes longer than any page
        },
    )


async def _nothing_to_reset(_connection: asyncpg.Connection) -> None:
    """Leave a returned connection as it is: single statements leave nothing behind, and a reset is a round trip."""
