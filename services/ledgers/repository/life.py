"""Queries on gatherings, published rules and plans of training, and on what decides what an organisation owes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson
from asyncpg import Record

from contracts.events.base import EventData
from contracts.events.ledgers.life import (
    GatheringCorrected,
    GatheringRecorded,
    GatheringWithdrawn,
    LifeRulePublished,
    RecordedGathering,
    TrainingPlanRecorded,
)
from contracts.rules.life import LIFE_RULES, LifeRule
from contracts.vocabulary import (
    Audience,
    GatheringKind,
    GatheringState,
    LifeDuty,
    LifePeriod,
    OrganisationForm,
)
from kit.copying import Column, Copy, Copying
from kit.database import Connection
from services.ledgers.domain.life import Held, Owing

S = TypeVar("S", LifeRulePublished, TrainingPlanRecorded)


GATHERING: Final[Copy[RecordedGathering]] = Copy(
    table="gathering",
    columns=(
        Column("gathering_id", "uuid"),
        Column("version", "bigint"),
        Column("organisation_id", "uuid"),
        Column("kind", "text"),
        Column("audience", "text"),
        Column("held_on", "date"),
        Column("place", "text"),
        Column("topics", "jsonb", lambda event: orjson.dumps(event.topics).decode()),
        Column("expected", "integer"),
        Column("present", "integer"),
        Column("term_until", "date"),
        Column("postponed_until", "date"),
        Column("evidence_ids", "jsonb", lambda event: orjson.dumps(event.evidence_ids).decode()),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(GatheringRecorded, GatheringCorrected, GatheringWithdrawn),
)
RULE: Final[Copy[LifeRulePublished]] = Copy(
    table="life_rule",
    columns=(
        Column("rule_id", "uuid"),
        Column("version", "bigint"),
        Column("duty", "text"),
        Column("forms", "jsonb", lambda event: orjson.dumps(event.forms).decode()),
        Column("period", "text"),
        Column("times", "integer"),
        Column("committee_from", "integer"),
        Column("term_years", "integer"),
        Column("shift_months", "integer"),
        Column("source", "text"),
        Column("source_zh", "text"),
        Column("valid_from", "date"),
        Column("valid_until", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(LifeRulePublished,),
)
PLAN: Final[Copy[TrainingPlanRecorded]] = Copy(
    table="training_plan",
    columns=(
        Column("plan_id", "uuid"),
        Column("version", "bigint"),
        Column("division_code", "text"),
        Column("year", "integer"),
        Column("sessions", "integer"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(TrainingPlanRecorded,),
)
_GATHERINGS: Final = Copying(GATHERING)
_STATED: Final[Mapping[type[EventData], Copying[Any]]] = {
    LifeRulePublished: Copying(RULE),
    TrainingPlanRecorded: Copying(PLAN),
}
_JSON: Final = ("topics", "evidence_ids", "forms")

_REMEMBER: Final = """
    INSERT INTO gathering_history (
        gathering_id, version, state, stated_by, stated_as, sealed_agenda, sealed_on_behalf_of, sealed_note, recorded_at
    ) VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7, $8, $9)
"""
_REMEMBER_STATED: Final = """
    INSERT INTO life_history (aggregate, id, version, state, stated_by, stated_as, recorded_at)
    VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7)
"""
_STATEMENTS: Final = """
    SELECT version, state ->> 'state' AS state, stated_by, stated_as, sealed_agenda, sealed_on_behalf_of, sealed_note,
        recorded_at
    FROM gathering_history WHERE gathering_id = $1 ORDER BY version
"""
_OWING: Final = """
    SELECT organisation.form, organisation.founded_on, organisation.has_committee,
        coalesce(organisation.groups, 0) AS groups, NOT external AND organisation.state = 'ACTIVE' AS owes,
        coalesce(membership.full_related, 0) AS full_members,
        EXISTS (
            SELECT FROM organisation_entity JOIN entity USING (entity_id)
            WHERE organisation_entity.organisation_id = organisation.organisation_id
                AND entity.kind = 'SPECIALISED_MARKET' AND entity.state = 'ACTIVE'
        ) AS covers_market
    FROM organisation LEFT JOIN membership USING (organisation_id)
    WHERE organisation_id = $1
