"""Wires assessment: the only place where its parts meet."""

from starlette.applications import Starlette

from contracts.events.dead_letters import AssessmentDeadLetterRecorded
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
from services.assessment.api.ratings import RatingRoutes
from services.assessment.api.schemes import SchemeRoutes
from services.assessment.consumers import subscribe
from services.assessment.handlers.editions import edition_timers
from services.assessment.settings import AssessmentSettings


def components(settings: AssessmentSettings, role: Role) -> list[Component]:
    """Return what a process of this role runs.

    Raises:
        SettingsError: it serves commands, and no issuer is set.
    """
    health = Health()
    parts: list[Component] = []
    app = Starlette(routes=health.routes())
    clock = SystemClock()
    database = Database(settings.database_url, application_name="assessment")
    if role.relays:
        parts.append(Relay.of(settings, health.component("relay")))
    if role.answers:
        served = application(
            "assessment 考核",
            "Owns the scheme of the fortress index and the rating of each organisation. 堡垒指数办法与评定的归口服务。",
            Verifier.of(*settings.issuer()),
            health.routes(),
        )
        served.include_router(SchemeRoutes(database, clock).router())
        served.include_router(RatingRoutes(database).router())
        app = served
        parts.append(DatabaseReach(database, health.component("database")))
    if role.hears:
        hearing = Hearing(
            settings,
            database_url=settings.database_url,
            database=database,
            dead_letter=AssessmentDeadLetterRecorded,
            clock=clock,
            health=health,
        )
        subscribe(hearing, clock)
        parts += hearing.components()
        parts.append(edition_timers(settings.service, database, clock, health.component("editions")))
    parts.append(HttpServer(app, settings))
    return parts
