"""Wires the ledgers: the only place where their parts meet."""

from starlette.applications import Starlette

from contracts.events.dead_letters import LedgersDeadLetterRecorded
from kit.clock import SystemClock
from kit.database import Database
from kit.health import Health
from kit.hearing import Hearing
from kit.process import Component, HttpServer
from kit.relay import Relay
from kit.roles import Role
from services.ledgers.consumers import subscribe
from services.ledgers.settings import LedgersSettings


def components(settings: LedgersSettings, role: Role) -> list[Component]:
    """Return what a process of this role runs."""
    health = Health()
    parts: list[Component] = []
    if role.relays:
        parts.append(Relay.of(settings, health.component("relay")))
    if role.serves:
        clock = SystemClock()
        database = Database(settings.database_url, application_name="ledgers")
        hearing = Hearing(
            settings,
            database_url=settings.database_url,
            database=database,
            dead_letter=LedgersDeadLetterRecorded,
            clock=clock,
            health=health,
        )
        subscribe(hearing, clock)
        parts += hearing.components()
    parts.append(HttpServer(Starlette(routes=health.routes()), settings))
    return parts
