import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.errors import EmbeddedError
from embedded.ports import PortBook


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_second_start_gets_the_same_ports(tmp_path: Path) -> None:
    path = tmp_path / "run" / "ports.json"
    first = {name: PortBook(path).choose(name) for name in ("kafka", "postgres")}
    assert {name: PortBook(path).choose(name) for name in ("kafka", "postgres")} == first
    assert json.loads(path.read_text()) == first
    assert len(set(first.values())) == 2


def test_kept_port_that_is_taken_now_is_replaced(tmp_path: Path, taken: int) -> None:
    path = tmp_path / "ports.json"
    path.write_text(json.dumps({"kafka": taken}))
    port = PortBook(path).choose("kafka")
    assert port != taken
    assert json.loads(path.read_text()) == {"kafka": port}


def test_set_port_in_use_is_refused_with_its_holder_and_the_way_out(tmp_path: Path, taken: int) -> None:
    with pytest.raises(EmbeddedError) as caught:
        PortBook(tmp_path / "ports.json").choose("kafka", taken, option="--kafka-port")
    for text in (caught.value.english, caught.value.chinese):
        assert str(taken) in text
        assert f"(pid {os.getpid()})" in text
        assert "--kafka-port" in text
    assert not (tmp_path / "ports.json").exists()


def test_set_port_replaces_the_kept_one(tmp_path: Path) -> None:
    book = PortBook(tmp_path / "ports.json")
    kept = book.choose("kafka")
    other = book.choose("other")
    assert book.choose("kafka", other) == other != kept
    assert PortBook(tmp_path / "ports.json").choose("kafka") == other


@pytest.mark.parametrize("content", ["", "{", "[]", '{"kafka": "x"}'])
def test_damaged_file_counts_as_empty(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ports.json"
    path.write_text(content)
    port = PortBook(path).choose("kafka")
    assert json.loads(path.read_text()) == {"kafka": port}
