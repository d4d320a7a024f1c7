"""How a reader knows that it has everything: the ends of a topic on the real broker, and the hash of the state."""

import asyncio
import importlib.util
import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord

from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.ledgers.members import MemberEvent
from contracts.events.ledgers.organisations import RecordedOrganisation
from contracts.events.registration import EntityRegistered
from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.clock import ManualClock
from kit.database import Connection, Database
from kit.ends import end_offsets
from kit.health import Health, Progress
from kit.ids import new_id
from kit.relay import Relay
from services.ledgers.main import api
from services.ledgers.repository.state_hash import is_all_sent
from services.ledgers.settings import LedgersSettings
from tests.conftest import Eventually, MakeDatabase, RunningServers
from tests.integration.ledgers.desk import KEY, NOW, TODAY, USCCS, Desk, heard, problem
from tests.tokens import ISSUER, Issuer

pytestmark = pytest.mark.servers

EXAMPLE: Final = Path(__file__).parents[3] / "docs" / "examples" / "first_consumer.py"
ENTITIES, MEMBERS, ORGANISATIONS = EntityRecorded.topic, MemberEvent.topic, RecordedOrganisation.topic
NAMES: Final = (
    "".join(map(chr, range(1, 0x20))),
    'a "quoted" name, \\ and / and \x7f',
    "<重庆>&'五金'\u2028\u2029\u00e9\U0001f980",
)


@pytest.fixture
async def told(
    servers: RunningServers, make_database: MakeDatabase, topic_prefix: str, tmp_path: Path
) -> AsyncIterator[Desk]:
    """A desk whose ledgers know the real broker; nothing is relayed yet."""
    issuer, url = Issuer(), await make_database("ledgers")
    settings = LedgersSettings(
        kafka_bootstrap_servers=servers.kafka,
        kafka_topic_prefix=topic_prefix,
        dead_letter_key=KEY,
        personal_data_key=KEY,
        database_url=url,
        auth_issuer=ISSUER,
        auth_jwks=str(issuer.publish(tmp_path)),
    )
    database, clock = Database(url, application_name="test", pool_size=10), ManualClock(NOW)
    desk = Desk(api(settings, database, clock, Health()), issuer, url, database, clock)
    yield desk
    await desk.client.aclose()
    await database.close()


