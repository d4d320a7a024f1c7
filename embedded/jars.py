"""The jars of Java programs: exactly those of a lock file, verified before they are kept and again before Java starts.

Nothing is resolved at run time. The cache is shared by all clones on the machine; two that download at once each work
in a directory of their own and put whole, verified files in place by renaming.
"""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests
from jgo.maven import MavenContext
from platformdirs import user_cache_path

from embedded.errors import EmbeddedError
from embedded.files import disk_full_told

LOCK_FILE = Path(__file__).with_name("kafka.lock")
_THREADS = 4
_BACKOFF_SECONDS = 1.0
_ABANDONED_SECONDS = 24 * 3600
_INCOMING = ".incoming-"


@dataclass(frozen=True, slots=True)
class LockedJar:
    """One jar of the lock file.

    Attributes:
        group: Maven group, ``org.apache.kafka``.
        artifact: Maven artifact, ``kafka_2.13``.
        version: Maven version, ``4.3.1``.
        sha256: The jar's SHA-256 in lower-case hexadecimal.
        classifier: Maven classifier, ``exec``; empty for the artifact's main jar.
    """

    group: str
    artifact: str
    version: str
    sha256: str
    classifier: str = ""

    @property
    def coordinate(self) -> str:
        """``group:artifact:version``, and ``:classifier`` where it has one."""
        return ":".join(part for part in (self.group, self.artifact, self.version, self.classifier) if part)

    @property
    def path(self) -> Path:
        """Where the jar lies below the cache, as in a Maven repository."""
        name = "-".join(part for part in (self.artifact, self.version, self.classifier) if part)
        return Path(*self.group.split("."), self.artifact, self.version, f"{name}.jar")

    @classmethod
    def parse(cls, line: str) -> "LockedJar":
        """Read one line of a lock file, ``group:artifact:version[:classifier] sha256``.

        Raises:
            ValueError: The line has another shape.
        """
        coordinate, sha256 = line.split()
        group, artifact, version, *rest = coordinate.split(":")
        (classifier,) = rest or ("",)
        return cls(group, artifact, version, sha256, classifier)


Fetch = Callable[[LockedJar, Path], Path]


class RegistryUnreachableError(Exception):
    """The registry gave no jar; the message holds its own words."""


def locked_jars(lock: Path = LOCK_FILE) -> tuple[LockedJar, ...]:
    """Read a lock file; Kafka's without an argument.

    Raises:
        ValueError: A line is neither a comment nor a jar.
    """
    lines = lock.read_text(encoding="utf-8").splitlines()
    return tuple(LockedJar.parse(line) for line in lines if line and not line.startswith("#"))


def cache_directory(environ: Mapping[str, str]) -> Path:
    """The directory shared by all clones: ``LIANHE_CACHE``/jars, else the user's cache directory."""
    chosen = environ.get("LIANHE_CACHE")
    return (Path(chosen).expanduser() if chosen else user_cache_path("lianhe", appauthor=False)) / "jars"


