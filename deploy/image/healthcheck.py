"""The image's health check: exit 0 where this container's process is ready. Standard library only, to start fast."""

import http.client
import os
import sys

SECONDS = 4


def ready() -> bool:
    """Ask the process on this machine whether it takes work."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("HTTP_PORT", "8080")), timeout=SECONDS)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        # What it waits for is kept with the container's state: `docker inspect` shows it.
        sys.stdout.write(answer.read(2000).decode(errors="replace") + "\n")
    except OSError as error:
        sys.stdout.write(f"no answer 无应答: {error}\n")
        return False
    return answer.status == http.client.OK


if __name__ == "__main__":
    sys.exit(not ready())
