from pathlib import Path

import pytest

from embedded import kafka
from embedded.errors import EmbeddedError
from embedded.scale import brokers_kept


def test_the_first_start_decides_how_many_brokers_there_are(tmp_path: Path) -> None:
    directory = tmp_path / "kafka"
    assert [brokers_kept(directory, wanted) for wanted in (3, None, 3)] == [3, 3, 3]
    with pytest.raises(EmbeddedError) as caught:
        brokers_kept(directory, 1)
    assert f"{tmp_path} was begun with 3 broker(s), and that can't be changed to 1" in caught.value.english
    assert f"{tmp_path} 以 3 个消息代理创建，不能改为 1 个" in caught.value.chinese
    assert brokers_kept(directory, None) == 3


def test_without_a_wish_there_is_one_broker(tmp_path: Path) -> None:
    assert brokers_kept(tmp_path / "kafka", None) == 1


def test_data_of_a_release_that_knew_one_broker_has_one(tmp_path: Path) -> None:
    (tmp_path / "kafka" / "data").mkdir(parents=True)
    with pytest.raises(EmbeddedError, match=r"begun with 1 broker\(s\), and that can't be changed to 3"):
        brokers_kept(tmp_path / "kafka", 3)
    assert brokers_kept(tmp_path / "kafka", None) == 1


@pytest.mark.parametrize(
    ("brokers", "copies", "in_sync"), [(1, 1, 1), (2, 2, 1), (3, 3, 2), (5, 3, 2)], ids=["1", "2", "3", "5"]
)
def test_one_broker_of_several_may_die(tmp_path: Path, brokers: int, copies: int, in_sync: int) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").touch()
    voters = tuple(range(9001, 9001 + brokers))
    node = kafka.Node(port=9100, controller_port=voters[-1], number=brokers, voters=voters)
    kafka.prepare(tmp_path, (), node)
    written = (tmp_path / "server.properties").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in written if "=" in line and not line.startswith("#"))
    assert settings["node.id"] == str(brokers)
    assert settings["controller.quorum.voters"] == ",".join(
        f"{number}@127.0.0.1:{port}" for number, port in enumerate(voters, 1)
    )
    assert settings["listeners"] == f"CLIENT://127.0.0.1:9100,CONTROLLER://127.0.0.1:{voters[-1]}"
    assert settings["min.insync.replicas"] == str(in_sync)
    assert settings["transaction.state.log.min.isr"] == str(in_sync)
    assert {value for name, value in settings.items() if name.endswith("replication.factor")} == {str(copies)}
