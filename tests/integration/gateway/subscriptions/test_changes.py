"""What subscribers are told: each change once, in order, and only what they may see."""

import asyncio
from typing import Any

import pytest

from contracts.events.base import EventData
from contracts.vocabulary import CoverageDuty, EntityKind, OrganisationCoverage, RatingBand
from gateway.graphql.websocket import Limits
from tests.integration.gateway.graphql.district.makers import GRID, LONGSHUI, WANGU, coverage, entity, id_of, rating
from tests.integration.gateway.subscriptions.conftest import Gateway, Numbered
from tests.integration.gateway.subscriptions.socket import Socket

pytestmark = pytest.mark.servers

MICRO, HOUSEHOLD = EntityKind.MICRO_SMALL_ENTERPRISE, EntityKind.INDIVIDUAL_HOUSEHOLD
NONE = OrganisationCoverage.NONE
MET, MUST_FOUND = CoverageDuty.MET, CoverageDuty.MUST_FOUND
CHANGED = """subscription ($after: Position, $filter: CoverageFilter) {
  coverageChanged(after: $after, filter: $filter) { position coverage { id version fullMembers } }
}"""
NOTE = """
    INSERT INTO public.change (topic, aggregate_id, version, event_type, division_code, bureau, recorded_at)
    VALUES ('ledgers-coverage', $1, 2, 'x', '500111001000', 'MARKET_REGULATION', now())
"""
RATED = """subscription ($after: Position, $filter: RatingFilter) {
  ratingChanged(after: $after, filter: $filter) { position rating { id points band } }
}"""


def changed(
    name: str, version: int = 1, division: str = LONGSHUI, members: int = 3, duty: CoverageDuty = MET
) -> EventData:
    """Return the coverage of an entity, in a version."""
    event = coverage(name, MICRO, division, (members, 0), NONE, duty)
    return event.model_copy(update={"version": version})


async def tell(gateway: Gateway, *events: EventData) -> None:
    """Let the projection hear events, each in a batch of its own."""
    for event in events:
        await gateway.projection.hears(event)


async def heard(socket: Socket, count: int, name: str = "1") -> list[tuple[str, int]]:
    """Return id and version of so many changes that are told."""
    told = [(await socket.told(name))["coverageChanged"] for _ in range(count)]
    positions = [int(one["position"]) for one in told]
    assert positions == sorted(set(positions)), "in order, each once"
    return [(one["coverage"]["id"], one["coverage"]["version"]) for one in told]


def of(*changes: tuple[str, int]) -> list[tuple[str, int]]:
    return [(str(id_of(name)), version) for name, version in changes]


async def test_changes_are_told_once_and_in_their_order(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=await gateway.position())
        events = [changed("E1"), changed("E2"), changed("E1", 2), changed("E3"), changed("E2", 5)]
        for event in events:
            await tell(gateway, event)
            assert await heard(socket, 1) == [(event.key, event.model_dump()["version"])]
        await socket.silent()


async def test_without_a_position_what_comes_from_now_on_is_told(gateway: Gateway, numbered: Numbered) -> None:
    await tell(gateway, changed("E1"))
    await numbered(1)
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED)
        version = 0
        first = asyncio.create_task(socket.told())
        while not first.done():  # until it has begun, whenever that is
            version += 1
            await tell(gateway, changed("E2", version))
            await asyncio.wait([first], timeout=0.2)
        assert first.result()["coverageChanged"]["coverage"]["id"] == str(id_of("E2"))
        await tell(gateway, changed("E3"))
        while (told := (await socket.told())["coverageChanged"]["coverage"])["id"] != str(id_of("E3")):
            assert told["id"] == str(id_of("E2"))
        await socket.silent()


async def test_what_is_told_again_or_is_older_is_no_change(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=await gateway.position())
        await tell(gateway, changed("E1", 2), changed("E1", 2), changed("E1", 1), changed("E1", 2), changed("E2"))
        assert await heard(socket, 2) == of(("E1", 2), ("E2", 1))
        await socket.silent()


async def test_one_who_comes_back_is_told_what_was_missed_and_then_what_comes(
    gateway: Gateway, numbered: Numbered
) -> None:
    position = await gateway.position()
    await tell(gateway, changed("E1"), changed("E2"), changed("E3"))
    await numbered(3)
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=position)
        first = (await socket.told())["coverageChanged"]
        assert first["coverage"]["id"] == str(id_of("E1"))
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=first["position"])
        await tell(gateway, changed("E4"))
        assert await heard(socket, 3) == of(("E2", 1), ("E3", 1), ("E4", 1))


