"""Wires registration: the only place where its parts meet."""

from starlette.applications import Starlette

from kit.health import Health
from kit.process import Component, HttpServer
from kit.relay import Relay
from kit.roles import Role
from kit.sessions import Sessions
from services.registration.api import routes
from services.registration.settings import RegistrationSettings


def components(settings: RegistrationSettings, role: Role) -> list[Component]:
    """Return what a process of this role runs."""
    health = Health()
    parts: list[Component] = []
    pages = health.routes()
    if role.relays:
        parts.append(
            Relay(
                service=settings.service,
                database_url=settings.database_url,
                bootstrap_servers=settings.kafka_bootstrap_servers,
                topic_prefix=settings.kafka_topic_prefix,
                progress=health.component("relay"),
            )
        )
    if role.serves:
        pages += routes(Sessions(settings.database_url, application_name="registration"))
    parts.append(HttpServer(Starlette(routes=pages), settings))
    return parts
