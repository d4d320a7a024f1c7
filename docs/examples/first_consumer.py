"""Read a topic of the ledgers from its start into a small SQLite file, and check that nothing is missing.

从头读取台账的一个主题，存入SQLite文件，并核对是否完整。

It needs Python 3.11 and `pip install aiokafka httpx`, and no code of the platform. Stopped at any moment, even by a
loss of power, it goes on where it was when it is started again. docs/bureau.md has the rules that it keeps.
"""
# ruff: noqa: INP001, T201 - a program of its own, which prints

import argparse
import asyncio
import hashlib
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

RECORDS_A_BATCH, PATIENCE_SECONDS = 1000, 60
TYPES = {
    "ledgers-entity": {"cn.lianhe.ledgers.entity.recorded"},
    "ledgers-member": {"cn.lianhe.ledgers.member.recorded", "cn.lianhe.ledgers.member.erased"},
    "ledgers-organisation": {f"cn.lianhe.ledgers.organisation.{told}" for told in ("founded", "changed", "dissolved")},
}
FIELDS = {  # what the state hash covers, in its order; the first is the id
    "ledgers-entity": "entity_id version uscc name kind state division_code bureau registered_on effective_on",
    "ledgers-member": "member_id version state masked_name standing workplace_entity_id workplace_since "
    "relation_organisation_id relation_since management_organisation_id management_since",
    "ledgers-organisation": "organisation_id version name form external mode entity_ids superior_id association_id "
    "division_code bureau state founded_on effective_on",
}


class Event(NamedTuple):
    """A fact: the whole state after it, as JSON; None where all that was told before is to be forgotten."""

    id: str
    version: int
    state: str | None


class Answer(NamedTuple):
    """What the ledgers say of a topic: its name on the broker, the end of each partition, the hash of their state."""

    topic: str
    ends: dict[int, int]
    state_hash: str
    settled: bool


