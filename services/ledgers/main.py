"""Wires the ledgers: the only place where their parts meet."""

from starlette.applications import Starlette

from contracts.events.dead_letters import LedgersDeadLetterRecorded
from contracts.events.registration import RegisteredEntity
from kit.broker import Subscription
from kit.clock import SystemClock
from kit.database import Database
from kit.dead_letters import DeadLetters
from kit.health import Health
from kit.housekeeping import housekeeping
from kit.process import Component, HttpServer
from kit.redriving import Redriver
from kit.relay import Relay
from kit.roles import Role
from kit.sealing import Sealer
from services.ledgers.consumers import entities
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
        dead_letters = DeadLetters(LedgersDeadLetterRecorded, Sealer(settings.dead_letter_key), clock)
        consumer = entities(database, dead_letters, clock, health.component("ledgers.entity"))
        parts.append(Subscription(consumer, [RegisteredEntity.topic], settings))
        parts.append(
            Redriver(
                service=settings.service,
                database=database,
                database_url=settings.database_url,
                dead_letters=dead_letters,
                clock=clock,
                progress=health.component("redriver"),
            )
        )
        parts.append(housekeeping(settings.service, database, clock, health.component("timers")))
    parts.append(HttpServer(Starlette(routes=health.routes()), settings))
    return parts