def ensure_jars(
    cache: Path,
    jars: Sequence[LockedJar] | None = None,
    *,
    fetch: Fetch | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Return the verified jars, downloading what the cache lacks.

    Every jar is hashed, cached or not, so that what Java gets is what the lock file names. A cached jar that was
    tampered with or cut short is fetched again, and ``progress`` is told so.

    Args:
        cache: The shared directory; made if it is missing.
        jars: What to have; Kafka's without it.
        fetch: Downloads one jar into a directory and returns the file; for tests. The default is jgo.
        progress: Told in a few words how far it is; called from several threads.

    Returns:
        The paths in the order of the lock file.

    Raises:
        EmbeddedError: The registry can't be reached, a download doesn't match the lock, or the disk is full.
    """
    wanted = locked_jars() if jars is None else jars
    download = fetch_from_registry() if fetch is None else fetch
    with disk_full_told(cache):
        cache.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(cache)
        with (
            tempfile.TemporaryDirectory(dir=cache, prefix=_INCOMING) as incoming,
            ThreadPoolExecutor(_THREADS) as pool,
        ):
            tasks = [pool.submit(_ensure_jar, cache, jar, Path(incoming), download, progress) for jar in wanted]
            paths: list[Path] = []
            try:
                for number, task in enumerate(tasks, start=1):
                    paths.append(task.result())
                    progress(f"jars {number}/{len(wanted)}")
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    return tuple(paths)


def fetch_from_registry(repository: str | None = None) -> Fetch:
    """Download by jgo, which is used for its transport only: it merely warns about a bad checksum.

    Args:
        repository: Address of a mirror; the public registry without it.
    """

    def fetch(jar: LockedJar, directory: Path) -> Path:
        remote = {"mirror": repository.rstrip("/")} if repository else None
        # A directory of its own for each try: jgo insists that its target doesn't exist.
        context = MavenContext(repo_cache=Path(tempfile.mkdtemp(dir=directory)), remote_repos=remote)
        artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact(jar.classifier)
        try:
            path: Path = artifact.resolve()
        except (requests.RequestException, RuntimeError) as error:
            raise RegistryUnreachableError(str(error)) from error
        return path

    return fetch


def sha256_of(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ensure_jar(cache: Path, jar: LockedJar, incoming: Path, fetch: Fetch, progress: Callable[[str], None]) -> Path:
    target = cache / jar.path
    if target.exists():
        if sha256_of(target) == jar.sha256:
            return target
        progress(f"{target.name} was damaged, fetched again / 缓存中的 {target.name} 已损坏，重新下载")
    whole = _download(jar, incoming, fetch, cache)
    target.parent.mkdir(parents=True, exist_ok=True)
    whole.replace(target)
    return target


def _download(jar: LockedJar, incoming: Path, fetch: Fetch, cache: Path) -> Path:
    """Fetch one jar, with one retry after a pause, whatever was wrong the first time."""
    try:
        return _fetch_verified(jar, incoming, fetch)
    except (RegistryUnreachableError, _MismatchError):
        time.sleep(_BACKOFF_SECONDS)
    try:
        return _fetch_verified(jar, incoming, fetch)
    except RegistryUnreachableError as error:
        raise EmbeddedError(
            f"{jar.coordinate} could not be downloaded: {error}. Check the network and proxy settings, set "
            "LIANHE_MAVEN_REPOSITORY to a mirror you can reach, or copy the cache of another machine to "
            f"{cache}. What was downloaded so far is kept.",
            f"无法下载 {jar.coordinate}：{error}。请检查网络和代理设置，把 LIANHE_MAVEN_REPOSITORY 设为可以访问的"
            f"镜像地址，或把另一台机器的缓存复制到 {cache}。已下载的部分会保留。",
        ) from error
    except _MismatchError as error:
        raise EmbeddedError(
            f"{jar.coordinate} as downloaded is not the file that was locked: SHA-256 {error.found}, expected "
            f"{jar.sha256}. It was thrown away. A proxy or mirror may have changed it; try another network or mirror.",
            f"下载的 {jar.coordinate} 与锁定的文件不符：SHA-256 为 {error.found}，应为 {jar.sha256}。该文件已丢弃。"
            "可能被代理或镜像改动，请换一个网络或镜像。",
        ) from error


class _MismatchError(Exception):
    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def _fetch_verified(jar: LockedJar, incoming: Path, fetch: Fetch) -> Path:
    path = fetch(jar, incoming)
    found = sha256_of(path)
    if found != jar.sha256:
        path.unlink()
        raise _MismatchError(found)
    return path


def _remove_abandoned(cache: Path) -> None:
    """Remove what killed downloads left; a young directory may belong to one that still runs."""
    oldest = time.time() - _ABANDONED_SECONDS
    for directory in cache.glob(f"{_INCOMING}*"):
        if directory.stat().st_mtime < oldest:
            shutil.rmtree(directory, ignore_errors=True)
