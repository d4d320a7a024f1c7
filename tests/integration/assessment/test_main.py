"""Assessment as its process runs it, on the real broker: hears the topics, rates, tells, and knows who may command."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pydantic import SecretStr

from contracts.events.assessment import RatingGiven, RecordedRating, SchemePublished
from contracts.events.base import EventData
from contracts.events.ledgers.lines import MandateRecorded
from contracts.vocabulary import CallerRole, MandateState
from kit.ids import new_id
from kit.roles import Role
from kit.settings import SettingsError
from services.assessment.main import components
from services.assessment.settings import AssessmentSettings
from tests.conftest import Eventually, MakeDatabase, RunningServers
from tests.integration.assessment.desk import EDITION, EDITIONS
from tests.integration.assessment.ledgers import DAY, NOW, WHERE, coverage, members, organisation, told
from tests.tokens import ISSUER, Issuer

pytestmark = pytest.mark.servers

KEY = SecretStr("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")


async def produce(kafka: str, prefix: str, events: Sequence[EventData]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    try:
        for one in map(told, events):
            await producer.send_and_wait(prefix + one.topic, one.value, key=one.key, headers=list(one.headers))
    finally:
        await producer.stop()


async def test_the_process_rates_what_it_hears_and_takes_an_edition(
    servers: RunningServers,
    make_database: MakeDatabase,
    topic_prefix: str,
    eventually: Eventually,
    tmp_path: Path,
    unused_tcp_port: int,
) -> None:
    issuer = Issuer()
    settings = AssessmentSettings(
        kafka_bootstrap_servers=servers.kafka,
        kafka_topic_prefix=topic_prefix,
        dead_letter_key=KEY,
        database_url=await make_database("assessment"),
        http_port=unused_tcp_port,
        auth_issuer=ISSUER,
        auth_jwks=str(issuer.publish(tmp_path)),
    )
    one, entity = new_id(), new_id()
    stop = asyncio.Event()
    running = [asyncio.create_task(part.run(stop)) for part in components(settings, Role.ALL)]
    reader = AIOKafkaConsumer(
        topic_prefix + RecordedRating.topic,
        topic_prefix + SchemePublished.topic,
        bootstrap_servers=servers.kafka,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await reader.start()
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_tcp_port}")
    try:

        async def answers(path: str, status: int, **of_rating: object) -> dict[str, Any] | None:
            try:
                answer = await client.get(path, headers=issuer.header())
            except httpx.TransportError:
                return None
            body: dict[str, Any] = answer.json()
            return body if answer.status_code == status and of_rating.items() <= body.items() else None

        async def ready() -> bool:
            return await answers("/health/ready", 200) is not None

        await eventually(ready)
        await produce(
            servers.kafka,
            topic_prefix,
            [
                members(one, managed=3, related_and_managed=3, full_managed=3),
                coverage(entity),
                organisation(one, [entity]),
            ],
        )

        async def rated() -> bool:
            return await answers(f"/ratings/{one}", 200, points="100.00", band="A") is not None

        await eventually(rated)
        headers = issuer.header() | {"Idempotency-Key": "k1"}
        assert (await client.post(EDITIONS, json=EDITION, headers=headers)).status_code == 201

        async def rated_anew() -> bool:
            return await answers(f"/ratings/{one}", 200, points="50.00", schemeVersion=2) is not None

        await eventually(rated_anew)

        revoked = MandateRecorded.model_validate(
            {
                "mandate_id": new_id(),
                "version": 1,
                "subject": "clerk-17",
                "role": CallerRole.DISTRICT,
                "valid_from": DAY,
                "state": MandateState.REVOKED,
                "effective_on": DAY,
                "recorded_at": NOW,
            }
            | {"division_code": WHERE["division_code"]}
        )
        await produce(servers.kafka, topic_prefix, [revoked])

        async def refused() -> bool:
            headers = issuer.header() | {"Idempotency-Key": str(new_id())}
            again = EDITION | {"expectedVersion": 1}
            return (await client.post(EDITIONS, json=again, headers=headers)).status_code == 403

        await eventually(refused)

        heard: list[RecordedRating] = []
        schemes: list[int] = []
        while not heard or heard[-1].scheme_version == 1 or len(schemes) < 3:
            record = await asyncio.wait_for(reader.getone(), 60)
            if record.topic.endswith(SchemePublished.topic):
                schemes.append(SchemePublished.model_validate_json(record.value).version)
            else:
                heard.append(RatingGiven.model_validate_json(record.value))
        assert schemes == [1, 1, 2]
        assert [event.version for event in heard] == list(range(1, len(heard) + 1))
    finally:
        stop.set()
        await asyncio.gather(*running)
        await reader.stop()
        await client.aclose()


def test_a_process_that_serves_needs_an_issuer_and_a_relay_needs_none() -> None:
    settings = AssessmentSettings(
        kafka_bootstrap_servers="127.0.0.1:1", dead_letter_key=KEY, database_url="postgresql://a:b@127.0.0.1:1/c"
    )
    with pytest.raises(SettingsError, match="AUTH_ISSUER"):
        components(settings, Role.SERVICE)
    assert [type(part).__name__ for part in components(settings, Role.RELAY)] == ["Relay", "HttpServer"]
