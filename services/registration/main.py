"""Wires registration: the only place where its parts meet."""

from starlette.applications import Starlette

from contracts.events.dead_letters import RegistrationDeadLetterRecorded
from kit.callers import Verifier
from kit.clock import SystemClock
from kit.database import Database
from kit.health import Health
from kit.hearing import Hearing
from kit.http_api import application
from kit.lines import LINES
from kit.process import Component, HttpServer
from kit.relay import Relay
from kit.roles import Role
from kit.sessions import Sessions
from services.registration.api.entities import EntityRoutes
from services.registration.api.imports import ImportRoutes
from services.registration.settings import RegistrationSettings


def components(settings: RegistrationSettings, role: Role) -> list[Component]:
    """Return what a process of this role runs.

    Raises:
        SettingsError: it serves commands, and no issuer is set.
    """
    health = Health()
    parts: list[Component] = []
    app = Starlette(routes=health.routes())
    if role.relays:
        parts.append(Relay.of(settings, health.component("relay")))
    if role.serves:
        clock = SystemClock()
        database = Database(settings.database_url, application_name="registration")
        sessions = Sessions(settings.database_url, application_name="registration", pool_size=2)
        served = application(
            "registration 登记",
            "Owns market entities: identity, kind, state, registration. 市场主体登记信息的归口服务。",
            Verifier.of(*settings.issuer()),
            health.routes(),
        )
        served.include_router(ImportRoutes(sessions).router())
        served.include_router(EntityRoutes(database, clock).router())
        hearing = Hearing(
            settings,
            database_url=settings.database_url,
            database=database,
            dead_letter=RegistrationDeadLetterRecorded,
            clock=clock,
            health=health,
        )
        hearing.copy("lines", LINES)
        parts += hearing.components()
        app = served
    parts.append(HttpServer(app, settings))
    return parts
