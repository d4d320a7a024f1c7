"""Wires registration: the only place where its parts meet."""

from fastapi import FastAPI
from starlette.applications import Starlette

from contracts.events.dead_letters import RegistrationDeadLetterRecorded
from contracts.events.registration.annual_reports import DiscrepancyMoved
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from kit.blind_indexes import BlindIndexes
from kit.callers import Verifier
from kit.clock import Clock, SystemClock
from kit.command_routes import Commands
from kit.database import Database
from kit.evidence import prune_evidence
from kit.evidence_routes import EvidenceRoutes
from kit.health import Health
from kit.hearing import Hearing
from kit.http_api import application
from kit.process import Component, HttpServer
from kit.reach import DatabaseReach
from kit.relay import Relay
from kit.roles import Role
from kit.rotation import KeyCheck
from kit.sealing import Sealer
from kit.sessions import Sessions
from services.registration.api.annual_reports import AnnualReportRoutes
from services.registration.api.applications import ApplicationRoutes
from services.registration.api.commitments import CommitmentRoutes
from services.registration.api.discrepancies import DiscrepancyRoutes
from services.registration.api.entities import EntityRoutes
from services.registration.api.imports import ImportRoutes
from services.registration.api.markets import MarketRoutes
from services.registration.api.party_building import PartyBuildingRoutes
from services.registration.api.stalls import StallRoutes
from services.registration.consumers import subscribe
from services.registration.handlers.applications import applications
from services.registration.handlers.commitments import commitments
from services.registration.handlers.discrepancies import discrepancies
from services.registration.handlers.forms import forms
from services.registration.handlers.rotation import SEALED
from services.registration.settings import RegistrationSettings


def components(settings: RegistrationSettings, role: Role) -> list[Component]:
    """Return what a process of this role runs.

    Raises:
        SettingsError: it serves commands, and no issuer is set, or no key for personal data.
    """
    health = Health()
    parts: list[Component] = []
    app = Starlette(routes=health.routes())
    clock = SystemClock()
    database = Database(settings.database_url, application_name="registration")
    if role.relays:
        parts.append(Relay.of(settings, health.component("relay")))
    if role.answers:
        app = api(settings, database, clock, health)
        parts.append(DatabaseReach(database, health.component("database")))
    if role.hears:
        hearing = Hearing(
            settings,
            database_url=settings.database_url,
            database=database,
            dead_letter=RegistrationDeadLetterRecorded,
            clock=clock,
            health=health,
        )
        subscribe(hearing, discrepancies(Sealer(settings.master_key())), clock)
        hearing.prune_daily("evidence", prune_evidence)
        parts += hearing.components()
    if role.answers or role.hears:
        parts.append(KeyCheck(database, settings.master_key(), SEALED, health.component("keys")))
    parts.append(HttpServer(app, settings))
    return parts


def api(settings: RegistrationSettings, database: Database, clock: Clock, health: Health) -> FastAPI:
    """Return the application that answers registration's commands.

    Raises:
        SettingsError: no issuer is set, or no key for personal data.
    """
    app = application(
        "registration 登记",
        "Owns market entities, what is asked and promised at their registration, annual reports, "
        "and specialised markets. 市场主体登记、党建信息采集、信用承诺、网上登记、年报与专业市场的归口服务。",
        Verifier.of(*settings.issuer()),
        health.routes(),
    )
    keys = settings.master_key()
    sealer, commands = Sealer(keys), Commands("registration", database, clock, BlindIndexes(keys).of_command)
    asked, differing = forms(sealer), discrepancies(sealer)
    sessions = Sessions(settings.database_url, application_name="registration", pool_size=2)
    app.include_router(ImportRoutes(sessions).router())
    app.include_router(EntityRoutes(database, commands, asked).router())
    asking = PartyBuildingRoutes(database, commands, asked, clock)
    promising = CommitmentRoutes(database, commands, commitments(sealer))
    applying = ApplicationRoutes(database, commands, applications(sealer), asked, sealer, clock)
    resolving = DiscrepancyRoutes(database, commands, differing)
    carrying = {
        FormMoved.topic: asking.may_see,
        CommitmentMoved.topic: promising.may_see,
        ApplicationMoved.topic: applying.may_see,
        DiscrepancyMoved.topic: resolving.may_see,
    }
    for routes in (asking, promising, applying, resolving):
        app.include_router(routes.router())
    app.include_router(EvidenceRoutes(database, sealer, clock, settings.evidence_max_bytes, carrying).router())
    app.include_router(MarketRoutes(database, commands, asked).router())
    app.include_router(StallRoutes(database, commands).router())
    app.include_router(AnnualReportRoutes(database, commands, differing, sealer, clock).router())
    return app