"""
_HELD: Final = """
    SELECT kind, held_on, audience, term_until, postponed_until FROM gathering
    WHERE organisation_id = $1 AND state = 'RECORDED' AND held_on <= $2
"""
_PLANS: Final = """
    SELECT year, sessions FROM training_plan
    WHERE division_code = (SELECT left(division_code, 6) || '000000' FROM organisation WHERE organisation_id = $1)
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a state of a gathering was stated with. `stated_by` is the subject of a token."""

    stated_by: str
    stated_as: str
    sealed_agenda: bytes | None
    sealed_on_behalf_of: bytes | None
    sealed_note: bytes | None


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A statement as it is kept, with the version and the state that it made."""

    version: int
    state: str
    statement: Statement
    recorded_at: datetime


async def write_gathering(connection: Connection, gathering: RecordedGathering, statement: Statement) -> None:
    """Write the next state of a gathering, and keep it in its history."""
    await _GATHERINGS.write(connection, [gathering])
    await connection.execute(
        _REMEMBER,
        gathering.gathering_id,
        gathering.version,
        gathering.model_dump_json(exclude_none=True),
        statement.stated_by,
        statement.stated_as,
        statement.sealed_agenda,
        statement.sealed_on_behalf_of,
        statement.sealed_note,
        gathering.recorded_at,
    )


async def find_gathering(connection: Connection, gathering_id: UUID) -> RecordedGathering | None:
    """Return a gathering."""
    row = await connection.fetchrow("SELECT * FROM gathering WHERE gathering_id = $1", gathering_id)
    return None if row is None else _gathering(row)


async def lock_gathering(connection: Connection, gathering_id: UUID) -> RecordedGathering | None:
    """Return a gathering, locked until the transaction ends."""
    row = await connection.fetchrow("SELECT * FROM gathering WHERE gathering_id = $1 FOR UPDATE", gathering_id)
    return None if row is None else _gathering(row)


async def statements(connection: Connection, gathering_id: UUID) -> list[StoredStatement]:
    """Return what each state of a gathering was stated with, in order."""
    return [
        StoredStatement(
            row["version"],
            row["state"],
            Statement(
                row["stated_by"],
                row["stated_as"],
                row["sealed_agenda"],
                row["sealed_on_behalf_of"],
                row["sealed_note"],
            ),
            row["recorded_at"],
        )
        for row in await connection.fetch(_STATEMENTS, gathering_id)
    ]


async def write_stated(connection: Connection, stated: S, by: str, role: str) -> None:
    """Write the next state of a published rule or a plan, and keep it in the history."""
    await _STATED[type(stated)].write(connection, [stated])
    await connection.execute(
        _REMEMBER_STATED,
        stated.topic,
        UUID(stated.key),
        stated.version,
        stated.model_dump_json(exclude_none=True),
        by,
        role,
        stated.recorded_at,
    )


async def lock_rule(connection: Connection, duty: LifeDuty, valid_from: date) -> LifeRulePublished | None:
    """Return the published edition on a duty with a first day; nobody publishes it meanwhile, there or not."""
    await _hold_place(connection, f"life_rule {duty} {valid_from}")
    row = await connection.fetchrow(
        "SELECT * FROM life_rule WHERE duty = $1 AND valid_from = $2 FOR UPDATE", duty.value, valid_from
    )
    return None if row is None else LifeRulePublished.model_validate(_read(row))


async def lock_plan(connection: Connection, division_code: str, year: int) -> TrainingPlanRecorded | None:
    """Return the plan of a district and year; nobody records it meanwhile, there or not."""
    await _hold_place(connection, f"training_plan {division_code} {year}")
    row = await connection.fetchrow(
        "SELECT * FROM training_plan WHERE division_code = $1 AND year = $2 FOR UPDATE", division_code, year
    )
    return None if row is None else TrainingPlanRecorded.model_validate(dict(row))