async def test_more_than_a_page_is_told_to_one_who_comes_back(gateway: Gateway, numbered: Numbered) -> None:
    position = await gateway.position()
    names = [f"E{number}" for number in range(1, 1101)]
    await gateway.projection.hears(*(changed(name) for name in names))
    await numbered(len(names))
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=position)
        assert sorted(await heard(socket, len(names))) == sorted(of(*((name, 1) for name in names)))
        await socket.silent()


async def test_the_position_of_a_query_loses_nothing_of_what_comes_after_it(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await tell(gateway, changed("E1"))
        await socket.subscribe("{ changePosition coverages { nodes { id } } }", "q")
        seen = await socket.told("q")
        assert seen["coverages"] == {"nodes": [{"id": str(id_of("E1"))}]}
        assert await socket.hear() == {"id": "q", "type": "complete"}
        await tell(gateway, changed("E2"))
        await socket.subscribe(CHANGED, after=seen["changePosition"])
        told = await heard(socket, 1)
        assert (told if told == of(("E2", 1)) else told + await heard(socket, 1))[-1:] == of(("E2", 1))


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"duty": ["MUST_FOUND"]}, ["E3"]),
        ({"division": {"under": "500111002"}}, ["E2"]),
        ({"kind": ["INDIVIDUAL_HOUSEHOLD"]}, ["E4"]),
        ({"kind": ["INDIVIDUAL_HOUSEHOLD"], "duty": ["MUST_FOUND"]}, []),
        ({}, ["E1", "E2", "E3", "E4"]),
        (None, ["E1", "E2", "E3", "E4"]),
    ],
)
async def test_what_the_filter_lets_through_is_told(gateway: Gateway, condition: Any, names: list[str]) -> None:
    household = coverage("E4", HOUSEHOLD, LONGSHUI, (0, 0), NONE, MET)
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=await gateway.position(), filter=condition)
        await socket.subscribe(CHANGED, "all", after=await gateway.position())
        await tell(gateway, changed("E1"), changed("E2", division=WANGU), changed("E3", duty=MUST_FOUND), household)
        found: dict[str, list[str]] = {"1": [], "all": []}
        for _ in range(4 + len(names)):
            message = await socket.hear()
            found[message["id"]].append(message["payload"]["data"]["coverageChanged"]["coverage"]["id"])
        assert found["all"] == [str(id_of(name)) for name in ("E1", "E2", "E3", "E4")]
        assert found["1"] == [str(id_of(name)) for name in names]
        await socket.silent()


async def test_ratings_are_told_with_all_that_belongs_to_them(gateway: Gateway) -> None:
    position = await gateway.position()
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(RATED, after=position, filter={"band": ["A"], "division": {"under": "500111"}})
        await tell(
            gateway,
            changed("E1"),
            rating("R1", "O1", "S1", "60", RatingBand.C, LONGSHUI),
            rating("R2", "O2", "S1", "86.50", RatingBand.A, GRID),
        )
        told = (await socket.told())["ratingChanged"]
        assert told["rating"] == {"id": str(id_of("R2")), "points": "86.5", "band": "A"}
        assert int(told["position"]) == int(position) + 3
        await socket.silent()


async def test_outside_of_their_divisions_nobody_is_told_nor_of_one_or_two_members(gateway: Gateway) -> None:
    position = await gateway.position()
    department = gateway.issuer.header("ORGANISATION_DEPARTMENT", "500111001000")
    clerk = gateway.issuer.header("DISTRICT", "500111001000")
    async with gateway.socket(department) as sees_members, gateway.socket(clerk) as sees_none:
        for socket in (sees_members, sees_none):
            await socket.begin()
            await socket.subscribe(CHANGED, after=position)
        await tell(
            gateway,
            changed("E1", members=2),
            changed("E2", division=WANGU),
            changed("E3", division="000000000000"),
            changed("E4", members=0),
            changed("E5", division=GRID, members=3),
        )
        for socket, counts in ((sees_members, [2, 0, 3]), (sees_none, [None, 0, 3])):
            told = [(await socket.told())["coverageChanged"]["coverage"] for _ in counts]
            assert [one["id"] for one in told] == [str(id_of(name)) for name in ("E1", "E4", "E5")]
            assert [one["fullMembers"] for one in told] == counts
            await socket.silent()


