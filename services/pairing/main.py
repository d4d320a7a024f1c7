"""Wires pairing: the only place where its parts meet."""

from starlette.applications import Starlette

from contracts.events.dead_letters import PairingDeadLetterRecorded
from kit.callers import Verifier
from kit.clock import SystemClock
from kit.database import Database
from kit.health import Health
from kit.hearing import Hearing
from kit.http_api import application
from kit.process import Component, HttpServer
from kit.reach import DatabaseReach
from kit.relay import Relay
from kit.roles import Role
from services.pairing.api.alliances import AllianceRoutes
from services.pairing.api.assignments import AssignmentRoutes
from services.pairing.api.outreach import OutreachRoutes
from services.pairing.consumers import subscribe
from services.pairing.settings import PairingSettings


def components(settings: PairingSettings, role: Role) -> list[Component]:
    """Return what a process of this role runs.

    Raises:
        SettingsError: it serves commands, and no issuer is set.
    """
    health = Health()
    parts: list[Component] = []
    app = Starlette(routes=health.routes())
    clock = SystemClock()
    database = Database(settings.database_url, application_name="pairing")
    if role.relays:
        parts.append(Relay.of(settings, health.component("relay")))
    if role.answers:
        served = application(
            "pairing 结对",
            "Owns assignments and visits of cadres, suggested partners, alliances, namings, questionnaires. "
            "干部选派与走访、结对推荐、党建联合体、命名、问卷的归口服务。",
            Verifier.of(*settings.issuer()),
            health.routes(),
        )
        served.include_router(AssignmentRoutes(database, clock).router())
        served.include_router(AllianceRoutes(database, clock).router())
        served.include_router(OutreachRoutes(database, clock).router())
        app = served
        parts.append(DatabaseReach(database, health.component("database")))
    if role.hears:
        hearing = Hearing(
            settings,
            database_url=settings.database_url,
            database=database,
            dead_letter=PairingDeadLetterRecorded,
            clock=clock,
            health=health,
        )
        subscribe(hearing, clock)
        parts += hearing.components()
    parts.append(HttpServer(app, settings))
    return parts
