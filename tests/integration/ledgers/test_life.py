"""Rules that a district publishes, plans of training, and what an organisation owes by them."""

import asyncio
from uuid import UUID

import pytest

from contracts.events.ledgers.life import LifeRulePublished, TrainingPlanRecorded
from contracts.vocabulary import EntityKind
from services.ledgers.handlers.republish import sources
from tests.integration.ledgers.desk import DISTRICT, TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

RULE = {
    "duty": "LECTURE",
    "forms": ["BRANCH"],
    "period": "MONTH",
    "times": 2,
    "source": "District notice 3/2024",
    "sourceZh": "区委〔2024〕3号",
    "validFrom": "2024-02-01",
}


async def branch(desk: Desk, **changed: object) -> UUID:
    body = {"name": "支部", "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP} | changed
    return await desk.made("/organisations", body)


async def owed(desk: Desk, organisation: UUID, on: str = "2024-02-28") -> dict[str, list[tuple[str, int, str]]]:
    answer = await desk.send("GET", f"/organisations/{organisation}/life?on={on}", role="READER")
    assert answer.status_code == 200, answer.text
    found: dict[str, list[tuple[str, int, str]]] = {}
    for one in answer.json()["owed"]:
        found.setdefault(one["duty"], []).append((one["first"], one["required"], one["state"]))
    return found


async def test_a_published_edition_stands_before_the_default_from_its_first_day_on(desk: Desk) -> None:
    organisation = await branch(desk)
    assert (await owed(desk, organisation))["LECTURE"][-1] == ("2024-01-01", 1, "DUE")
    answer = await desk.send("POST", "/life-rules", RULE)
    assert answer.status_code == 200, answer.text
    assert (await owed(desk, organisation))["LECTURE"][-1] == ("2024-02-01", 2, "DUE")
    assert (await owed(desk, organisation, "2024-01-31"))["LECTURE"][-1] == ("2024-01-01", 1, "DUE")
    listed = (await desk.send("GET", "/life-rules", role="READER")).json()
    assert [one["times"] for one in listed if one["duty"] == "LECTURE"] == [1, 2]


async def test_an_edition_is_corrected_by_who_knows_it(desk: Desk) -> None:
    await desk.send("POST", "/life-rules", RULE)
    assert problem(await desk.send("POST", "/life-rules", RULE | {"times": 3})) == (409, "version-conflict")
    corrected = await desk.send("POST", "/life-rules", RULE | {"times": 3, "expectedVersion": 1})
    assert corrected.status_code == 200
    same = await desk.send("POST", "/life-rules", RULE | {"times": 3, "expectedVersion": 2})
    assert same.json()["aggregates"] == []
    told = await desk.told(LifeRulePublished)
    assert [(one.version, one.times) for one in told] == [(1, 2), (2, 3)]
    assert told[0].rule_id == told[1].rule_id
    new = RULE | {"validFrom": "2024-03-01", "expectedVersion": 1}
    assert problem(await desk.send("POST", "/life-rules", new)) == (404, "not-found")


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"period": "TERM"}, ["/period"]),
        ({"duty": "BRANCH_ELECTION"}, ["/period", "/termYears", "/shiftMonths"]),
        ({"termYears": 3}, ["/termYears"]),
        ({"validFrom": "2024-02-02"}, ["/validFrom"]),
        ({"period": "QUARTER"}, ["/validFrom"]),
        ({"validUntil": "2024-01-31"}, ["/validUntil"]),
        ({"forms": ["BRANCH", "BRANCH"]}, ["/forms"]),
        ({"times": 0}, ["/times"]),
        ({"source": " "}, ["/source"]),
    ],
)
async def test_a_rule_that_contradicts_itself_is_refused(
    desk: Desk, changed: dict[str, object], places: list[str]
) -> None:
    refused = await desk.send("POST", "/life-rules", RULE | changed)
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), places)
    assert await desk.told(LifeRulePublished) == []


