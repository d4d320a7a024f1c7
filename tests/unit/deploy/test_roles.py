"""What each role of a service runs: the parts add up to the whole, and none does another's work."""

from pathlib import Path
from typing import Final

import pytest

from deploy.checks.drift import SETTINGS
from gateway import main as gateway
from kit.process import Component
from kit.roles import Role
from services.assessment import main as assessment
from services.ledgers import main as ledgers
from services.pairing import main as pairing
from services.registration import main as registration
from tests.integration.kit.tally import KEY
from tests.tokens import ISSUER, Issuer

COMPONENTS: Final = {
    "registration": registration.components,
    "ledgers": ledgers.components,
    "assessment": assessment.components,
    "pairing": pairing.components,
    "gateway": gateway.components,
}
HEARING: Final = {"Subscription", "Redriver", "Timers", "LiveProjection"}
ANSWERING: Final = {"DatabaseReach", "GraphServing"}


def names(service: str, role: Role, directory: Path) -> list[str]:
    settings = SETTINGS[service].model_validate(
        {
            "kafka_bootstrap_servers": "127.0.0.1:1",
            "dead_letter_key": KEY,
            "personal_data_key": KEY,
            "auth_issuer": ISSUER,
            "auth_jwks": str(Issuer().publish(directory)),
            "database_url": "postgresql://a:b@127.0.0.1:1/c",
        }
    )
    parts: list[Component] = COMPONENTS[service](settings, role)
    return [type(part).__name__ for part in parts]


@pytest.mark.parametrize("service", COMPONENTS)
def test_the_parts_add_up_to_the_whole(service: str, tmp_path: Path) -> None:
    whole = set(names(service, Role.ALL, tmp_path))
    parts = {role: names(service, role, tmp_path) for role in (Role.API, Role.CONSUMER, Role.RELAY)}
    assert set().union(*parts.values()) == whole
    assert not HEARING & set(parts[Role.API])
    assert ANSWERING & set(parts[Role.API])
    assert not ANSWERING & set(parts[Role.CONSUMER])
    assert HEARING & set(parts[Role.CONSUMER])
    assert parts[Role.RELAY] == ["Relay", "HttpServer"]
    assert all(one.count("HttpServer") == 1 for one in parts.values()), "each tells its health"
    assert "Relay" not in {*parts[Role.API], *parts[Role.CONSUMER]}
    assert set(names(service, Role.SERVICE, tmp_path)) == whole - {"Relay"}


@pytest.mark.parametrize("service", ["registration", "ledgers"])
@pytest.mark.parametrize("role", [Role.API, Role.CONSUMER, Role.SERVICE, Role.ALL])
def test_whoever_opens_sealed_data_looks_for_its_keys_first(service: str, role: Role, tmp_path: Path) -> None:
    assert names(service, role, tmp_path).count("KeyCheck") == 1
