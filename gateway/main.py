"""Wires the gateway: the only place where its parts meet."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from contracts.events.dead_letters import GatewayDeadLetterRecorded
from gateway.projection.consumers import subscriptions
from gateway.serving import GraphServing
from gateway.settings import GatewaySettings
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


def components(settings: GatewaySettings, role: Role) -> list[Component]:
    """Return what a process of this role runs."""
    health = Health()
    parts: list[Component] = []
    pages: list[BaseRoute] = [*health.routes()]
    if role.relays:
        parts.append(Relay.of(settings, health.component("relay")))
    if role.serves:
        clock = SystemClock()
        database = Database(settings.database_url, application_name="gateway")
        dead_letters = DeadLetters(GatewayDeadLetterRecorded, Sealer(settings.dead_letter_key), clock)
        parts += subscriptions(settings, database, dead_letters, health)
        graph = GraphServing(settings.database_url, health.component("graph"), settings.registration_url)
        pages.append(Mount("/", app=graph))
        parts.append(graph)
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
    parts.append(HttpServer(Starlette(routes=pages), settings))
    return parts