async def test_rules_are_the_districts(desk: Desk) -> None:
    assert problem(await desk.send("POST", "/life-rules", RULE, division=TOWNSHIP)) == (403, "forbidden")
    assert problem(await desk.send("POST", "/life-rules", RULE, role="TOWNSHIP")) == (403, "forbidden")
    plan = {"divisionCode": DISTRICT, "year": 2024, "sessions": 4}
    assert problem(await desk.send("POST", "/training-plans", plan, division=TOWNSHIP)) == (403, "forbidden")
    assert pointers(await desk.send("POST", "/training-plans", plan | {"divisionCode": TOWNSHIP})) == ["/divisionCode"]


async def test_secretaries_are_trained_by_the_plan_of_the_year(desk: Desk) -> None:
    organisation = await branch(desk)
    assert "SECRETARY_TRAINING" not in await owed(desk, organisation)
    plan = {"divisionCode": DISTRICT, "year": 2024, "sessions": 4}
    assert (await desk.send("POST", "/training-plans", plan)).status_code == 200
    assert (await owed(desk, organisation))["SECRETARY_TRAINING"] == [("2024-01-01", 4, "DUE")]
    changed = plan | {"sessions": 0, "expectedVersion": 1}
    assert (await desk.send("POST", "/training-plans", changed)).status_code == 200
    assert "SECRETARY_TRAINING" not in await owed(desk, organisation)
    assert [(one.version, one.sessions) for one in await desk.told(TrainingPlanRecorded)] == [(1, 4), (2, 0)]


async def test_committee_groups_and_markets_decide_who_owes(desk: Desk) -> None:
    market = await desk.knows_entity(kind=EntityKind.SPECIALISED_MARKET)
    shop = await desk.knows_entity(2, kind=EntityKind.INDIVIDUAL_HOUSEHOLD)
    plain = await owed(desk, await branch(desk, entityIds=[str(shop)]))
    assert plain.keys() == {"MEMBERS_MEETING", "LECTURE"}
    full = await owed(desk, await branch(desk, hasCommittee=True, groups=3, entityIds=[str(market)]))
    assert full.keys() == {"MEMBERS_MEETING", "COMMITTEE_MEETING", "GROUP_MEETING", "LECTURE", "MARKET_TRAINING"}
    assert full["GROUP_MEETING"][-1] == ("2024-02-01", 3, "DUE")
    seven = await branch(desk)
    for _ in range(7):
        await desk.knows_member(relationOrganisationId=str(seven))
    assert "COMMITTEE_MEETING" in await owed(desk, seven)
    assert "COMMITTEE_MEETING" not in await owed(desk, await branch(desk, hasCommittee=False))


async def test_a_day_outside_of_any_reason_and_an_unknown_organisation_are_refused(desk: Desk) -> None:
    organisation = await branch(desk)
    assert problem(await desk.send("GET", f"/organisations/{organisation}/life?on=9999-12-31")) == (422, "invalid")
    assert problem(await desk.send("GET", f"/organisations/{UUID(int=1)}/life")) == (404, "not-found")
    elsewhere = await desk.send("GET", f"/organisations/{organisation}/life", division="500112000000")
    assert problem(elsewhere) == (403, "forbidden")
    today = (await desk.send("GET", f"/organisations/{organisation}/life")).json()
    assert today["on"] == "2024-02-28"


async def test_of_two_who_publish_the_same_edition_at_once_one_is_told_of_the_other(desk: Desk) -> None:
    for month in range(3, 9):
        rule = RULE | {"validFrom": f"2024-{month:02}-01"}
        answers = await asyncio.gather(*(desk.send("POST", "/life-rules", rule | {"times": n}) for n in (1, 2, 3)))
        assert sorted(one.status_code for one in answers) == [200, 409, 409]
    assert len(await desk.told(LifeRulePublished)) == 6


async def test_rules_and_plans_are_told_again(desk: Desk) -> None:
    await desk.send("POST", "/life-rules", RULE)
    await desk.send("POST", "/training-plans", {"divisionCode": DISTRICT, "year": 2024, "sessions": 4})
    told = []
    async with desk.database.transaction() as transaction:
        for source in sources(desk.clock):
            counted = await source.count(transaction.connection)
            events, _ = await source.page(transaction.connection, UUID(int=0), 10)
            assert len(events) == counted
            told += [one.event for one in events]
    assert told == await desk.told(LifeRulePublished, TrainingPlanRecorded)
