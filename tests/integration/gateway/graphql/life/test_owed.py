"""What the graph says that is owed, in SQL, is what the ledgers' pure function says, whatever there is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from contracts.events.base import EventData
from contracts.events.ledgers.life import (
    GatheringRecorded,
    GatheringWithdrawn,
    LifeRulePublished,
    TrainingPlanRecorded,
)
from contracts.events.ledgers.organisations import MembershipCounted, OrganisationDissolved, OrganisationFounded
from contracts.events.registration import EntityRegistered
from contracts.rules.life import LIFE_RULES, LifeRule
from contracts.vocabulary import (
    Audience,
    Bureau,
    EntityKind,
    EntityState,
    FormationMode,
    GatheringKind,
    GatheringPlace,
    GatheringState,
    LifeDuty,
    LifePeriod,
    LifeState,
    OrganisationForm,
    OrganisationState,
)
from contracts.vocabulary.life import ELECTION_DUTIES, PERIOD_MONTHS
from gateway.graphql.engine import Asked, Engine
from gateway.graphql.pool import read_pool
from gateway.graphql.reader import Reader
from gateway.graphql.schema import GRAPH
from gateway.graphql.scope import EVERYTHING
from kit.ids import new_id
from services.ledgers.domain.life import Held, Owed, Owing, owed
from tests.integration.gateway.hearing import NOW, Projection

pytestmark = pytest.mark.servers

TOWNSHIP, DISTRICT = "500111001000", "500111000000"
MARKET, SHOP = new_id(), new_id()
DAY = date(2024, 2, 28)
DAYS = st.dates(date(2018, 6, 1), date(2026, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 1), date(2021, 1, 31)]
)


@dataclass(frozen=True)
class World:
    """What there is of one organisation, and the days that are asked about."""

    organisation: Owing
    external: bool
    dissolved: bool
    held: Sequence[Held]
    withdrawn: Sequence[Held]
    rules: Sequence[LifeRule]
    plans: dict[int, int]
    days: Sequence[date]


@st.composite
def _rule(draw: st.DrawFn) -> LifeRule:
    duty = draw(st.sampled_from(LifeDuty))
    day = draw(DAYS)
    of_term = duty in ELECTION_DUTIES
    period = LifePeriod.TERM if of_term else draw(st.sampled_from(list(PERIOD_MONTHS)))
    if not of_term:
        months = PERIOD_MONTHS[period]
        day = date(day.year, (day.month - 1) // months * months + 1, 1)
    lasts = draw(st.none() | st.just(0) | st.integers(0, 900))
    return LifeRule(
        duty,
        tuple(draw(st.sets(st.sampled_from(OrganisationForm)))),
        period,
        draw(st.integers(1, 3)),
        "District",
        "本区",
        day,
        None if lasts is None else day + timedelta(days=lasts),
        draw(st.none() | st.integers(1, 9)),
        draw(st.integers(1, 5)) if of_term else None,
        draw(st.integers(0, 14)) if of_term else None,
    )


@st.composite
def _held(draw: st.DrawFn) -> Held:
    kind = draw(st.sampled_from(GatheringKind))
    day = draw(DAYS)
    if kind is not GatheringKind.ELECTION:
        return Held(kind, day, draw(st.none() | st.sampled_from(Audience)))
    term = day + timedelta(days=draw(st.integers(1, 1900)))
    late = draw(st.none() | st.integers(1, 400))
    return Held(kind, day, None, term, None if late is None else term + timedelta(days=late))


@st.composite
def _world(draw: st.DrawFn) -> World:
    external, dissolved = draw(st.sampled_from([(False, False)] * 8 + [(True, False), (False, True)]))
    organisation = Owing(
        form=draw(st.sampled_from(OrganisationForm)),
        owes=not external and not dissolved,
        founded_on=draw(st.none() | DAYS),
        has_committee=draw(st.none() | st.booleans()),
        groups=draw(st.integers(0, 3)),
        full_members=draw(st.integers(0, 12)),
        covers_market=draw(st.booleans()),
    )
    rules = {(one.duty, one.valid_from): one for one in draw(st.lists(_rule(), max_size=5))}
    held = draw(st.lists(_held(), max_size=12))
    edges = [
        *(day for one in rules.values() for day in (one.valid_from, one.valid_until)),
        *(day for one in held for day in (one.held_on, one.term_until, one.postponed_until)),
        organisation.founded_on,
    ]
    turns = [day + timedelta(days=by) for day in edges if day is not None for by in (-1, 0, 1)]
    days = DAYS | st.sampled_from(turns) if turns else DAYS
    return World(
        organisation,
        external,
        dissolved,
        held,
        draw(st.lists(_held(), max_size=2)),
        list(rules.values()),
        draw(st.dictionaries(st.integers(2018, 2026), st.integers(0, 3), max_size=4)),
        draw(st.lists(days, min_size=3, max_size=6)),
    )


def _facts(world: World, organisation_id: UUID) -> list[EventData]:
    one = world.organisation
    founded = OrganisationDissolved if world.dissolved else OrganisationFounded
    stated = {"division_code": TOWNSHIP, "bureau": Bureau.MARKET_REGULATION, "effective_on": DAY, "recorded_at": NOW}
    organisation = founded.model_validate(
        {
            "organisation_id": organisation_id,
            "version": 1,
            "name": "支部",
            "form": one.form,
            "external": world.external,
            "mode": None if world.external else FormationMode.JOINT,
            "entity_ids": (MARKET, SHOP) if one.covers_market else (SHOP,),
            "has_committee": one.has_committee,
            "groups": one.groups or None,
            "state": OrganisationState.DISSOLVED if world.dissolved else OrganisationState.ACTIVE,
            "founded_on": one.founded_on,
            **stated,
        }
    )
    counted = {"related": 0, "managed": 0, "related_and_managed": 0, "full_related": one.full_members}
    membership = MembershipCounted.model_validate(
        {"organisation_id": organisation_id, "version": 1, "full_managed": 0, **counted, **stated}
    )
    gatherings = [
        (GatheringRecorded if state is GatheringState.RECORDED else GatheringWithdrawn).model_validate(
            {
                "gathering_id": new_id(),
                "version": 1,
                "organisation_id": organisation_id,
                "kind": held.kind,
                "audience": held.audience,
                "held_on": held.held_on,
                "place": GatheringPlace.ONLINE,
                "topics": (),
                "expected": 3,
                "present": 3,
                "term_until": held.term_until,
                "postponed_until": held.postponed_until,
                "evidence_ids": (),
                "state": state,
                **stated,
            }
        )
        for state, several in ((GatheringState.RECORDED, world.held), (GatheringState.WITHDRAWN, world.withdrawn))
        for held in several
    ]
    rules = [
        LifeRulePublished(
            rule_id=new_id(),
            version=1,
            duty=rule.duty,
            forms=rule.forms,
            period=rule.period,
            times=rule.times,
            committee_from=rule.committee_from,
            term_years=rule.term_years,
            shift_months=rule.shift_months,
            source=rule.source,
            source_zh=rule.source_zh,
            valid_from=rule.valid_from,
            valid_until=rule.valid_until,
            recorded_at=NOW,
        )
        for rule in world.rules
    ]
    plans = [
        TrainingPlanRecorded(
            plan_id=new_id(), version=1, division_code=DISTRICT, year=year, sessions=sessions, recorded_at=NOW
        )
        for year, sessions in world.plans.items()
    ]
    return [organisation, membership, *gatherings, *rules, *plans]


def _entity(entity_id: UUID, kind: EntityKind) -> EventData:
    return EntityRegistered(
        entity_id=entity_id,
        version=1,
        uscc="91500111MA5U5JXT9H",
        name="龙水五金",
        kind=kind,
        state=EntityState.ACTIVE,
        division_code=TOWNSHIP,
        bureau=Bureau.MARKET_REGULATION,
        effective_on=DAY,
        recorded_at=NOW,
    )


def _shown(one: Owed) -> dict[str, object]:
    return {
        "duty": one.duty.value,
        "first": str(one.first),
        "last": str(one.last),
        "required": one.required,
        "held": one.held,
        "state": one.state.value,
    }


async def _asked(url: str, world: World, organisation_id: UUID) -> dict[str, Any]:
    projection = Projection(url)
    tables = "organisation, organisation_entity, membership, gathering, life_rule, training_plan, entity"
    await projection.rows(f"TRUNCATE {', '.join(f'model_1.{one}' for one in tables.split(', '))}")
    await projection.hears(
        _entity(MARKET, EntityKind.SPECIALISED_MARKET),
        _entity(SHOP, EntityKind.INDIVIDUAL_HOUSEHOLD),
        *_facts(world, organisation_id),
    )
    await projection.close()
    asked = " ".join(
        f'd{number}: organisation(id: "{organisation_id}") '
        f'{{ life(on: "{day}") {{ duty first last required held state }} }} '
        f'l{number}: lifeOverdue(on: "{day}") {{ totalCount nodes {{ id }} }}'
        for number, day in enumerate(world.days)
    )
    pool: asyncpg.Pool = await read_pool(url, size=1)
    try:
        answer = await Engine(GRAPH, Reader(pool, GRAPH.schema)).answer(Asked(f"{{ {asked} }}"), EVERYTHING)
    finally:
        await pool.close()
    content = orjson.loads(answer.body)
    assert "errors" not in content, content["errors"]
    found: dict[str, Any] = content["data"]
    return found


_FIRST = date(2024, 2, 1)
OF_A_DAY = World(
    Owing(OrganisationForm.BRANCH, True, None, None, 0, 4, False),
    False,
    False,
    [],
    [],
    [LifeRule(LifeDuty.LECTURE, (OrganisationForm.BRANCH,), LifePeriod.MONTH, 1, "D", "区", _FIRST, _FIRST)],
    {},
    [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)],
)
"""An edition whose last day is its first: it holds for the one period that begins on it."""


@example(world=OF_A_DAY)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(world=_world())
def test_the_graph_and_the_ledgers_say_the_same_is_owed(database_url: str, world: World) -> None:
    organisation_id = new_id()
    found = asyncio.run(_asked(database_url, world, organisation_id))
    for number, day in enumerate(world.days):
        expected = owed(world.organisation, world.held, [*LIFE_RULES, *world.rules], world.plans, day)
        assert found[f"d{number}"]["life"] == [_shown(one) for one in expected], day
        late = any(one.state is LifeState.OVERDUE for one in expected)
        listed = {"totalCount": int(late), "nodes": [{"id": str(organisation_id)}] if late else []}
        assert found[f"l{number}"] == listed, day
        for one in expected:
            event(f"{one.duty} {one.state}")