@asynccontextmanager
async def relayed(desk: Desk, servers: RunningServers, prefix: str) -> AsyncIterator[None]:
    """Run the ledgers' relay."""
    stop = asyncio.Event()
    relay = Relay(
        service="ledgers",
        database_url=desk.url,
        bootstrap_servers=servers.kafka,
        topic_prefix=prefix,
        progress=Progress("relay"),
    )
    running = asyncio.create_task(relay.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def replayed(desk: Desk, topic: str) -> dict[str, Any]:
    answer = await desk.send("GET", f"/replay/{topic}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def positions(bootstrap: str, topic: str, ends: Sequence[dict[str, int]]) -> tuple[list[int], list[int]]:
    """Read with isolation read_committed until every end is reached; return the positions, and the offsets read."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, one["partition"]) for one in ends]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        offsets: list[int] = []
        while True:
            reached = [await consumer.position(place) for place in places]
            if all(at >= one["offset"] for at, one in zip(reached, ends, strict=True)):
                return reached, offsets
            for records in (await consumer.getmany(timeout_ms=200)).values():
                offsets += [record.offset for record in records]
    finally:
        await consumer.stop()


async def test_what_is_not_served_or_not_for_everybody_is_refused(desk: Desk) -> None:
    unknown = await desk.send("GET", "/replay/ledgers-cadre")
    assert problem(unknown) == (404, "not-found")
    for topic in (ENTITIES, MEMBERS, ORGANISATIONS):
        assert topic in unknown.json()["detail"]
        assert topic in unknown.json()["detailZh"]
    nobody = await desk.client.get(f"/replay/{ENTITIES}")
    assert problem(nobody) == (401, "unauthenticated")
    assert problem(await desk.send("GET", f"/replay/{MEMBERS}", role="READER")) == (403, "forbidden")
    assert problem(await desk.send("GET", f"/replay/{MEMBERS}", role="DISTRICT")) == (403, "forbidden")


@pytest.mark.parametrize("role", ["READER", "NON_PUBLIC_COMMITTEE"])
async def test_a_broker_that_is_away_is_told(desk: Desk, role: str) -> None:
    topic = ENTITIES if role == "READER" else MEMBERS
    answer = await desk.send("GET", f"/replay/{topic}", role=role)
    assert problem(answer) == (503, "unavailable")
    assert "KafkaConnectionError" in answer.json()["detail"]


async def test_a_topic_that_the_broker_has_not_is_told(servers: RunningServers) -> None:
    with pytest.raises(ConnectionError, match=r"^nowhere: UnknownTopicOrPartitionError$"):
        await end_offsets(servers.kafka, "nowhere")


async def test_it_is_settled_once_all_is_sent_and_a_reader_reaches_the_ends(
    told: Desk, servers: RunningServers, topic_prefix: str, eventually: Eventually
) -> None:
    await told.knows_entity(0)
    await told.knows_entity(1)
    before = await replayed(told, ENTITIES)
    assert before["ends"] == [{"partition": number, "offset": 0} for number in range(6)]
    assert (before["settled"], before["count"]) == (False, 2)
    assert (await replayed(told, ORGANISATIONS))["settled"], "what waits is of another topic"

    async def settled() -> bool:
        return bool((await replayed(told, ENTITIES))["settled"])

    async with relayed(told, servers, topic_prefix):
        await eventually(settled)
        after = await replayed(told, ENTITIES)
    assert after["topic"] == topic_prefix + ENTITIES
    assert (after["count"], after["stateHash"]) == (2, before["stateHash"])
    reached, offsets = await positions(servers.kafka, after["topic"], after["ends"])
    assert len(offsets) == 2
    assert sum(one["offset"] for one in after["ends"]) >= 2, "the records are before the ends, marks may be too"
    assert all(at >= one["offset"] for at, one in zip(reached, after["ends"], strict=True))


async def test_the_end_is_behind_what_a_transaction_holds_still(servers: RunningServers, topic_prefix: str) -> None:
    topic = topic_prefix + ENTITIES
    producer = AIOKafkaProducer(bootstrap_servers=servers.kafka, transactional_id=topic)
    await producer.start()
    try:
        async with producer.transaction():
            await producer.send_and_wait(topic, b"kept", b"key", partition=0)
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"held", b"key", partition=0)
        # kept, its mark, held; the last stable offset, which read_committed is told, is 2
        assert (await end_offsets(servers.kafka, topic))[0] == 3
        await producer.abort_transaction()
    finally:
        await producer.stop()
    reached, offsets = await positions(servers.kafka, topic, [{"partition": 0, "offset": 3}])
    assert (reached, offsets) == ([4], [0]), "what was aborted is gone past, with its mark"


async def test_hash_and_outbox_are_of_one_moment(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await replayed(told, ENTITIES)

    async def then_somebody_registers(connection: Connection, topic: str) -> bool:
        found = await is_all_sent(connection, topic)
        await told.knows_entity()
        return found

    monkeypatch.setattr("services.ledgers.api.replay.is_all_sent", then_somebody_registers)
    during = await replayed(told, ENTITIES)
    assert (during["settled"], during["count"], during["stateHash"]) == (True, 0, first["stateHash"])


async def test_a_reader_computes_the_same_hash_in_whatever_order_it_read(
    told: Desk, example: ModuleType, tmp_path: Path
) -> None:
    entities = [await named(told, number, name) for number, name in enumerate(NAMES)]
    await told.knows_entity(0, entity_id=entities[0], version=2, state=EntityState.DEREGISTERED)
    await everything_happens(told, entities)
    for topic in (ENTITIES, MEMBERS, ORGANISATIONS):
        answer = await replayed(told, topic)
        records = [record(row) for row in await told.outbox() if row["topic"] == topic]
        for seed in range(5):
            random.Random(seed).shuffle(records)  # noqa: S311 - an order, no secret
            store = example.Store(tmp_path / f"{topic}-{seed}", topic)
            store.save([example.read(one, topic) for one in records], {0: len(records)})
            digest, states = store.state_hash()
            assert (digest, states.total()) == (answer["stateHash"], answer["count"]), (topic, seed)
            again = example.Store(tmp_path / f"{topic}-{seed}", topic)
            assert again.save([example.read(one, topic) for one in records], {0: 1})["new 新状态"] == 0
            assert again.state_hash() == (digest, states), "read again, nothing changes"


@pytest.fixture(scope="session")
def example() -> ModuleType:
    """The first consumer, as a module."""
    spec = importlib.util.spec_from_file_location("first_consumer", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def named(desk: Desk, number: int, name: str) -> UUID:
    """Let the ledgers hear of an entity of some name."""
    event = EntityRegistered(
        entity_id=new_id(),
        version=1,
        uscc=USCCS[number % 3],
        name=name,
        kind=EntityKind.MICRO_SMALL_ENTERPRISE,
        state=EntityState.ACTIVE,
        division_code="500111101000",
        bureau=Bureau.MARKET_REGULATION,
        registered_on=None if number else TODAY - timedelta(days=400),
        effective_on=TODAY,
        recorded_at=NOW,
    )
    await desk.hears(desk.ledger, heard(event))
    return event.entity_id


async def everything_happens(desk: Desk, entities: Sequence[UUID]) -> None:
    """Let organisations be founded, changed and dissolved, and members come, move, leave and be erased."""
    founding = {
        "name": "五金支部",
        "form": "JOINT_BRANCH",
        "mode": "JOINT",
        "entityIds": [str(entities[2]), str(entities[1])],
    }
    organisation = await desk.made("/organisations", founding)
    external = await desk.made("/organisations", {"name": "某村党支部", "form": "BRANCH", "external": True})
    await done(desk, "PUT", f"/organisations/{organisation}", founding | {"name": "ERASED", "expectedVersion": 1})
    await done(desk, "POST", f"/organisations/{external}/dissolution", {"expectedVersion": 1})
    place = {"relationOrganisationId": str(organisation), "managementOrganisationId": str(organisation)}
    stays = await desk.knows_member(entities[1], **place)
    moved = {"standing": "FULL", "workplaceEntityId": str(entities[2]), "expectedVersion": 1}
    await done(desk, "PUT", f"/members/{stays}", moved)
    leaves = await desk.knows_member(entities[1], standing="PROBATIONARY")
    await done(desk, "POST", f"/members/{leaves}/leaving", {"expectedVersion": 1, "reason": "RESIGNED"})
    erased = await desk.knows_member(entities[1], **place)
    await done(desk, "POST", f"/members/{erased}/erasure", {"expectedVersion": 1})


async def done(desk: Desk, method: str, path: str, body: dict[str, Any]) -> None:
    answer = await desk.send(method, path, body)
    assert answer.status_code == httpx.codes.OK, answer.text


def record(row: Any) -> ConsumerRecord[bytes, bytes]:
    """Return what the relay makes of a row of the outbox, as a reader gets it."""
    headers = [("ce_type", row["type"].encode())]
    return consumed(row["topic"], row["payload"], headers)


def consumed(topic: str, value: bytes | None, headers: list[tuple[str, bytes]]) -> ConsumerRecord[bytes, bytes]:
    return ConsumerRecord(topic, 0, 7, 0, 0, b"key", value, None, 3, 0, tuple(headers))


def test_the_example_skips_what_tells_it_nothing(example: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    def read(value: bytes | None, told: bytes = b"cn.lianhe.ledgers.entity.recorded.v1") -> object:
        return example.read(consumed(ENTITIES, value, [("ce_type", told)]), ENTITIES)

    state = json.dumps({"entity_id": "a", "version": 2, "registered_on": None, "new_field": 1}).encode()
    assert read(state) == ("a", 2, state.decode())
    assert read(None) == "without a body 空消息"
    assert read(state, b"cn.lianhe.ledgers.entity.merged.v3") == "of unknown types 未知类型"
    assert read(state, b"") == "of unknown types 未知类型"
    assert capsys.readouterr().out == ""
    for broken in (b"{", b"[]", b"\xff", b'{"entity_id": "a"}', b'{"version": null, "entity_id": "a"}'):
        assert read(broken) == "unreadable 无法读取"
        assert f"{ENTITIES}[0] offset 偏移 7: skipped" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=r"offset 偏移 7: cn\.lianhe\.ledgers\.entity\.recorded\.v2 needs a newer"):
        read(state, b"cn.lianhe.ledgers.entity.recorded.v2")


def test_of_an_erased_member_the_example_keeps_no_data(example: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "members.sqlite"
    store = example.Store(file, MEMBERS)
    recorded = [
        example.Event(f"id-{number}", 1, json.dumps({"masked_name": "罕*", "state": "ACTIVE"})) for number in (1, 2)
    ]
    store.save(recorded, {0: 2})
    assert "罕".encode() in file.read_bytes() or rb"\u7f55" in file.read_bytes()
    store.save([example.Event("id-1", 2, None), example.Event("id-2", 2, None)], {0: 4})
    late = store.save(recorded, {0: 6})
    assert late == {"older 旧版本": 2}
    assert store.state_hash()[1] == {"ERASED": 2}
    kept = file.read_bytes()
    assert "罕".encode() not in kept
    assert rb"\u7f55" not in kept
    assert file.stat().st_mode & 0o077 == 0