async def test_a_row_that_left_the_scope_is_not_told_even_of_when_it_was_inside(
    gateway: Gateway, numbered: Numbered
) -> None:
    position = await gateway.position()
    await tell(gateway, changed("E1"), changed("E1", 2, WANGU), changed("E2"), changed("E3", 1, WANGU))
    await numbered(4)
    longshui, wangu = (gateway.issuer.header("DISTRICT", f"50011100{number}000") for number in (1, 2))
    async with gateway.socket(longshui) as left, gateway.socket(wangu) as entered:
        for socket in (left, entered):
            await socket.begin()
            await socket.subscribe(CHANGED, after=position)
        assert await heard(left, 1) == of(("E2", 1))
        assert await heard(entered, 2) == of(("E1", 2), ("E3", 1)), "of what was outside then, nothing either"
        for socket in (left, entered):
            await socket.silent()


async def test_all_who_are_told_the_same_share_one_reading(gateway: Gateway, statements: list[str]) -> None:
    query = "subscription ($d: CoverageFilter) { coverageChanged(filter: $d) { position coverage { id uscc } } }"
    other = "subscription { coverageChanged { position coverage { id kind } } }"
    clerk = gateway.issuer.header("DISTRICT", "500111001000")
    async with gateway.socket() as first, gateway.socket() as second, gateway.socket(clerk) as third:
        asked = [
            (first, "a", query),
            (first, "b", query),
            (second, "a", query),
            (third, "a", query),
            (second, "b", other),
        ]
        for socket in (first, second, third):
            await socket.begin()
        for socket, name, text in asked:
            await socket.subscribe(text, name)
        version = 0
        silent = set(range(len(asked)))
        while silent:  # until all have begun
            version += 1
            await tell(gateway, changed("E1", version))
            await asyncio.sleep(0.2)
            for number, (socket, name, _) in enumerate(asked):
                while not socket._heard.empty():
                    told = await socket.hear()
                    silent.discard(next(n for n, one in enumerate(asked) if one[:2] == (socket, told["id"])))
                del number, name
        statements.clear()
        await tell(gateway, changed("E2"))
        for socket, count in ((first, 2), (second, 2), (third, 1)):
            for _ in range(count):
                message = await socket.hear()
                assert message["payload"]["data"]["coverageChanged"]["coverage"]["id"] == str(id_of("E2"))
        assert len(statements) == 3, "one each for the query, for another scope, and for another query"
        assert len(set(statements)) == 3


async def test_one_who_is_slow_is_ended_and_loses_nothing_by_coming_back(gateway: Gateway) -> None:
    await gateway.stop()
    await gateway.start(Limits(waiting=5))
    names = [f"E{number}" for number in range(1, 31)]
    position = await gateway.position()
    async with gateway.socket() as slow, gateway.socket() as other:
        for socket in (slow, other):
            await socket.begin()
            await socket.subscribe(CHANGED, after=position)
        await tell(gateway, changed("E0"))
        assert [await heard(socket, 1) for socket in (slow, other)] == [of(("E0", 1))] * 2
        slow.reading.clear()
        for name in names:
            await tell(gateway, changed(name))
            assert await heard(other, 1) == of((name, 1)), "nobody waits for a slow one"
        slow.reading.set()
        told: list[Any] = []
        while (message := await slow.hear())["type"] == "next":
            told.append(message["payload"]["data"]["coverageChanged"])
        assert message["payload"][0]["extensions"]["code"] == "SUBSCRIBER_TOO_SLOW"
        assert "after" in message["payload"][0]["message"]
        assert 5 <= len(told) <= 7, "what waited, and what was on the line"
        await slow.subscribe(CHANGED, "again", after=told[-1]["position"])
        rest = await heard(slow, len(names) - len(told), "again")
        assert [one["coverage"]["id"] for one in told] + [one for one, _ in rest] == [str(id_of(one)) for one in names]


