"""Starts a broker as the image apache/kafka does: settings from `KAFKA_…`, storage formatted the first time."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

NOT_SETTINGS = {"KAFKA_HEAP_OPTS"}
JAVA = ["/opt/java/bin/java", "-cp", "/opt/kafka/libs/*", "-XX:TieredStopAtLevel=1"]


def setting(variable: str) -> str:
    """Return a setting's own name, as the official image does: `_` is a dot, `__` an underscore, `___` a dash."""
    name = variable.removeprefix("KAFKA_").lower()
    return re.sub(r"_+", lambda found: {"_": ".", "__": "_", "___": "-"}[found.group()], name)


def main() -> None:
    """Write the settings, format the storage, and become the broker."""
    settings = {
        setting(name): value
        for name, value in os.environ.items()
        if name.startswith("KAFKA_") and name not in NOT_SETTINGS
    }
    # On a file system of its own, for the container's is read by nobody else.
    properties = Path(tempfile.mkdtemp()) / "server.properties"
    properties.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    format_storage = [*JAVA, "kafka.tools.StorageTool", "format", "--ignore-formatted", f"--config={properties}"]
    subprocess.run([*format_storage, f"--cluster-id={os.environ['CLUSTER_ID']}"], check=True)  # noqa: S603 - our own Java
    sys.stdout.flush()
    heap = os.environ.get("KAFKA_HEAP_OPTS", "").split()
    os.execv(JAVA[0], [*JAVA, *heap, "kafka.Kafka", str(properties)])  # noqa: S606 - becoming it is the point


if __name__ == "__main__":
    main()
