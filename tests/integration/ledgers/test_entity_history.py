"""Every state of an entity over HTTP: what held on a day as it was known at a moment, page by page, to who may see."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.registration import EntityChanged, EntityRegistered, RegisteredEntity
from contracts.vocabulary import Bureau, EntityKind, EntityState
from kit.ids import new_id
from tests.integration.ledgers.desk import DISTRICT, NOW, TODAY, TOWNSHIP, USCCS, Desk, heard, pointers, problem

pytestmark = pytest.mark.servers

OTHER = "500111102000"


async def hears(desk: Desk, entity: UUID, version: int, day: date, **facts: Any) -> None:
    """Let the ledgers hear of a state of an entity, an hour after whatever they heard before."""
    desk.clock.advance(timedelta(hours=1))
    model: type[RegisteredEntity] = EntityRegistered if version == 1 else EntityChanged
    stated = {
        "entity_id": entity,
        "version": version,
        "uscc": USCCS[0],
        "name": "甲",
        "kind": EntityKind.MICRO_SMALL_ENTERPRISE,
        "state": EntityState.ACTIVE,
        "division_code": TOWNSHIP,
        "bureau": Bureau.MARKET_REGULATION,
        "effective_on": day,
        "recorded_at": NOW,
    }
    await desk.hears(desk.ledger, heard(model.model_validate(stated | facts)))


@pytest.fixture
async def entity(desk: Desk) -> UUID:
    """An entity that was renamed on 1 March, and corrected later: it had another name from 1 February on."""
    entity = new_id()
    await hears(desk, entity, 1, date(2024, 1, 1))
    await hears(desk, entity, 2, date(2024, 2, 20), name="乙")
    await hears(desk, entity, 3, date(2024, 2, 1), name="丙")
    return entity


async def asked(desk: Desk, entity: UUID, query: str = "", **options: Any) -> dict[str, Any]:
    answer = await desk.send("GET", f"/entities/{entity}/history{query}", **options)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_every_state_with_the_days_on_which_it_held_and_what_changed(desk: Desk, entity: UUID) -> None:
    found = await asked(desk, entity)
    assert (found["entityId"], found["effectiveOn"]) == (str(entity), str(TODAY))
    assert found["recordedAt"] == "2024-02-28T05:00:00Z"
    assert found["held"] == found["versions"][0]
    assert found["versions"][0] == {
        "registrationVersion": 3,
        "uscc": USCCS[0],
        "name": "丙",
        "kind": "MICRO_SMALL_ENTERPRISE",
        "state": "ACTIVE",
        "divisionCode": TOWNSHIP,
        "bureau": "MARKET_REGULATION",
        "effectiveOn": "2024-02-01",
        "superseded": False,
        "recordedAt": "2024-02-28T05:00:00Z",
        "changed": ["name"],
    }
    rest = [(one["name"], one.get("until"), one["superseded"], one["changed"]) for one in found["versions"][1:]]
    assert rest == [("乙", None, True, ["name"]), ("甲", "2024-01-31", False, [])]
    assert "next" not in found


@pytest.mark.parametrize(
    ("day", "moment", "name"),
    [
        ("2023-12-31", "2024-02-28T05:00:00Z", None),
        ("2024-01-31", "2024-02-28T05:00:00Z", "甲"),
        ("2024-02-01", "2024-02-28T05:00:00Z", "丙"),
        ("2024-02-20", "2024-02-28T05:00:00Z", "丙"),
        ("2024-02-01", "2024-02-28T04:59:59Z", "甲"),
        ("2024-02-20", "2024-02-28T12:00:00%2B08:00", "乙"),
        ("2024-02-20", "2024-02-28T02:59:59Z", None),
    ],
)
async def test_what_held_on_a_day_as_it_was_known_at_a_moment(
    desk: Desk, entity: UUID, day: str, moment: str, name: str | None
) -> None:
    found = await asked(desk, entity, f"?effectiveOn={day}&recordedAt={moment}")
    assert found.get("held", {}).get("name") == name


async def test_a_state_heard_late_is_known_from_then_on(desk: Desk) -> None:
    entity = new_id()
    await hears(desk, entity, 2, date(2024, 2, 1), name="乙")
    await hears(desk, entity, 1, date(2024, 1, 1))
    query = "?effectiveOn=2024-01-15&recordedAt="
    assert "held" not in await asked(desk, entity, f"{query}2024-02-28T03:00:00Z")
    assert (await asked(desk, entity, f"{query}2024-02-28T04:00:00Z"))["held"]["name"] == "甲"
    assert (await asked(desk, entity))["held"]["name"] == "乙"


async def test_by_what_it_was_covered_on_a_day_as_it_was_known_at_a_moment(desk: Desk, entity: UUID) -> None:
    desk.clock.advance(timedelta(hours=1))
    await desk.knows_member(entity, effectiveOn="2024-01-10")
    desk.clock.advance(timedelta(hours=1))
    own = {"name": "支部", "form": "BRANCH", "mode": "SINGLE", "entityIds": [str(entity)], "effectiveOn": "2024-02-01"}
    organisation = await desk.made("/organisations", own)
    january = {
        "since": "2024-01-10",
        "until": "2024-01-31",
        "fullMembers": 1,
        "probationaryMembers": 0,
        "organisationCoverage": "NONE",
        "organisationIds": [],
        "workCoverage": False,
    }
    assert (await asked(desk, entity, "?effectiveOn=2024-01-31"))["covered"] == january
    february = (await asked(desk, entity, "?effectiveOn=2024-02-01"))["covered"]
    assert (february["since"], february["organisationIds"]) == ("2024-02-01", [str(organisation)])
    for query in ("?effectiveOn=2024-01-09", "?recordedAt=2024-02-28T05:00:00Z"):
        assert "covered" not in await asked(desk, entity, query)
    before = (await asked(desk, entity, "?effectiveOn=2024-02-20&recordedAt=2024-02-28T06:30:00Z"))["covered"]
    assert before == {name: value for name, value in january.items() if name != "until"}
    few = await asked(desk, entity, "?effectiveOn=2024-01-31", role="TOWNSHIP", division=TOWNSHIP)
    assert few["covered"] == {name: value for name, value in january.items() if name != "fullMembers"}


async def test_page_by_page(desk: Desk, entity: UUID) -> None:
    first = await asked(desk, entity, "?limit=2")
    assert ([one["registrationVersion"] for one in first["versions"]], first["next"]) == ([3, 2], 2)
    second = await asked(desk, entity, "?limit=2&before=2")
    assert [one["registrationVersion"] for one in second["versions"]] == [1]
    assert "next" not in second
    assert second["held"] == first["held"]


async def test_who_may_see_the_entity_may_see_its_history(desk: Desk, entity: UUID) -> None:
    path = f"/entities/{entity}/history"
    assert (await desk.send("GET", path, role="TOWNSHIP", division=TOWNSHIP)).status_code == 200
    assert problem(await desk.send("GET", path, role="TOWNSHIP", division=OTHER)) == (403, "forbidden")
    await hears(desk, entity, 4, date(2024, 2, 28), division_code=OTHER)
    assert problem(await desk.send("GET", path, role="TOWNSHIP", division=TOWNSHIP)) == (403, "forbidden")
    assert problem(await desk.send("GET", f"/entities/{uuid4()}/history")) == (404, "not-found")
    assert problem(await desk.send("GET", f"/entities/{entity}/history?limit=0")) == (422, "invalid")
    refused = await desk.send("GET", f"/entities/{entity}/history?effectiveOn=heute&recordedAt=2024-02-28T00:00:00")
    assert pointers(refused) == ["/effectiveOn", "/recordedAt"]


async def test_who_has_a_mandate_sees_within_it_alone(desk: Desk, entity: UUID) -> None:
    mandate = {"subject": "clerk-9", "role": "TOWNSHIP", "divisionCode": OTHER, "validFrom": str(TODAY)}
    await desk.made("/mandates", mandate)
    path = f"/entities/{entity}/history"
    refused = await desk.send("GET", path, subject="clerk-9", role="DISTRICT", division=DISTRICT)
    assert problem(refused) == (403, "forbidden")
