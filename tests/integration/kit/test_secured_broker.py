"""Each service on a broker that knows who comes: it needs no more than Kubernetes' users give it, and gets no more."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from contracts import catalogue
from deploy.checks.drift import SETTINGS
from deploy.generate import users
from gateway import main as gateway
from kit import topics
from kit.broker_security import client_options
from kit.process import Component
from kit.roles import Role
from services.assessment import main as assessment
from services.ledgers import main as ledgers
from services.pairing import main as pairing
from services.registration import main as registration
from tests.conftest import Eventually, MakeDatabase
from tests.integration.kit.secured_broker import SecuredBroker, free_port, secured_broker
from tests.integration.kit.tally import KEY
from tests.integration.kit.wire import running
from tests.tokens import ISSUER, Issuer

pytestmark = [pytest.mark.servers, pytest.mark.timeout(500)]

COMPONENTS: Final[dict[str, Callable[[Any, Role], list[Component]]]] = {
    "registration": registration.components,
    "ledgers": ledgers.components,
    "assessment": assessment.components,
    "pairing": pairing.components,
    "gateway": gateway.components,
}

PARTS: Final = (Role.API, Role.CONSUMER, Role.RELAY)
"""As Kubernetes runs a service."""


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[SecuredBroker]:
    async with secured_broker(tmp_path) as running_broker:
        written = list(catalogue.topics().values())
        reports = await topics.apply(running_broker.address, written, tls=running_broker.admin)
        assert {one.state for one in reports} == {topics.TopicState.CREATED}
        await running_broker.allow(users(written))
        yield running_broker


async def test_each_service_becomes_ready_with_what_it_may_and_may_no_more(
    broker: SecuredBroker, make_database: MakeDatabase, tmp_path: Path, eventually: Eventually
) -> None:
    ports = {(name, role): free_port() for name in COMPONENTS for role in PARTS}
    databases = {name: await make_database(name) for name in COMPONENTS}
    jwks = str(Issuer().publish(tmp_path))
    parts = [
        part
        for (name, role), port in ports.items()
        for part in COMPONENTS[name](
            SETTINGS[name].model_validate(
                {
                    "kafka_bootstrap_servers": broker.address,
                    "kafka_tls_directory": broker.authority.client(name).directory,
                    "dead_letter_key": KEY,
                    "personal_data_key": KEY,
                    "http_port": port,
                    "auth_issuer": ISSUER,
                    "auth_jwks": jwks,
                    "database_url": databases[name],
                }
            ),
            role,
        )
    ]
    seen: set[tuple[str, Role]] = set()

    async def all_ready() -> bool:
        for process, port in ports.items():
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/health/ready")
            except httpx.TransportError:
                return False
            if not answer.is_success:
                return False
            seen.add(process)
        return True

    async with running(*parts), httpx.AsyncClient() as client:
        await eventually(all_ready)
    assert seen == set(ports)

    await _may_write(broker, "pairing", "pairing-visit")
    with pytest.raises(TopicAuthorizationFailedError):
        await _may_write(broker, "pairing", "ledgers-organisation")
    with pytest.raises(TopicAuthorizationFailedError):
        await _may_read(broker, "registration", "ledgers-member", group="registration.members")
    await _may_look(broker)
    await _may_not_come_in(broker)


async def _may_not_come_in(broker: SecuredBroker) -> None:
    stranger = AIOKafkaProducer(bootstrap_servers=broker.address, request_timeout_ms=3000)
    try:
        with pytest.raises(KafkaError):
            await stranger.start()
    finally:
        await stranger.stop()


async def _may_write(broker: SecuredBroker, user: str, topic: str) -> None:
    options = client_options(broker.authority.client(user))
    producer = AIOKafkaProducer(bootstrap_servers=broker.address, **options)
    await producer.start()
    try:
        await producer.send_and_wait(topic, b"{}", key=b"k")
    finally:
        await producer.stop()


async def _may_read(broker: SecuredBroker, user: str, topic: str, *, group: str) -> None:
    options = client_options(broker.authority.client(user))
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=broker.address, group_id=group, **options)
    await consumer.start()
    try:
        await asyncio.wait_for(consumer.getone(), 20)
    finally:
        await consumer.stop()


async def _may_look(broker: SecuredBroker) -> None:
    """`lianhe topics`, as the operator that it is for."""
    reports = await topics.report(
        broker.address, list(catalogue.topics().values()), tls=broker.authority.client("operator")
    )
    assert {one.state for one in reports} == {topics.TopicState.AS_WRITTEN}
