"""Divisions, bureaus, associations, cadres and mandates over HTTP: kept, told, and what a mandate refuses."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events.ledgers.lines import (
    AssociationRecorded,
    BureauRecorded,
    CadreRecorded,
    DivisionRecorded,
    MandateRecorded,
)
from contracts.vocabulary import DivisionLevel, MandateState, UnitState
from tests.integration.ledgers.desk import DISTRICT, TODAY, TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

GRID = "500111101003"
MANDATE = {"subject": "zhao", "role": "STATION", "divisionCode": DISTRICT}


def divisions(*stated: tuple[str, str] | tuple[str, str, str], **more: object) -> dict[str, Any]:
    names = ("divisionCode", "name", "state")
    return {"divisions": [dict(zip(names, one, strict=False)) for one in stated], **more}


ALL = divisions((GRID, "第三网格"), (DISTRICT, "X区"), (TOWNSHIP, "龙水镇"))


async def test_a_district_with_its_townships_is_taken_in_whole_in_any_order_and_again_changes_nothing(
    desk: Desk,
) -> None:
    answer = await desk.send("POST", "/divisions/batch", ALL)
    assert answer.status_code == 200, answer.text
    assert {(one["aggregate"], one["id"], one["version"]) for one in answer.json()["aggregates"]} == {
        ("ledgers-division", code, 1) for code in (DISTRICT, TOWNSHIP, GRID)
    }
    told = {one.division_code: one for one in await desk.told(DivisionRecorded)}
    assert {code: (one.level, one.parent_code) for code, one in told.items()} == {
        DISTRICT: (DivisionLevel.DISTRICT, None),
        TOWNSHIP: (DivisionLevel.TOWNSHIP, DISTRICT),
        GRID: (DivisionLevel.GRID, TOWNSHIP),
    }
    assert (await desk.send("POST", "/divisions/batch", ALL)).json()["aggregates"] == []


async def test_a_change_of_a_division_is_dated_and_its_history_stays(desk: Desk) -> None:
    await desk.send("POST", "/divisions/batch", ALL)
    renamed = divisions((TOWNSHIP, "龙水街道"), effectiveOn="2024-02-01")
    assert (await desk.send("POST", "/divisions/batch", renamed)).status_code == 200
    read = (await desk.send("GET", f"/divisions/{TOWNSHIP}")).json()
    assert (read["name"], read["version"], read["effectiveOn"]) == ("龙水街道", 2, "2024-02-01")
    history = await desk.rows(
        f"SELECT version, state->>'name' AS name, effective_on FROM line_history WHERE id = '{TOWNSHIP}'"  # noqa: S608
        " ORDER BY version"
    )
    assert [(row["version"], row["name"]) for row in history] == [(1, "龙水镇"), (2, "龙水街道")]


@pytest.mark.parametrize(
    ("stated", "places"),
    [
        (divisions((TOWNSHIP, "龙水镇")), ["/divisions/0/divisionCode"]),
        (divisions((DISTRICT, "X区"), (DISTRICT, "Y区")), ["/divisions/1/divisionCode"]),
        (divisions(("500100000000", "某市")), ["/divisions/0/divisionCode"]),
        (
            divisions((DISTRICT, "X区", "CLOSED"), (TOWNSHIP, "龙水镇")),
            ["/divisions/0/state", "/divisions/1/divisionCode"],
        ),
        (divisions((DISTRICT, "X区"), effectiveOn="2024-02-29"), ["/effectiveOn"]),
    ],
)
async def test_divisions_that_do_not_fit_are_refused_by_place_and_none_is_kept(
    desk: Desk, stated: dict[str, Any], places: list[str]
) -> None:
    answer = await desk.send("POST", "/divisions/batch", stated)
    assert problem(answer) == (422, "invalid")
    assert sorted(pointers(answer)) == places
    assert await desk.outbox() == []


async def test_an_abolished_division_stays_and_may_not_leave_others_under_it(desk: Desk) -> None:
    await desk.send("POST", "/divisions/batch", ALL)
    closing = divisions((TOWNSHIP, "龙水镇", "CLOSED"))
    assert problem(await desk.send("POST", "/divisions/batch", closing)) == (422, "invalid")
    both = divisions((TOWNSHIP, "龙水镇", "CLOSED"), (GRID, "第三网格", "CLOSED"))
    assert len((await desk.send("POST", "/divisions/batch", both)).json()["aggregates"]) == 2
    last = (await desk.told(DivisionRecorded))[-1]
    assert (last.state, last.version) == (UnitState.CLOSED, 2)


async def test_bureaus_stations_associations_and_cadres_are_kept_and_told(desk: Desk) -> None:
    bureau = await desk.made("/bureaus", {"name": "X区市场监管局", "kind": "BUREAU", "divisionCode": DISTRICT})
    station = {"name": "龙水所", "kind": "STATION", "parentId": str(bureau), "divisionCode": TOWNSHIP}
    post = await desk.made("/bureaus", station)
    association = await desk.made("/associations", {"name": "个私协", "divisionCode": DISTRICT})
    branch = {"name": "龙水分会", "parentId": str(association), "divisionCode": TOWNSHIP}
    await desk.made("/associations", branch)
    cadre = await desk.made("/cadres", {"name": "赵六", "bureauId": str(post), "divisionCode": TOWNSHIP})

    assert [one.parent_id for one in await desk.told(BureauRecorded)] == [None, bureau]
    assert [one.parent_id for one in await desk.told(AssociationRecorded)] == [None, association]
    [told] = await desk.told(CadreRecorded)
    assert (told.cadre_id, told.bureau_id) == (cadre, post)
    assert "赵六" not in "".join(str(row["payload"].decode()) for row in await desk.outbox())
    assert len(await desk.rows("SELECT FROM person")) == 1
    left = {"bureauId": str(post), "divisionCode": TOWNSHIP, "state": "LEFT", "expectedVersion": 1}
    assert (await desk.send("PUT", f"/cadres/{cadre}", left)).json()["aggregates"][0]["version"] == 2
    assert (await desk.send("PUT", f"/cadres/{cadre}", left | {"expectedVersion": 2})).json()["aggregates"] == []
    stale = await desk.send("PUT", f"/cadres/{cadre}", left)
    assert (problem(stale), stale.json()["currentVersion"]) == ((409, "version-conflict"), 2)
    assert (await desk.send("GET", f"/bureaus/{post}")).json()["parentId"] == str(bureau)


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("/bureaus", {"name": "所", "kind": "STATION", "divisionCode": TOWNSHIP}, "/parentId"),
        ("/bureaus", {"name": "局", "kind": "BUREAU", "divisionCode": DISTRICT, "parentId": str(uuid4())}, "/parentId"),
        ("/associations", {"name": "会", "divisionCode": DISTRICT, "parentId": str(uuid4())}, "/parentId"),
        ("/cadres", {"divisionCode": DISTRICT, "bureauId": str(uuid4())}, "/bureauId"),
        (
            "/mandates",
            {"subject": "a", "role": "STATION", "divisionCode": DISTRICT, "cadreId": str(uuid4())},
            "/cadreId",
        ),
        (
            "/mandates",
            {"subject": "a", "role": "STATION", "divisionCode": DISTRICT, "validUntil": "2024-02-27"},
            "/validUntil",
        ),
    ],
)
async def test_what_refers_to_nothing_is_refused_by_its_place(
    desk: Desk, path: str, body: dict[str, Any], place: str
) -> None:
    answer = await desk.send("POST", path, body)
    assert problem(answer) == (422, "invalid")
    assert pointers(answer) == [place]
    assert await desk.outbox() == []


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [("DISTRICT", DISTRICT, 201), ("TOWNSHIP", DISTRICT, 403), ("DISTRICT", "500112000000", 403)],
)
async def test_who_may_say_who_does_the_work(desk: Desk, role: str, division: str, status: int) -> None:
    body = {"name": "个私协", "divisionCode": DISTRICT}
    answer = await desk.send("POST", "/associations", body, role=role, division=division)
    assert answer.status_code == status


async def test_who_has_a_mandate_acts_within_those_in_force_alone(desk: Desk) -> None:
    body = {"name": "个私协", "divisionCode": TOWNSHIP}

    async def acts(role: str = "DISTRICT", division: str = DISTRICT) -> int:
        return (
            await desk.send("POST", "/associations", body, role=role, division=division, subject="zhao")
        ).status_code

    assert await acts() == 201
    given = {"subject": "zhao", "role": "DISTRICT", "divisionCode": TOWNSHIP, "validUntil": "2024-02-28"}
    mandate = await desk.made("/mandates", given)
    assert (await acts(division=TOWNSHIP), await acts(), await acts(role="SYSTEM", division=TOWNSHIP)) == (
        201,
        403,
        403,
    )
    [told] = await desk.told(MandateRecorded)
    assert (told.valid_from, told.valid_until, told.state) == (TODAY, TODAY, MandateState.IN_FORCE)
    revoking = {"expectedVersion": 1}
    assert (await desk.send("POST", f"/mandates/{mandate}/revocation", revoking)).status_code == 200
    assert await acts(division=TOWNSHIP) == 403
    assert problem(await desk.send("POST", f"/mandates/{mandate}/revocation", {"expectedVersion": 2})) == (
        409,
        "conflict",
    )
    assert problem(await desk.send("POST", f"/mandates/{UUID(int=1)}/revocation", revoking)) == (404, "not-found")


async def test_a_mandate_ends_after_its_last_day(desk: Desk) -> None:
    body = {"name": "个私协", "divisionCode": TOWNSHIP}
    given = {"subject": "zhao", "role": "DISTRICT", "divisionCode": TOWNSHIP, "validUntil": "2024-02-27"}
    await desk.made("/mandates", given | {"validFrom": "2024-01-01"})
    answer = await desk.send("POST", "/associations", body, division=TOWNSHIP, role="DISTRICT", subject="zhao")
    assert problem(answer) == (403, "forbidden")