class Store:
    """The newest state of each id, and how far each partition was read: written together, or not at all."""

    def __init__(self, path: Path, topic: str) -> None:
        path.touch(mode=0o600)
        self._topic = topic
        self._db = sqlite3.connect(path)
        self._db.executescript("""
            PRAGMA secure_delete = ON;  -- what is erased is overwritten
            CREATE TABLE IF NOT EXISTS newest (topic, id, version, state, PRIMARY KEY (topic, id));
            CREATE TABLE IF NOT EXISTS position (topic, partition, next, PRIMARY KEY (topic, partition));
        """)

    def positions(self) -> dict[int, int]:
        """Return the offset of the next record of each partition that was read before."""
        return dict(self._db.execute("SELECT partition, next FROM position WHERE topic = ?", [self._topic]))

    def save(self, events: Sequence[Event], positions: dict[int, int]) -> Counter[str]:
        """Keep the newest state of each id, and how far was read; return how many events were no news."""
        no_news: Counter[str] = Counter()
        with self._db:  # one transaction
            for event in events:
                row = self._db.execute("SELECT version FROM newest WHERE (topic, id) = (?, ?)", [self._topic, event.id])
                (known,) = row.fetchone() or (0,)
                no_news["older 旧版本"] += event.version < known
                no_news["told again 重复"] += event.version == known
                if event.version >= known:
                    self._db.execute("REPLACE INTO newest VALUES (?, ?, ?, ?)", [self._topic, *event])
            rows = [(self._topic, *position) for position in positions.items()]
            self._db.executemany("REPLACE INTO position VALUES (?, ?, ?)", rows)
        return no_news

    def state_hash(self) -> tuple[str, Counter[str]]:
        """Return the hash of all that is kept, and how many there are in each state."""
        digest, counts = hashlib.sha256(), Counter[str]()
        query = "SELECT id, version, state FROM newest WHERE topic = ? ORDER BY id"
        for key, version, state in self._db.execute(query, [self._topic]):
            facts = {"state": "ERASED"} if state is None else json.loads(state)
            values = [facts.get(name) for name in FIELDS[self._topic].split()]  # an absent field is null
            line = [sorted(value) if isinstance(value, list) else value for value in values]
            if state is None:
                line = [key, version, "ERASED"]
            digest.update(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            counts[facts["state"]] += 1
        return digest.hexdigest(), counts

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def read(record: ConsumerRecord, topic: str) -> Event | str:
    """Return what a record tells, or under which word it is counted where it is skipped."""
    place = f"{record.topic}[{record.partition}] offset 偏移 {record.offset}"
    if record.value is None:  # the ledgers send none: it tells nothing, and deletes nothing
        return "without a body 空消息"
    try:
        told, _, version = (dict(record.headers).get("ce_type") or b"").decode().rpartition(".v")
        if told not in TYPES[topic]:
            return "of unknown types 未知类型"
        if version != "1":
            raise SystemExit(
                f"{place}: {told}.v{version} is newer than this program. Get its new version: it goes on from here.\n"
                f"{place}：消息版本高于本程序，请升级程序，升级后从此处继续。"
            )
        facts = json.loads(record.value)
        state = None if told.endswith(".erased") else record.value.decode()
        return Event(str(facts[FIELDS[topic].split()[0]]), int(facts["version"]), state)
    except (ValueError, KeyError, TypeError) as error:
        print(f"{place}: skipped, it can't be read 无法读取，已跳过: {error!r}")
        return "unreadable 无法读取"


def ask(options: argparse.Namespace) -> Answer:
    """Ask the ledgers how far the topic goes, and for the hash of their state."""
    url = f"{options.ledgers.rstrip('/')}/replay/{options.topic}"
    try:
        answer = httpx.get(url, headers={"Authorization": f"Bearer {options.token}"}, timeout=120, trust_env=False)
    except httpx.HTTPError as error:
        raise SystemExit(f"{url}: no answer, check --ledgers 无应答，请检查 --ledgers: {error!r}") from None
    if answer.is_error:
        raise SystemExit(f"{url}: {answer.status_code} {answer.text}")  # it says why, and the way out
    found = answer.json()
    ends = {one["partition"]: one["offset"] for one in found["ends"]}
    return Answer(found["topic"], ends, found["stateHash"], found["settled"])


async def positions_of(consumer: AIOKafkaConsumer) -> dict[int, int]:
    """Return the offset of the next record of each partition; it goes past the marks of transactions too."""
    return {place.partition: await consumer.position(place) for place in consumer.assignment()}


async def read_to(ends: dict[int, int], consumer: AIOKafkaConsumer, store: Store, topic: str) -> Counter[str]:
    """Read until each partition was read to its end; return what came."""
    counts: Counter[str] = Counter()
    positions, idle = await positions_of(consumer), 0
    while any(positions[partition] < end for partition, end in ends.items()):
        batch = await consumer.getmany(timeout_ms=1000, max_records=RECORDS_A_BATCH)
        before, positions = positions, await positions_of(consumer)
        found = [read(record, topic) for records in batch.values() for record in records]
        counts.update(one if isinstance(one, str) else "of use 有效" for one in found)
        counts += store.save([one for one in found if isinstance(one, Event)], positions)
        idle = idle + 1 if positions == before else 0
        if idle >= PATIENCE_SECONDS:
            raise SystemExit("the broker sends nothing, run again later 消息代理没有发来消息，请稍后再运行")
        print(f"at 已到 {sum(positions.values())} / {sum(ends.values())}", flush=True)
    return counts


async def run(options: argparse.Namespace, consumer: AIOKafkaConsumer, store: Store) -> int:
    """Read until the state is the ledgers'; return 0, or 1 where it isn't though nothing moves any more."""
    answer, unmoved, counts = ask(options), 0, Counter[str]()
    positions = dict.fromkeys(answer.ends, 0) | store.positions()
    if any(positions[partition] > end for partition, end in answer.ends.items()):
        raise SystemExit(
            f"{options.state} is ahead of the topic, so it was read from another one. Choose another file.\n"
            f"{options.state} 的进度超过主题末端，并非读自该主题，请换用新文件。"
        )
    await consumer.start()
    consumer.assign([TopicPartition(answer.topic, partition) for partition in answer.ends])
    for place in consumer.assignment():
        consumer.seek(place, positions[place.partition])
    while True:
        counts += await read_to(answer.ends, consumer, store, options.topic)
        state_hash, states = store.state_hash()
        if state_hash == answer.state_hash:
            break
        again = ask(options)
        if answer.settled and again.state_hash == answer.state_hash:
            break  # theirs stood still, all of it was read, and ours is another
        unmoved = unmoved + 1 if again == answer else 0
        if unmoved >= PATIENCE_SECONDS:
            raise SystemExit(
                "the ledgers have more to send but send nothing, run again later 台账停止发送，请稍后再运行"
            )
        if not again.settled:
            print("the ledgers have more to send, waiting 台账尚未全部发送，等待中", flush=True)
            await asyncio.sleep(1)
        answer = again
    print("records of this run 本次消息:", ", ".join(f"{count} {what}" for what, count in counts.items()) or 0)
    print("kept 已保存:", ", ".join(f"{states[one]} {one}" for one in sorted(states)) or 0)
    print("state hash 状态摘要:", state_hash)
    if state_hash == answer.state_hash:
        print("the same as the ledgers': nothing is missing 与台账一致，没有遗漏")
        return 0
    print(
        f"NOT the ledgers' 与台账不一致: {answer.state_hash}\nRead again into a new file; if it stays so, send this to"
    )
    print("the district's operator. 请换用新文件重读；如仍不一致，请将以上内容报区里运维人员。")
    return 1


async def main(options: argparse.Namespace) -> int:
    """Open the file and the consumer, and close them whatever happens."""
    with closing(Store(options.state, options.topic)) as store:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=options.bootstrap,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,  # the positions are in the file, with what was read
        )
        try:
            return await run(options, consumer, store)
        finally:
            await consumer.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", required=True, help="the broker 消息代理: host:port")
    parser.add_argument("--ledgers", required=True, help="the ledgers 台账服务: http://host:port")
    parser.add_argument("--token", default=os.environ.get("LIANHE_TOKEN"), help="令牌; default: $LIANHE_TOKEN")
    parser.add_argument("--topic", required=True, choices=TYPES, help="what to read 主题")
    parser.add_argument("--state", required=True, type=Path, help="the file to keep it in 状态文件")
    try:
        raise SystemExit(asyncio.run(main(parser.parse_args())))
    except KafkaError as error:
        raise SystemExit(f"check --bootstrap 请检查 --bootstrap: {error}") from None
    except (sqlite3.Error, OSError) as error:
        raise SystemExit(f"check --state 请检查 --state: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit("stopped; run again to go on 已停止，再次运行即可继续") from None
