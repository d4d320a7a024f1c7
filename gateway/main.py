"""Wires the gateway: the only place where its parts meet."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from contracts.events.dead_letters import GatewayDeadLetterRecorded
from gateway.projection.consumers import subscribe
from gateway.serving import GraphServing
from gateway.settings import GatewaySettings
from kit.clock import SystemClock
from kit.database import Database
from kit.health import Health
from kit.hearing import Hearing
from kit.process import Component, HttpServer
from kit.relay import Relay
from kit.roles import Role


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
        hearing = Hearing(
            settings,
            database_url=settings.database_url,
            database=database,
            dead_letter=GatewayDeadLetterRecorded,
            clock=clock,
            health=health,
        )
        subscribe(hearing)
        parts += hearing.components()
        graph = GraphServing(settings, health.component("graph"))
        pages.append(Mount("/", app=graph))
        parts.append(graph)
    parts.append(HttpServer(Starlette(routes=pages), settings))
    return parts
