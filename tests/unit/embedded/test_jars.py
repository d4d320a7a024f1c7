import hashlib
import os
import re
import threading
import time
from pathlib import Path

import pytest

from embedded import jars
from embedded import zipkin as zipkin_lock
from embedded.errors import EmbeddedError
from embedded.jars import LOCK_FILE, LockedJar, RegistryUnreachableError, ensure_jars, locked_jars

CONTENT = {"one": b"first jar", "two": b"second jar", "three": b"third jar"}
JARS = tuple(
    LockedJar("org.example", name, "1.0", hashlib.sha256(content).hexdigest()) for name, content in CONTENT.items()
)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "_BACKOFF_SECONDS", 0.0)


class Registry:
    """Gives the jars; the first answers for a name may be replaced."""

    def __init__(self, **answers: list[bytes | None]) -> None:
        self.asked: list[str] = []
        self.answers = answers
        self._lock = threading.Lock()

    def __call__(self, jar: LockedJar, directory: Path) -> Path:
        with self._lock:
            self.asked.append(jar.artifact)
            answers = self.answers.get(jar.artifact)
            content = answers.pop(0) if answers else CONTENT[jar.artifact]
            path = directory / f"{jar.artifact}-{len(self.asked)}"
        if content is None:
            raise RegistryUnreachableError("connection refused")
        path.write_bytes(content)
        return path


def files(cache: Path) -> list[str]:
    return sorted(str(path.relative_to(cache)) for path in cache.rglob("*") if path.is_file())


ALL = [f"org/example/{name}/1.0/{name}-1.0.jar" for name in ("one", "three", "two")]


def test_first_start_downloads_every_jar_once_in_the_order_of_the_lock(tmp_path: Path) -> None:
    registry = Registry()
    paths = ensure_jars(tmp_path / "cache", JARS, fetch=registry)
    assert [path.read_bytes() for path in paths] == list(CONTENT.values())
    assert sorted(registry.asked) == ["one", "three", "two"]
    assert files(tmp_path / "cache") == ALL


def test_a_jar_with_a_classifier_has_it_in_its_coordinate_and_its_name() -> None:
    jar = LockedJar.parse("org.example:one:1.0:exec abc")
    assert (jar.classifier, jar.coordinate) == ("exec", "org.example:one:1.0:exec")
    assert jar.path == Path("org/example/one/1.0/one-1.0-exec.jar")


def test_zipkin_has_a_lock_file_of_its_own_that_kafka_does_not_wait_for() -> None:
    [zipkin] = locked_jars(zipkin_lock.LOCK_FILE)
    assert (zipkin.group, zipkin.artifact, zipkin.classifier) == ("io.zipkin", "zipkin-server", "exec")
    assert re.fullmatch("[0-9a-f]{64}", zipkin.sha256)
    assert zipkin not in locked_jars()


def test_second_start_downloads_nothing(tmp_path: Path) -> None:
    ensure_jars(tmp_path, JARS, fetch=Registry())
    registry = Registry()
    ensure_jars(tmp_path, JARS, fetch=registry)
    assert registry.asked == []


@pytest.mark.parametrize("damage", [b"tampered", b"first", b""], ids=["tampered", "truncated", "empty"])
def test_damaged_jar_in_the_cache_is_replaced_and_told(tmp_path: Path, damage: bytes) -> None:
    first, *_ = ensure_jars(tmp_path, JARS, fetch=Registry())
    first.write_bytes(damage)
    registry = Registry()
    told: list[str] = []
    ensure_jars(tmp_path, JARS, fetch=registry, progress=told.append)
    assert registry.asked == ["one"]
    assert first.read_bytes() == CONTENT["one"]
    assert [note for note in told if "one-1.0.jar" in note] == [
        "one-1.0.jar was damaged, fetched again / 缓存中的 one-1.0.jar 已损坏，重新下载"
    ]
    assert told[-1] == "jars 3/3"


def test_download_that_differs_from_the_lock_is_refused_with_both_hashes(tmp_path: Path) -> None:
    bad = b"not what was locked"
    registry = Registry(two=[bad, bad])
    with pytest.raises(EmbeddedError) as caught:
        ensure_jars(tmp_path, JARS, fetch=registry)
    for text in (caught.value.english, caught.value.chinese):
        assert "org.example:two:1.0" in text
        assert hashlib.sha256(bad).hexdigest() in text
        assert JARS[1].sha256 in text
    assert registry.asked.count("two") == 2
    assert ALL[2] not in files(tmp_path)


def test_one_bad_answer_is_forgiven(tmp_path: Path) -> None:
    registry = Registry(one=[b"cut sh"], two=[None])
    paths = ensure_jars(tmp_path, JARS, fetch=registry)
    assert [path.read_bytes() for path in paths] == list(CONTENT.values())
    assert sorted(registry.asked) == ["one", "one", "three", "two", "two"]


def test_unreachable_registry_is_told_with_the_way_out_and_keeps_what_came(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="connection refused") as caught:
        ensure_jars(tmp_path, JARS, fetch=Registry(three=[None, None]))
    assert "LIANHE_MAVEN_REPOSITORY" in caught.value.english
    assert "LIANHE_MAVEN_REPOSITORY" in caught.value.chinese
    assert files(tmp_path) == [ALL[0], ALL[2]]


def test_two_clones_downloading_at_once_get_whole_jars(tmp_path: Path) -> None:
    barrier = threading.Barrier(2, timeout=20)
    registry = Registry()

    def slow(jar: LockedJar, directory: Path) -> Path:
        # Both clones are in the middle of the same download.
        barrier.wait()
        return registry(jar, directory)

    results: list[tuple[Path, ...]] = []
    clones = [
        threading.Thread(target=lambda: results.append(ensure_jars(tmp_path, JARS[:1], fetch=slow))) for _ in range(2)
    ]
    for clone in clones:
        clone.start()
    for clone in clones:
        clone.join()
    assert [paths[0].read_bytes() for paths in results] == [CONTENT["one"]] * 2
    assert registry.asked == ["one", "one"]
    assert files(tmp_path) == ALL[:1]


def test_leavings_of_killed_downloads_go_and_those_of_running_ones_stay(tmp_path: Path) -> None:
    old, young = tmp_path / ".incoming-old", tmp_path / ".incoming-young"
    for directory in (old, young):
        directory.mkdir()
    os.utime(old, (time.time() - 2 * 24 * 3600,) * 2)
    ensure_jars(tmp_path, JARS[:1], fetch=Registry())
    assert [path.name for path in tmp_path.glob(".incoming-*")] == [".incoming-young"]


def test_lock_file_names_kafka_its_logging_and_no_registry() -> None:
    locked = locked_jars()
    coordinates = [jar.coordinate for jar in locked]
    assert len(set(coordinates)) == len(coordinates) == 46
    assert "org.apache.kafka:kafka_2.13:4.3.1" in coordinates
    assert "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4" in coordinates
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) for jar in locked)
    assert "://" not in LOCK_FILE.read_text()


@pytest.mark.parametrize("line", ["org.example:one:1.0", "org.example:one abc", "a:b:c:d:e abc"])
def test_broken_line_of_the_lock_file_is_an_error(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "kafka.lock"
    lock.write_text(f"# comment\n{line}\n")
    with pytest.raises(ValueError, match="unpack"):
        locked_jars(lock)
