"""Runs one broker and one database for a whole test run, however many workers it has; ends with that run.

Usage: python running_servers.py DIRECTORY ADDRESSES_FILE PID_OF_THE_TEST_RUN
"""

import asyncio
import json
import sys
from pathlib import Path

import psutil

from embedded.servers import servers


async def _serve(directory: Path, addresses: Path, run: psutil.Process) -> None:
    async with servers(directory) as running:
        partial = addresses.with_suffix(".partial")
        partial.write_text(json.dumps({"kafka": running.kafka, "postgres": running.postgres_admin_url}))
        partial.replace(addresses)
        while run.is_running() and run.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.5)  # noqa: ASYNC110 - another process's end raises no event here


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), Path(sys.argv[2]), psutil.Process(int(sys.argv[3]))))
