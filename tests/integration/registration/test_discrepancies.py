"""What an annual report states against what the ledgers know: opened when filed, resolved by somebody or by the facts."""

import asyncio

import pytest

from contracts.events.registration.annual_reports import DiscrepancyMoved
from contracts.vocabulary import OrganisationCoverage
from kit.ids import new_id
from tests.integration.registration.annual import Ledgers, corrects, report, step
from tests.integration.registration.desk import HOUSEHOLD, A, B, Desk, pointers, problem

pytestmark = pytest.mark.servers


async def moved(front: Desk) -> list[tuple[str, int, str, str]]:
    return [
        (one.field.value, one.version, one.action.value, one.state.value) for one in await front.told(DiscrepancyMoved)
    ]


async def test_each_field_that_differs_from_the_ledgers_as_they_stand_is_opened(front: Desk) -> None:
    entity, ledgers = await front.registers(), Ledgers(front)
    await ledgers.tell(entity, 5, 1, covered=OrganisationCoverage.NONE)
    await front.made("/annual-reports", report(entity))
    told = {one.field.value: one for one in await front.told(DiscrepancyMoved)}
    assert set(told) == {"FULL_MEMBERS", "ORGANISATION"}
    full, organisation = told["FULL_MEMBERS"], told["ORGANISATION"]
    assert (full.state, full.stated_count, full.known_count, full.known_organisation) == ("OPEN", 3, 5, None)
    assert (organisation.stated_organisation, organisation.known_organisation) == (True, False)
    assert organisation.stated_count is None
    assert (full.year, full.entity_id, str(full.due_at)) == (2023, entity, "2024-03-29 16:00:00+00:00")


async def test_what_is_the_same_opens_nothing_and_an_entity_never_heard_of_has_nothing(front: Desk) -> None:
    same, bare = await front.registers(A), await front.registers(B)
    await Ledgers(front).tell(same, 3, 1)
    none = {"fullMembers": 0, "probationaryMembers": 0, "hasOrganisation": False, "hasSecretary": None}
    await front.made("/annual-reports", report(same))
    answers = {"employees": 4, "wishesGuidance": False} | none
    await front.made("/annual-reports", report(bare, partyBuilding=answers))
    assert await moved(front) == []
    third = await front.registers(HOUSEHOLD)
    await front.made("/annual-reports", report(third))
    assert sorted(one[0] for one in await moved(front)) == ["FULL_MEMBERS", "ORGANISATION", "PROBATIONARY_MEMBERS"]
