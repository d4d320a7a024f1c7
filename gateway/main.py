"""Wires the gateway: the only place where its parts meet."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from gateway.cors import with_origins
from gateway.projection.health import FollowingHealth
from gateway.projection.live import LiveProjection
from gateway.serving import GraphServing
from gateway.settings import GatewaySettings
from kit.http_metrics import Measured
from kit.process import Component, HttpServer
from kit.relay import Relay
from kit.roles import Role


def components(settings: GatewaySettings, role: Role) -> list[Component]:
    """Return what a process of this role runs."""
    health = FollowingHealth()
    parts: list[Component] = []
    pages: list[BaseRoute] = [*health.routes()]
    if role.relays:
        parts.append(Relay.of(settings, health.component("relay")))
    if role.hears:
        parts.append(LiveProjection(settings, health))
    if role.answers:
        graph = GraphServing(settings, health.component("graph"))
        pages.append(Mount("/", app=graph))
        parts.append(graph)
    parts.append(HttpServer(Measured(with_origins(Starlette(routes=pages), settings)), settings))
    return parts
