"""Read a topic of the ledgers from its start into a small SQLite file, and check that nothing is missing.

从头读取台账的一个主题，存入SQLite文件，并核对是否完整。

It needs `pip install aiokafka httpx`, and no code of ours. Stopped at any moment, it goes on there. See docs/bureau.md.
"""

import argparse
import asyncio
import hashlib
import json
import os
import sqlite3
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import httpx
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

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
Offsets = dict[int, int]  # by partition


class Event(NamedTuple):
    """A fact: the whole state after it, as JSON; None where all that was told before is to be forgotten."""

    id: str
    version: int
    state: str | None


class Answer(NamedTuple):
    """What the ledgers say of a topic: its name on the broker, the end of each partition, the hash of their state."""

    topic: str
    ends: Offsets
    state_hash: str
    settled: bool


class Store:
    """The newest state of each id, and how far each partition was read: written together, or not at all."""

    def __init__(self, path: Path, topic: str) -> None:
        path.touch(mode=0o600)
        self.topic = topic
        self._db = sqlite3.connect(path)
        self._db.executescript("""
            PRAGMA secure_delete = ON;  -- what is erased is overwritten
            CREATE TABLE IF NOT EXISTS newest (topic, id, version, state, PRIMARY KEY (topic, id));
            CREATE TABLE IF NOT EXISTS position (topic, partition, next, PRIMARY KEY (topic, partition));
        """)

    def positions(self) -> Offsets:
        """Return the offset of the next record of each partition that was read before."""
        return dict(self._db.execute("SELECT partition, next FROM position WHERE topic = ?", [self.topic]))

    def save(self, events: list[Event], positions: Offsets) -> Counter[str]:
        """Keep the newest state of each id, and how far was read; return how many events were news."""
        counts = Counter[str]()
        with self._db:  # one transaction
            for key, version, state in events:
                row = self._db.execute("SELECT version FROM newest WHERE (topic, id) = (?, ?)", [self.topic, key])
                (known,) = row.fetchone() or (0,)
                no_news = "told again 重复" if version == known else "older 旧版本"
                counts["new 新状态" if version > known else no_news] += 1
                if version >= known:
                    self._db.execute("REPLACE INTO newest VALUES (?, ?, ?, ?)", [self.topic, key, version, state])
            reached = [(self.topic, *position) for position in positions.items()]
            self._db.executemany("REPLACE INTO position VALUES (?, ?, ?)", reached)
        return counts

    def state_hash(self) -> tuple[str, Counter[str]]:
        """Return the hash of all that is kept, and how many there are in each state."""
        digest, counts = hashlib.sha256(), Counter[str]()
        rows = "SELECT id, version, state FROM newest WHERE topic = ? ORDER BY id"
        for key, version, state in self._db.execute(rows, [self.topic]):
            facts = json.loads(state or '{"state": "ERASED"}')
            line = [facts.get(name) for name in FIELDS[self.topic].split()]  # an absent field is null
            line = [sorted(v) if isinstance(v, list) else v for v in line] if state else [key, version, "ERASED"]
            digest.update(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            counts[facts["state"]] += 1
        return digest.hexdigest(), counts


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
            raise SystemExit(f"{place}: {told}.v{version} needs a newer release of this program 请升级本程序后继续")
        facts, state = json.loads(record.value), None if told.endswith(".erased") else record.value.decode()
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


async def read_to(ends: Offsets, positions: Offsets, consumer: AIOKafkaConsumer, store: Store) -> Counter[str]:
    """Read until each position, which goes past marks of transactions too, is at its end; return what came."""
    counts = Counter[str]()
    while any(positions[partition] < end for partition, end in ends.items()):  # waits while the broker is away
        batch = await consumer.getmany(timeout_ms=1000, max_records=1000)
        found = [read(record, store.topic) for records in batch.values() for record in records]
        positions |= {place.partition: await consumer.position(place) for place in consumer.assignment()}
        counts.update(one for one in found if isinstance(one, str))
        counts += store.save([one for one in found if isinstance(one, Event)], positions)
        print(f"at 已到 {sum(positions.values())} / {sum(ends.values())}", flush=True)
    return counts


async def read_all(options: argparse.Namespace, consumer: AIOKafkaConsumer, store: Store) -> str | None:
    """Read until the state is the ledgers'; return what to do where it should be and isn't."""
    answer, counts = ask(options), Counter[str]()
    positions = dict.fromkeys(answer.ends, 0) | store.positions()
    if any(positions[partition] > end for partition, end in answer.ends.items()):
        raise SystemExit(f"{options.state} is ahead of the topic: choose another file 该文件不属于此主题，请换用新文件")
    consumer.assign([TopicPartition(answer.topic, partition) for partition in answer.ends])
    for place in consumer.assignment():
        consumer.seek(place, positions[place.partition])
    while True:
        counts += await read_to(answer.ends, positions, consumer, store)
        state_hash, states = store.state_hash()
        if state_hash == answer.state_hash:
            break
        again = ask(options)
        if answer.settled and again.state_hash == answer.state_hash:
            break  # theirs stood still and all of it was read, and yet it is another
        answer = again
        print("the ledgers moved on, or have more to send 台账有新变化或尚未全部发送", flush=True)
        await asyncio.sleep(1)
    print("records of this run 本次消息:", ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or 0)
    print("kept 已保存:", ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or 0)
    print(f"state hash 状态摘要: {state_hash}\nthe ledgers' 台账的摘要: {answer.state_hash}")
    if state_hash != answer.state_hash:
        return "NOT the same: read into a new file; tell us if it stays so 不一致：请换用新文件重读，仍不一致请报区里"
    print("the same: nothing is missing 一致，没有遗漏")
    return None


async def main(options: argparse.Namespace) -> str | None:
    """Open and close what is needed to read."""
    store = Store(options.state, options.topic)
    settings = {"isolation_level": "read_committed", "auto_offset_reset": "earliest"}
    consumer = AIOKafkaConsumer(bootstrap_servers=options.bootstrap, **settings)
    try:
        await consumer.start()
        await asyncio.sleep(0)  # aiokafka 0.14 can't stop what it has not begun
        return await read_all(options, consumer, store)
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
    except (KafkaError, sqlite3.Error, OSError) as error:
        raise SystemExit(f"check --bootstrap and --state 请检查这两个参数: {error!r}") from None
    except KeyboardInterrupt:
        raise SystemExit("stopped; run again to go on 已停止，再次运行即可继续") from None