async def test_an_inner_list_makes_pages_smaller_and_one_that_costs_too_much_is_refused(gateway: Gateway) -> None:
    position = await gateway.position()
    await tell(gateway, entity("E1", MICRO, LONGSHUI), *(changed(f"E{number}") for number in range(1, 5)))
    query = """subscription ($after: Position, $n: Int) { coverageChanged(after: $after) {
      position coverage { id version entity { assignments(first: $n) { nodes { id } }
                          a: assignments(first: 500) { nodes { id } } } } } }"""
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(query, after=position, n=500)
        assert await heard(socket, 4) == of(*((f"E{number}", 1) for number in range(1, 5)))
        await socket.subscribe(
            query.replace(
                "assignments(first: $n) {",
                "organisations(first: $n) { nodes { "
                "members(first: 20) { nodes { id } } } }\n b: assignments(first: 1) {",
            ),
            "2",
            after=position,
            n=500,
        )
        assert (await socket.refused("2"))["extensions"]["code"] == "QUERY_TOO_LARGE"


@pytest.mark.parametrize(
    ("after", "code"),
    [("1", "POSITION_TOO_OLD"), ("999999999999999", "BAD_POSITION"), ("x", "BAD_USER_INPUT"), ("-1", "BAD_USER_INPUT")],
)
async def test_a_position_that_cannot_be_gone_on_from_is_refused(gateway: Gateway, after: str, code: str) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=after)
        assert (await socket.refused())["extensions"]["code"] == code
        await socket.subscribe(CHANGED, after=await gateway.position())
        await tell(gateway, changed("E1"))
        assert await heard(socket, 1) == of(("E1", 1)), "the connection goes on"


async def test_a_change_that_the_live_build_has_not_taken_in_is_waited_for(gateway: Gateway) -> None:
    """While one build takes over from another, a change may be noted by the one that is a step ahead."""
    position = await gateway.position()
    await tell(gateway, changed("E1"), changed("E2"))
    async with gateway.socket() as socket:
        await gateway.rows("UPDATE model_1.coverage SET version = 0 WHERE entity_id = $1", id_of("E2"))
        await socket.begin()
        await socket.subscribe(CHANGED, after=position)
        assert await heard(socket, 1) == of(("E1", 1))
        await tell(gateway, changed("E3"))
        await asyncio.sleep(0.3)
        await socket.silent()
        await gateway.rows("UPDATE model_1.coverage SET version = 1 WHERE entity_id = $1", id_of("E2"))
        assert await heard(socket, 2) == of(("E2", 1), ("E3", 1))


async def test_one_who_is_ahead_of_the_others_is_not_told_again_what_these_wait_for(
    gateway: Gateway, numbered: Numbered
) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, "behind", after=await gateway.position())
        await tell(gateway, changed("E1"))
        assert await heard(socket, 1, "behind") == of(("E1", 1))
        await gateway.rows(NOTE, id_of("E1"))
        await numbered(2)
        await socket.subscribe(CHANGED, "ahead", after=await gateway.position())
        await tell(gateway, changed("E3"))
        await numbered(3)
        await socket.silent()
        await gateway.rows("UPDATE model_1.coverage SET version = 2 WHERE entity_id = $1", id_of("E1"))
        found: dict[str, list[str]] = {"behind": [], "ahead": []}
        for _ in range(3):
            message = await socket.hear()
            found[message["id"]].append(message["payload"]["data"]["coverageChanged"]["coverage"]["id"])
        assert found == {"behind": [str(id_of("E1")), str(id_of("E3"))], "ahead": [str(id_of("E3"))]}
        await socket.silent()


async def test_a_gateway_that_loses_its_database_ends_subscriptions_and_goes_on_after_it(gateway: Gateway) -> None:
    position = await gateway.position()
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=position)
        await tell(gateway, changed("E1"))
        first = (await socket.told())["coverageChanged"]
        await gateway.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name LIKE 'gateway-%' AND datname = current_database()"
        )
        error = await socket.refused()
        assert error["extensions"]["code"] == "SERVICE_UNAVAILABLE"
        assert "after" in error["message"]
        await tell(gateway, changed("E2"))
        await socket.subscribe(CHANGED, after=first["position"])
        assert await heard(socket, 1) == of(("E2", 1))


async def test_a_reading_that_fails_ends_the_subscription_and_says_nothing_of_why(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, after=await gateway.position())
        await tell(gateway, changed("E1"))
        assert await heard(socket, 1) == of(("E1", 1))
        await gateway.rows("ALTER TABLE model_1.coverage RENAME COLUMN full_members TO secret")
        await gateway.rows(NOTE, id_of("E1"))
        error = await socket.refused()
        assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
        assert "full_members" not in str(error)
