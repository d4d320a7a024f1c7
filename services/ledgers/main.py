"""Wires the ledgers: the only place where their parts meet."""

from fastapi import FastAPI
from starlette.applications import Starlette

from contracts.events.dead_letters import LedgersDeadLetterRecorded
from contracts.events.ledgers.development import DevelopmentMoved
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.life import RecordedGathering
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.ledgers.transfers import TransferMoved
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
from kit.processes import Lapses
from kit.reach import DatabaseReach
from kit.relay import Relay
from kit.roles import Role
from kit.rotation import KeyCheck
from kit.sealing import Sealer
from services.ledgers.api.contacts import ContactRoutes
from services.ledgers.api.developments import DevelopmentRoutes
from services.ledgers.api.entity_history import EntityHistoryRoutes
from services.ledgers.api.floatings import FloatingRoutes
from services.ledgers.api.gatherings import GatheringRoutes
from services.ledgers.api.life import LifeRoutes
from services.ledgers.api.lines import LineRoutes
from services.ledgers.api.looks import LookRoutes
from services.ledgers.api.member_records import MemberRecordRoutes
from services.ledgers.api.members import MemberRoutes
from services.ledgers.api.organisation_profile import ProfileRoutes
from services.ledgers.api.organisations import OrganisationRoutes
from services.ledgers.api.persons import PersonRoutes
from services.ledgers.api.quotas import QuotaRoutes
from services.ledgers.api.reorganisations import ReorganisationRoutes
from services.ledgers.api.replay import ReplayRoutes
from services.ledgers.api.transfers import TransferRoutes
from services.ledgers.consumers import subscribe
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.looking import Looking, forget_old_looks
from services.ledgers.handlers.members import ERASURE, EndOfErasure
from services.ledgers.handlers.reorganisations import reorganisations
from services.ledgers.handlers.rotation import SEALED
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
    clock = SystemClock()
    database = Database(settings.database_url, application_name="ledgers")
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
            dead_letter=LedgersDeadLetterRecorded,
            clock=clock,
            health=health,
        )
        reorganising = reorganisations(Sealer(settings.master_key()))
        subscribe(hearing, reorganising, clock)
        about = AboutMembers(Sealer(settings.master_key()))
        hearing.when_due(TransferMoved.topic, Lapses(about.transfers, clock))
        hearing.when_due(FloatingMoved.topic, Lapses(about.floatings, clock))
        hearing.when_due(ERASURE, EndOfErasure(clock))
        hearing.prune_daily("looks", forget_old_looks)
        hearing.prune_daily("evidence", prune_evidence)
        hearing.when_due(ReorganisationMoved.topic, Lapses(reorganising, clock))
        parts += hearing.components()
    if role.answers or role.hears:
        parts.append(KeyCheck(database, settings.master_key(), SEALED, health.component("keys")))
    parts.append(HttpServer(app, settings))
    return parts


def api(settings: LedgersSettings, database: Database, clock: Clock, health: Health) -> FastAPI:
    """Return the application that answers the ledgers' commands.

    Raises:
        SettingsError: no issuer is set, or no key for personal data.
    """
    app = application(
        "ledgers 台账",
        "Owns divisions, bureaus, cadres and mandates, organisations, members and coverage, "
        "organisational life, contacts and evidence. "
        "条块、党组织、党员、组织生活、联系人台账与两个覆盖的归口服务。",
        Verifier.of(*settings.issuer()),
        health.routes(),
    )
    keys = settings.master_key()
    commands, persons = Commands("ledgers", database, clock, BlindIndexes(keys).of_command), Persons(keys)
    sealer = Sealer(keys)
    about = AboutMembers(sealer)
    transferring = TransferRoutes(database, commands, about)
    gatherings = GatheringRoutes(database, commands, sealer)
    floating = FloatingRoutes(database, commands, about)
    developing = DevelopmentRoutes(database, commands, persons, about)
    reorganising = ReorganisationRoutes(database, commands, reorganisations(sealer), about)
    carrying = {
        ReorganisationMoved.topic: reorganising.may_see,
        TransferMoved.topic: transferring.may_see,
        FloatingMoved.topic: floating.may_see,
        DevelopmentMoved.topic: developing.may_see,
        RecordedGathering.topic: gatherings.may_see_files,
    }
    app.include_router(LineRoutes(database, commands, persons).router())
    app.include_router(OrganisationRoutes(database, commands).router())
    app.include_router(PersonRoutes(database, commands, persons, clock).router())
    app.include_router(LookRoutes(Looking(database, persons, sealer, clock)).router())
    app.include_router(ProfileRoutes(commands).router())
    app.include_router(MemberRoutes(database, commands, persons, about).router())
    app.include_router(transferring.router())
    app.include_router(floating.router())
    app.include_router(developing.router())
    app.include_router(QuotaRoutes(database, commands).router())
    app.include_router(MemberRecordRoutes(database, commands).router())
    app.include_router(LifeRoutes(database, commands, clock).router())
    app.include_router(gatherings.router())
    app.include_router(ContactRoutes(database, commands, persons).router())
    app.include_router(EvidenceRoutes(database, sealer, clock, settings.evidence_max_bytes, carrying).router())
    app.include_router(reorganising.router())
    app.include_router(EntityHistoryRoutes(database, clock).router())
    app.include_router(ReplayRoutes(database, settings).router())
    return app
