"""Runs one broker and one database for a whole test run, however many workers it has; ends with that run.

Usage: python running_servers.py DIRECTORY ADDRESSES_FILE PID_OF_THE_TEST_RUN
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import psutil

from embedded.servers import servers
from embedded.wipe import wipe


async def _serve(directory: Path, addresses: Path, run: psutil.Process) -> None:
    async with servers(directory) as running:
        partial = addresses.with_suffix(".partial")
        partial.write_text(json.dumps({"kafka": running.kafka, "postgres": running.postgres_admin_url}))
        partial.replace(addresses)
        await asyncio.to_thread(_wait_for_the_end_of, run)
    wipe(directory)


def _wait_for_the_end_of(run: psutil.Process) -> None:
    while run.is_running() and run.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), Path(sys.argv[2]), psutil.Process(int(sys.argv[3]))))
