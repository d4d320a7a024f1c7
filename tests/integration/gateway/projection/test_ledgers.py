"""What an organisation covers is replaced by version; what was erased stays so."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.events.base import EventData
from contracts.events.ledgers.members import MemberErased, MemberRecorded
from contracts.events.ledgers.organisations import OrganisationChanged
from contracts.vocabulary import (
    Bureau,
    FormationMode,
    MemberStanding,
    MemberState,
    OrganisationForm,
    OrganisationState,
)
from gateway.projection.consumers import SCHEMA
from kit.ids import new_id
from tests.integration.gateway.hearing import NOW, Projection

pytestmark = pytest.mark.servers

FIRST, SECOND, THIRD = sorted(new_id() for _ in range(3))
MEMBER_COLUMNS = (
    "masked_name, standing, workplace_entity_id, workplace_since, relation_organisation_id, relation_since, "
    "management_organisation_id, management_since, division_code, bureau, effective_on"
)


def organisation(key: UUID, version: int, *entities: UUID) -> EventData:
    return OrganisationChanged(
        organisation_id=key,
        version=version,
        name=f"联合党支部 {version}",
        form=OrganisationForm.JOINT_BRANCH,
        external=False,
        mode=FormationMode.JOINT,
        entity_ids=entities,
        division_code="500111001000",
        bureau=Bureau.MARKET_REGULATION,
        state=OrganisationState.ACTIVE,
        effective_on=date(2024, 2, 28),
        recorded_at=NOW,
    )


def member(key: UUID, version: int) -> EventData:
    return MemberRecorded(
        member_id=key,
        version=version,
        masked_name="王*",
        standing=MemberStanding.FULL,
        state=MemberState.ACTIVE,
        workplace_entity_id=FIRST,
        workplace_since=date(2020, 1, 1),
        relation_organisation_id=SECOND,
        relation_since=date(2020, 1, 2),
        management_organisation_id=THIRD,
        management_since=date(2020, 1, 3),
        division_code="500111001000",
        bureau=Bureau.MARKET_REGULATION,
        effective_on=date(2024, 2, 28),
        recorded_at=NOW,
    )


async def covered(projection: Projection, key: UUID) -> set[object]:
    rows = await projection.rows(f"SELECT entity_id FROM {SCHEMA}.organisation_entity WHERE organisation_id = $1", key)  # noqa: S608 - a name of ours
    return {entity for (entity,) in rows}


async def test_the_entities_of_an_organisation_are_those_of_its_newest_version(projection: Projection) -> None:
    key, other = new_id(), new_id()
    await projection.hears(organisation(key, 1, FIRST, SECOND), organisation(other, 1, FIRST))
    assert await covered(projection, key) == {FIRST, SECOND}
    await projection.hears(organisation(key, 2, SECOND, THIRD))
    assert await covered(projection, key) == {SECOND, THIRD}
    await projection.hears(organisation(key, 1, FIRST, SECOND))
    assert await covered(projection, key) == {SECOND, THIRD}, "an older event changes nothing"
    await projection.hears(organisation(key, 2, SECOND, THIRD))
    assert await covered(projection, key) == {SECOND, THIRD}, "the same event changes nothing"
    await projection.hears(organisation(key, 3))
    assert await covered(projection, key) == set()
    assert await covered(projection, other) == {FIRST}, "another organisation keeps its own"


async def test_of_an_organisation_that_stands_in_a_batch_several_times_the_newest_counts(
    projection: Projection,
) -> None:
    key = new_id()
    await projection.hears(
        organisation(key, 1, FIRST), organisation(key, 3, THIRD), organisation(key, 2, FIRST, SECOND)
    )
    assert await covered(projection, key) == {THIRD}
    await projection.hears(organisation(key, 2, SECOND), organisation(key, 1, FIRST))
    assert await covered(projection, key) == {THIRD}
    await projection.hears(organisation(key, 3, SECOND), organisation(key, 3, FIRST))
    assert await covered(projection, key) == {FIRST}, "of the same version told anew, the last"


async def test_an_entity_that_an_organisation_names_twice_is_covered_once(projection: Projection) -> None:
    key = new_id()
    await projection.hears(organisation(key, 1, FIRST, FIRST))
    rows = await projection.rows(f"SELECT entity_id FROM {SCHEMA}.organisation_entity")  # noqa: S608 - a name of ours
    assert rows == [(FIRST,)]


VERSIONS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5)), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=VERSIONS, size=st.integers(1, 5))
async def test_any_versions_in_any_batches_leave_what_the_newest_says(
    projection: Projection, told: list[tuple[int, int]], size: int
) -> None:
    keys = [new_id() for _ in range(3)]
    entities = [new_id() for _ in range(7)]
    events = [organisation(keys[which], version, *entities[version - 1 : version + 1]) for which, version in told]
    for first in range(0, len(events), size):
        await projection.hears(*events[first : first + size])
    for number, key in enumerate(keys):
        newest = max((version for which, version in told if which == number), default=None)
        assert await covered(projection, key) == (set(entities[newest - 1 : newest + 1]) if newest else set())


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("late", [True, False])
async def test_of_an_erased_member_only_the_mark_stays_whatever_comes_late(
    projection: Projection,
    late: bool,  # noqa: FBT001 - a parameter of the test
    together: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    key = new_id()
    erased = MemberErased(member_id=key, version=3, recorded_at=NOW)
    events = [erased, member(key, 1), member(key, 2)] if late else [member(key, 1), member(key, 2), erased]
    if together:
        await projection.hears(*events)
    else:
        for event in events:
            await projection.hears(event)
    [found] = await projection.rows(f"SELECT {MEMBER_COLUMNS} FROM {SCHEMA}.member WHERE member_id = $1", key)  # noqa: S608 - names of this file
    assert found == (None,) * 11
    marks = await projection.rows(f"SELECT member_id, version, state FROM {SCHEMA}.member")  # noqa: S608 - a name of ours
    assert marks == [(key, 3, "ERASED")]


async def test_a_member_who_is_not_erased_is_kept_whole(projection: Projection) -> None:
    key = new_id()
    await projection.hears(member(key, 1))
    [found] = await projection.rows(f"SELECT {MEMBER_COLUMNS} FROM {SCHEMA}.member WHERE member_id = $1", key)  # noqa: S608 - names of this file
    assert None not in found
