"""Which consumer groups each service is in, and which topics they read: asked of the code that subscribes."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import SecretStr

from contracts.events.base import EventData
from embedded.files import key_made
from gateway.projection import consumers as gateway
from kit.clock import SystemClock
from kit.consumer import Handler
from kit.hearing import Hearing
from kit.sealing import KeyRing, Sealer
from services.assessment import consumers as assessment
from services.ledgers import consumers as ledgers
from services.ledgers.handlers.reorganisations import reorganisations
from services.pairing import consumers as pairing
from services.registration import consumers as registration
from services.registration.handlers.discrepancies import discrepancies

E = TypeVar("E", bound=EventData)


class Listening(Hearing):
    """Notes what would be subscribed to, and subscribes to nothing.

    Args:
        service: whose consumers are noted.
    """

    def __init__(self, service: str) -> None:
        self.groups: dict[str, Sequence[str]] = {}
        self._service = service

    def subscribe(self, what: str, events: Sequence[type[E]], _handler: Handler[E], *, inbox: bool = True) -> None:  # noqa: ARG002 - what a handler does is no matter here
        """Note a consumer's group and its topics."""
        self.groups[f"{self._service}.{what}"] = sorted({event.topic for event in events})


def heard() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return for each service its consumer groups, without a prefix, and the topics of each."""
    clock = SystemClock()
    services = {name: Listening(name) for name in ("registration", "ledgers", "assessment", "pairing", "gateway")}
    sealer = Sealer(KeyRing(SecretStr(key_made())))
    registration.subscribe(services["registration"], discrepancies(sealer), clock)
    ledgers.subscribe(services["ledgers"], reorganisations(sealer), clock)
    assessment.subscribe(services["assessment"], clock)
    pairing.subscribe(services["pairing"], clock)
    gateway.subscribe(services["gateway"])
    return {name: one.groups for name, one in services.items()}
