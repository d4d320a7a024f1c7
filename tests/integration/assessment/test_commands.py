"""The scheme and the ratings over HTTP: who may do what, one effect a key, decided on the version that is there."""

import asyncio
from uuid import uuid4

import pytest

from contracts.events.assessment import SchemePublished
from kit.ids import new_id
from services.assessment.domain.first_scheme import FORTRESS_INDEX
from services.assessment.handlers.schemes import publish_first
from tests.integration.assessment.conftest import Assessment
from tests.integration.assessment.desk import BANDS, EDITION, EDITIONS, PART, Desk, problem
from tests.integration.assessment.ledgers import coverage, members, organisation

pytestmark = pytest.mark.servers


@pytest.fixture
async def _first(assessment: Assessment) -> None:
    """The first scheme is published."""
    async with assessment.database.transaction() as transaction:
        await publish_first(transaction.connection, assessment.clock)


first = pytest.mark.usefixtures("_first")


async def schemes(assessment: Assessment) -> list[SchemePublished]:
    return [out.event for out in await assessment.outbox() if isinstance(out.event, SchemePublished)]


async def test_before_the_first_scheme_is_published_one_is_asked_to_try_again(desk: Desk) -> None:
    assert problem(await desk.send("GET", "/schemes/current")) == (503, "unavailable")
    assert problem(await desk.send("POST", EDITIONS, EDITION)) == (404, "not-found")


@first
async def test_everybody_may_read_the_edition_in_force(desk: Desk) -> None:
    answer = await desk.send("GET", "/schemes/current", role="READER", division="500111101003")
    assert answer.status_code == 200
    body = answer.json()
    assert {name: body[name] for name in ("schemeId", "version", "newestVersion", "validFrom", "validUntil")} == {
        "schemeId": str(FORTRESS_INDEX),
        "version": 1,
        "newestVersion": 1,
        "validFrom": "2024-01-01",
        "validUntil": None,
    }
    assert [(one["part"], one["points"]) for one in body["parts"]] == [
        ("COVERAGE", "40.00"),
        ("RELATION_GAP", "40.00"),
        ("SIZE", "20.00"),
    ]
    assert [(one["band"], one["atLeast"]) for one in body["bands"]] == [
        ("A", "85.00"),
        ("B", "70.00"),
        ("C", "60.00"),
        ("D", "0.00"),
    ]
    assert "县可调整" in body["source"]


@first
async def test_an_edition_is_published_and_the_former_ends_the_day_before(assessment: Assessment, desk: Desk) -> None:
    answer = await desk.publish()
    [changed] = answer.json()["aggregates"]
    assert changed == {"aggregate": "assessment-scheme", "id": str(FORTRESS_INDEX), "version": 2}
    told = await schemes(assessment)
    assert [(one.version, str(one.valid_from), str(one.valid_until)) for one in told] == [
        (1, "2024-01-01", "None"),
        (1, "2024-01-01", "2024-01-31"),
        (2, "2024-02-01", "None"),
    ]
    assert (told[2].name, told[2].name_zh, told[2].source) == (
        "Second scheme",
        "第二版办法",
        "District document 7/2024",
    )
    assert [str(out.correlation_id) for out in await assessment.outbox()][1:] == [answer.json()["correlationId"]] * 2
    current = (await desk.send("GET", "/schemes/current")).json()
    assert (current["version"], current["parts"]) == (2, [PART | {"points": "50.00"}])


@first
async def test_an_edition_of_a_later_day_is_the_newest_and_not_yet_in_force(desk: Desk) -> None:
    await desk.publish(validFrom="2024-03-01")
    current = (await desk.send("GET", "/schemes/current")).json()
    assert (current["version"], current["newestVersion"], current["validUntil"]) == (1, 2, "2024-02-29")
    too_early = await desk.send("POST", EDITIONS, EDITION | {"expectedVersion": 2, "validFrom": "2024-03-01"})
    assert problem(too_early) == (422, "invalid")
    await desk.publish(expectedVersion=2, validFrom="2024-03-02")


@first
async def test_a_retry_has_one_effect_and_one_answer(assessment: Assessment, desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.send("POST", EDITIONS, EDITION, key="k1") for _ in range(4)))
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert [one.version for one in await schemes(assessment)] == [1, 1, 2]
    other = EDITION | {"name": "Another"}
    assert problem(await desk.send("POST", EDITIONS, other, key="k1")) == (422, "idempotency-key-reused")


@first
async def test_of_editions_decided_on_the_same_one_one_is_taken(assessment: Assessment, desk: Desk) -> None:
    answers = await asyncio.gather(
        *(desk.send("POST", EDITIONS, EDITION | {"validFrom": f"2024-02-0{n}"}) for n in range(1, 7))
    )
    assert sorted(one.status_code for one in answers) == [201] + [409] * 5
    refused = next(one for one in answers if one.status_code == 409)
    assert (problem(refused), refused.json()["currentVersion"]) == ((409, "version-conflict"), 2)
    assert [one.version for one in await schemes(assessment)] == [1, 1, 2]


