"""Wires the ledgers: the only place where their parts meet."""

from fastapi import FastAPI
from starlette.applications import Starlette

from contracts.events.dead_letters import LedgersDeadLetterRecorded
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.ledgers.transfers import TransferMoved
from kit.callers import Verifier
from kit.clock import Clock, SystemClock
from kit.command_routes import Commands
from kit.database import Database
from kit.health import Health
from kit.hearing import Hearing
from kit.http_api import application
from kit.process import Component, HttpServer
from kit.processes import Lapses
from kit.relay import Relay
from kit.roles import Role
from kit.sealing import Sealer
from services.ledgers.api.developments import DevelopmentRoutes
from services.ledgers.api.floatings import FloatingRoutes
from services.ledgers.api.lines import LineRoutes
from services.ledgers.api.member_records import MemberRecordRoutes
from services.ledgers.api.members import MemberRoutes
from services.ledgers.api.organisation_profile import ProfileRoutes
from services.ledgers.api.organisations import OrganisationRoutes
from services.ledgers.api.quotas import QuotaRoutes
from services.ledgers.api.reorganisations import ReorganisationRoutes
from services.ledgers.api.replay import ReplayRoutes
from services.ledgers.api.transfers import TransferRoutes
from services.ledgers.consumers import subscribe
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.reorganisations import reorganisations
from services.ledgers.persons import Persons
from services.ledgers.settings import LedgersSettings


def components(settings: LedgersSettings, role: Role) -> list[Component]:
    """Return what a process of this role runs.

    Raises:
        SettingsError: it serves commands, and no issuer is set, or no key for personal data.
    """
    health = Health()
    parts: list[Component] = []
    app = Starlette(routes=health.routes())
    if role.relays:
        parts.append(Relay.of(settings, health.component("relay")))
    if role.serves:
        clock = SystemClock()
        database = Database(settings.database_url, application_name="ledgers")
        app = api(settings, database, clock, health)
        hearing = Hearing(
            settings,
            database_url=settings.database_url,
            database=database,
            dead_letter=LedgersDeadLetterRecorded,
            clock=clock,
            health=health,
        )
        subscribe(hearing, clock)
        about = AboutMembers(Sealer(settings.master_key()))
        hearing.when_due(TransferMoved.topic, Lapses(about.transfers, clock))
        hearing.when_due(FloatingMoved.topic, Lapses(about.floatings, clock))
        reorganising = reorganisations(Sealer(settings.master_key()))
        hearing.when_due(ReorganisationMoved.topic, Lapses(reorganising, clock))
        parts += hearing.components()
    parts.append(HttpServer(app, settings))
    return parts


def api(settings: LedgersSettings, database: Database, clock: Clock, health: Health) -> FastAPI:
    """Return the application that answers the ledgers' commands.

    Raises:
        SettingsError: no issuer is set, or no key for personal data.
    """
    app = application(
        "ledgers 台账",
        "Owns divisions, bureaus, cadres and mandates, organisations, members and coverage. "
        "条块、党组织、党员台账与两个覆盖的归口服务。",
        Verifier.of(*settings.issuer()),
        health.routes(),
    )
    commands, persons = Commands("ledgers", database, clock), Persons(settings.master_key())
    about = AboutMembers(Sealer(settings.master_key()))
    app.include_router(LineRoutes(database, commands, persons).router())
    app.include_router(OrganisationRoutes(database, commands).router())
    app.include_router(ProfileRoutes(commands).router())
    app.include_router(MemberRoutes(database, commands, persons, about).router())
    app.include_router(TransferRoutes(database, commands, about).router())
    app.include_router(FloatingRoutes(database, commands, about).router())
    app.include_router(DevelopmentRoutes(database, commands, persons, about).router())
    app.include_router(QuotaRoutes(database, commands).router())
    app.include_router(MemberRecordRoutes(database, commands).router())
    reorganising = reorganisations(Sealer(settings.master_key()))
    app.include_router(ReorganisationRoutes(database, commands, reorganising, about).router())
    app.include_router(ReplayRoutes(database, settings).router())
    return app
