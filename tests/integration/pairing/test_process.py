"""The whole process on the real broker: hears topics, suggests, takes a command, and tells both on its own topics."""

from pathlib import Path
from socket import socket

import httpx
import pytest

from contracts.events.pairing import AssignmentMade, RecordedAssignment, RecordedSuggestion, SuggestionMade
from contracts.vocabulary import RatingBand
from kit.ids import new_id
from kit.roles import Role
from kit.settings import SettingsError
from services.pairing.main import components
from services.pairing.settings import PairingSettings
from tests.conftest import Eventually, MakeDatabase, RunningServers
from tests.integration.kit.tally import Place
from tests.integration.kit.wire import produce, read, rows, running, wire
from tests.integration.pairing.conftest import KEY
from tests.integration.pairing.facts import cadre, coverage, entity, organisation, rating
from tests.tokens import ISSUER, Issuer

pytestmark = pytest.mark.servers

NOWHERE = "postgresql://a:b@127.0.0.1:1/c"


def free_port() -> int:
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


async def test_from_topics_and_a_command_to_what_is_told(
    servers: RunningServers, make_database: MakeDatabase, topic_prefix: str, tmp_path: Path, eventually: Eventually
) -> None:
    place = Place(servers.kafka, topic_prefix, await make_database("pairing"))
    issuer, port = Issuer(), free_port()
    settings = PairingSettings(
        kafka_bootstrap_servers=place.kafka,
        kafka_topic_prefix=place.prefix,
        dead_letter_key=KEY,
        http_port=port,
        auth_issuer=ISSUER,
        auth_jwks=str(issuer.publish(tmp_path)),
        database_url=place.database_url,
    )
    needy, helper, official = new_id(), new_id(), new_id()
    facts = (organisation(helper), rating(helper, RatingBand.A), entity(needy), cadre(official), coverage(needy, 1))
    for event in facts:
        await produce(place, [wire(event)] * 2, event.topic)

    async def all_is_heard() -> bool:
        counted = await rows(
            place,
            "SELECT (SELECT count(*) FROM entity), (SELECT count(*) FROM cadre), "
            "(SELECT count(*) FROM suggestion WHERE partner_organisation_id = $1 AND reasons::text LIKE '%_WELL%')",
            helper,
        )
        return counted == [(1, 1, 1)]

    async def all_is_told() -> bool:
        told = [await read(place, one.topic) for one in (RecordedSuggestion, RecordedAssignment)]
        return await rows(place, "SELECT FROM outbox") == [] and all(told)

    async with running(*components(settings, Role.ALL)), httpx.AsyncClient() as client:
        await eventually(all_is_heard)
        answer = await client.post(
            f"http://127.0.0.1:{port}/assignments",
            json={"cadreId": str(official), "role": "INSTRUCTOR", "target": "ENTITY", "targetId": str(needy)},
            headers=issuer.header() | {"Idempotency-Key": "k"},
        )
        assert answer.status_code == 201, answer.text
        await eventually(all_is_told)

    suggested = [
        SuggestionMade.model_validate_json(one.value or b"") for one in await read(place, "pairing-suggestion")
    ]
    assert [one.version for one in suggested] == list(range(1, len(suggested) + 1))
    assert (suggested[-1].entity_id, suggested[-1].partner_organisation_id) == (needy, helper)
    [told] = await read(place, "pairing-assignment")
    assigned = AssignmentMade.model_validate_json(told.value or b"")
    assert (assigned.cadre_id, assigned.target_id) == (official, needy)
    assert told.key == answer.json()["aggregates"][0]["id"].encode()


def test_without_an_issuer_a_process_that_takes_commands_does_not_start() -> None:
    settings = PairingSettings(kafka_bootstrap_servers="127.0.0.1:1", dead_letter_key=KEY, database_url=NOWHERE)
    with pytest.raises(SettingsError, match="AUTH_ISSUER"):
        components(settings, Role.SERVICE)
    assert len(components(settings, Role.RELAY)) == 2
