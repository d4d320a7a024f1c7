"""Write the lock files of Kafka's and Zipkin's jars anew: ``python -m embedded.lock``.

Run it when a version changes; the files are committed. They name no registry, so that they work behind any mirror.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jgo.maven import MavenContext

from embedded.files import write_atomically
from embedded.jars import LOCK_FILE, LockedJar, fetch_from_registry, sha256_of
from embedded.zipkin import LOCK_FILE as ZIPKIN_LOCK_FILE

KAFKA = "org.apache.kafka:kafka_2.13:4.3.1"
# Kafka's POM has log4j and the SLF4J API but nothing that ties them: without the binding the broker logs nothing.
SLF4J_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"
ZIPKIN = LockedJar("io.zipkin", "zipkin-server", "3.5.1", sha256="", classifier="exec")
"""One jar that holds all it needs."""


def resolve(root: str = KAFKA, *, beside: tuple[str, ...] = (SLF4J_BINDING,)) -> tuple[LockedJar, ...]:
    """Resolve a jar with everything it needs at run time, download it and hash it.

    Args:
        root: The coordinate that is resolved transitively.
        beside: Jars taken alone: resolved together with the root, their parents' versions would replace Kafka's.

    Raises:
        RuntimeError: An artifact is not a plain jar, which the lock file's form has no place for.
    """
    with tempfile.TemporaryDirectory() as directory:
        context = MavenContext(repo_cache=Path(directory))
        inputs, transitive = context.resolver.resolve([context.create_dependency(root)])
        alone = [context.create_dependency(coordinate) for coordinate in beside]
        jars = []
        for dependency in (*inputs, *transitive, *alone):
            artifact = dependency.artifact
            if artifact.packaging != "jar" or artifact.classifier:
                raise RuntimeError(f"{artifact} is not a plain jar")
            jars.append(
                LockedJar(artifact.groupId, artifact.artifactId, artifact.version, sha256_of(artifact.resolve()))
            )
        return tuple(sorted(jars, key=lambda jar: jar.coordinate))


def alone(jar: LockedJar) -> LockedJar:
    """Download one jar, without what it may need, and return it with its hash."""
    with tempfile.TemporaryDirectory() as directory:
        return replace(jar, sha256=sha256_of(fetch_from_registry()(jar, Path(directory))))


def write(path: Path, program: str, jars: Sequence[LockedJar]) -> None:
    """Write a lock file."""
    lines = [
        f"# {program}'s jars and their SHA-256, written by `python -m embedded.lock`. Do not edit.",
        *(f"{jar.coordinate} {jar.sha256}" for jar in jars),
    ]
    write_atomically(path, "\n".join(lines) + "\n")
    sys.stdout.write(f"{len(jars)} jars -> {path}\n")


def main() -> None:
    """Write the lock files beside this module."""
    write(LOCK_FILE, "Kafka", resolve())
    write(ZIPKIN_LOCK_FILE, "Zipkin", [alone(ZIPKIN)])


if __name__ == "__main__":
    main()
