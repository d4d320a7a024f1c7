"""The whole process on the real broker: hears the ledgers, takes a report, tells what differs, and corrects it."""

from pathlib import Path
from socket import socket

import httpx
import pytest

from contracts.events.registration.annual_reports import DiscrepancyMoved
from kit.roles import Role
from services.registration.main import components
from services.registration.settings import RegistrationSettings
from tests.conftest import Eventually, MakeDatabase, RunningServers
from tests.integration.kit.tally import Place
from tests.integration.kit.wire import produce, read, rows, running, wire
from tests.integration.registration.annual import Ledgers, report
from tests.integration.registration.desk import KEY, A, desk_on
from tests.tokens import ISSUER, Issuer

pytestmark = pytest.mark.servers


def free_port() -> int:
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


async def test_from_the_ledgers_topic_and_a_report_to_a_discrepancy_that_is_corrected(
    servers: RunningServers, make_database: MakeDatabase, topic_prefix: str, tmp_path: Path, eventually: Eventually
) -> None:
    place = Place(servers.kafka, topic_prefix, await make_database("registration"))
    async with desk_on(place.database_url, tmp_path) as desk:
        entity = await desk.registers(A, registeredOn="2020-01-01")
        ledgers = Ledgers(desk)
    issuer, port = Issuer(), free_port()
    settings = RegistrationSettings(
        kafka_bootstrap_servers=place.kafka,
        kafka_topic_prefix=place.prefix,
        dead_letter_key=KEY,
        personal_data_key=KEY,
        http_port=port,
        auth_issuer=ISSUER,
        auth_jwks=str(issuer.publish(tmp_path)),
        database_url=place.database_url,
    )
    first, then = ledgers.coverage(entity, 5, 1), ledgers.coverage(entity, 3, 1)
    await produce(place, [wire(first)] * 2, first.topic)

    async def known(full: int) -> bool:
        return await rows(place, "SELECT full_members FROM coverage") == [(full,)]

    async def told(count: int) -> bool:
        return len(await read(place, DiscrepancyMoved.topic)) == count

    async with running(*components(settings, Role.ALL)), httpx.AsyncClient() as client:
        await eventually(lambda: known(5))
        headers = issuer.header("BUREAU", "500111000000") | {"Idempotency-Key": "1"}
        address = f"http://127.0.0.1:{port}/annual-reports"
        answer = await client.post(address, json=report(entity), headers=headers)
        assert answer.status_code == 201, answer.text
        await eventually(lambda: told(1))
        await produce(place, [wire(then)] * 2, then.topic)
        await eventually(lambda: told(2))
    assert await rows(place, "SELECT state FROM process WHERE topic = 'registration-discrepancy'") == [("CORRECTED",)]
    assert await rows(place, "SELECT FROM dead_letter") == []