@first
@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"parts": []}, "/parts"),
        ({"parts": [PART, PART]}, "/parts/0/part"),
        ({"parts": [PART | {"part": "LUCK"}]}, "/parts/0/part"),
        ({"parts": [PART | {"points": "-1"}]}, "/parts/0/points"),
        ({"parts": [PART | {"points": "1.005"}]}, "/parts/0/points"),
        ({"parts": [PART | {"points": "10000"}]}, "/parts/0/points"),
        ({"parts": [PART | {"rule": "a\u0000b"}]}, "/parts/0/rule"),
        ({"parts": [PART | {"ruleZh": " "}]}, "/parts/0/ruleZh"),
        ({"bands": []}, "/bands"),
        ({"bands": BANDS[:1]}, "/bands/0/atLeast"),
        ({"bands": [BANDS[0], {"band": "B", "atLeast": "40"}, BANDS[1]]}, "/bands/1/atLeast"),
        ({"bands": [BANDS[0], {"band": "A", "atLeast": "20"}, BANDS[1]]}, "/bands/1/band"),
        ({"validFrom": "2024-01-01"}, "/validFrom"),
        ({"validFrom": "tomorrow"}, "/validFrom"),
        ({"name": ""}, "/name"),
        ({"nameZh": "字" * 201}, "/nameZh"),
        ({"source": "a\u0000"}, "/source"),
        ({"expectedVersion": 0}, "/expectedVersion"),
        ({"secret": 1}, "/secret"),
    ],
)
async def test_what_breaks_a_rule_is_named_by_its_place(
    assessment: Assessment, desk: Desk, changed: dict[str, object], pointer: str
) -> None:
    answer = await desk.send("POST", EDITIONS, EDITION | changed)
    assert problem(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert answer.json()["errors"][0]["reasonZh"]
    assert len(await schemes(assessment)) == 1


@first
@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        ("DISTRICT", "500111000000", 201),
        ("ORGANISATION_DEPARTMENT", "500111000000", 201),
        ("ORGANISATION_DEPARTMENT", "500111101000", 403),
        ("NON_PUBLIC_COMMITTEE", "500111000000", 403),
        ("TOWNSHIP", "500111101000", 403),
        ("READER", "500111000000", 403),
    ],
)
async def test_who_may_publish(assessment: Assessment, desk: Desk, role: str, division: str, status: int) -> None:
    answer = await desk.send("POST", EDITIONS, EDITION, role=role, division=division)
    assert answer.status_code == status
    if status == 403:
        assert problem(answer) == (403, "forbidden")
    assert len(await schemes(assessment)) == (3 if status == 201 else 1)


@first
async def test_an_unknown_scheme_is_not_found(desk: Desk) -> None:
    assert problem(await desk.send("POST", f"/schemes/{uuid4()}/editions", EDITION)) == (404, "not-found")


async def test_a_rating_is_read_with_its_evidence_within_the_division(assessment: Assessment, desk: Desk) -> None:
    one, entity = new_id(), new_id()
    await assessment.hears(
        organisation(one, [entity]), coverage(entity, 2), members(one, managed=1, full_managed=1, full_related=1)
    )
    answer = await desk.send("GET", f"/ratings/{one}", role="READER", division="500111101000")
    assert answer.status_code == 200
    [told] = await assessment.ratings_told()
    body = answer.json()
    assert body["evidence"][2] == {
        "part": "SIZE",
        "points": "6.67",
        "of": "20.00",
        "reason": "1 full member: 1 by relation, 1 by management.",
        "reasonZh": "正式党员1名（按组织关系1名，按管理1名）。",
        "seen": [{"aggregate": "ledgers-membership", "id": str(one), "version": 1}],
    }
    assert {name: body[name] for name in body if name != "evidence"} == {
        "id": str(told.rating_id),
        "version": 1,
        "organisationId": str(one),
        "schemeId": str(FORTRESS_INDEX),
        "schemeVersion": 1,
        "points": "46.67",
        "band": "D",
        "state": "CURRENT",
        "divisionCode": "500111101000",
        "bureau": "MARKET_REGULATION",
        "effectiveOn": "2024-02-28",
        "recordedAt": "2024-02-28T02:00:00Z",
    }
    elsewhere = await desk.send("GET", f"/ratings/{one}", role="TOWNSHIP", division="500111102000")
    assert problem(elsewhere) == (403, "forbidden")


async def test_an_organisation_without_a_rating_is_not_found(assessment: Assessment, desk: Desk) -> None:
    unheard = new_id()
    await assessment.hears(members(unheard, managed=1))
    for one in (unheard, new_id()):
        assert problem(await desk.send("GET", f"/ratings/{one}")) == (404, "not-found")


async def test_without_a_token_nothing_is_answered(desk: Desk) -> None:
    for path in ("/schemes/current", f"/ratings/{uuid4()}"):
        assert problem(await desk.client.get(path)) == (401, "unauthenticated")