async def published_rules(connection: Connection) -> list[LifeRulePublished]:
    """Return every published edition, by duty and first day."""
    rows = await connection.fetch("SELECT * FROM life_rule ORDER BY duty, valid_from")
    return [LifeRulePublished.model_validate(_read(row)) for row in rows]


async def all_rules(connection: Connection) -> list[LifeRule]:
    """Return every edition: the defaults, and behind them the published ones, which stand before them."""
    return [*LIFE_RULES, *(_rule(one) for one in await published_rules(connection))]


async def owing(connection: Connection, organisation_id: UUID) -> Owing | None:
    """Return what of an organisation decides what it owes, or None where it isn't there."""
    row = await connection.fetchrow(_OWING, organisation_id)
    return None if row is None else Owing(**dict(row) | {"form": OrganisationForm(row["form"])})


async def held_by(connection: Connection, organisation_id: UUID, until: date) -> list[Held]:
    """Return what an organisation held up to a day and what counts."""
    return [
        Held(
            GatheringKind(row["kind"]),
            row["held_on"],
            None if row["audience"] is None else Audience(row["audience"]),
            row["term_until"],
            row["postponed_until"],
        )
        for row in await connection.fetch(_HELD, organisation_id, until)
    ]


async def plans_for(connection: Connection, organisation_id: UUID) -> Mapping[int, int]:
    """Return how often secretaries are trained in an organisation's district, by year."""
    return {row["year"]: row["sessions"] for row in await connection.fetch(_PLANS, organisation_id)}


async def count_of(connection: Connection, table: str) -> int:
    """Return how many rows a table of ours has."""
    return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own names


async def lock_gatherings_behind(connection: Connection, last: UUID, limit: int) -> list[RecordedGathering]:
    """Return gatherings behind an id, in order of it, locked until the transaction ends."""
    rows = await connection.fetch(
        "SELECT * FROM gathering WHERE gathering_id > $1 ORDER BY gathering_id LIMIT $2 FOR UPDATE", last, limit
    )
    return [_gathering(row) for row in rows]


async def lock_rules_behind(connection: Connection, last: UUID, limit: int) -> list[LifeRulePublished]:
    """Return published editions behind an id, in order of it, locked until the transaction ends."""
    rows = await connection.fetch(
        "SELECT * FROM life_rule WHERE rule_id > $1 ORDER BY rule_id LIMIT $2 FOR UPDATE", last, limit
    )
    return [LifeRulePublished.model_validate(_read(row)) for row in rows]


async def lock_plans_behind(connection: Connection, last: UUID, limit: int) -> list[TrainingPlanRecorded]:
    """Return plans behind an id, in order of it, locked until the transaction ends."""
    rows = await connection.fetch(
        "SELECT * FROM training_plan WHERE plan_id > $1 ORDER BY plan_id LIMIT $2 FOR UPDATE", last, limit
    )
    return [TrainingPlanRecorded.model_validate(dict(row)) for row in rows]


async def _hold_place(connection: Connection, place: str) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", place)


def _gathering(row: Record) -> RecordedGathering:
    model: type[RecordedGathering] = GatheringCorrected
    if row["state"] == GatheringState.WITHDRAWN:
        model = GatheringWithdrawn
    elif row["version"] == 1:
        model = GatheringRecorded
    return model.model_validate(_read(row))


def _read(row: Record) -> dict[str, object]:
    return {name: orjson.loads(value) if name in _JSON else value for name, value in row.items()}


def _rule(edition: LifeRulePublished) -> LifeRule:
    return LifeRule(
        duty=edition.duty,
        forms=edition.forms,
        period=LifePeriod(edition.period),
        times=edition.times,
        source=edition.source,
        source_zh=edition.source_zh,
        valid_from=edition.valid_from,
        valid_until=edition.valid_until,
        committee_from=edition.committee_from,
        term_years=edition.term_years,
        shift_months=edition.shift_months,
    )
