"""Loading without services: what is sent again, what is refused, how much is held."""

import asyncio
import gc
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from uuid import uuid4

import httpx
import orjson
import pytest

from demo.district.district import District
from demo.district.entities import Entity, entities
from demo.district.study import AS_OF, DISTRICT_X, SMALL
from demo.loading.doors import Doors, Graph, LoadError, each
from demo.loading.figures import Figure, settled
from demo.loading.loader import Loader

MADE = {"aggregates": [{"aggregate": "ledgers-cadre", "id": "0", "version": 1}], "correlationId": str(uuid4())}
PROBLEM = "urn:lianhe:problem:"


class Watching:
    """Remembers how far each step came."""

    def __init__(self) -> None:
        self.steps: dict[str, tuple[int, int]] = {}

    def moved(self, step: str, done: int, total: int) -> None:
        self.steps[step] = (done, total)


class Told(Graph):
    entities: int


def doors(answer: Callable[[httpx.Request], httpx.Response], patience: float = 20) -> Doors:
    addresses = dict.fromkeys(("registration", "ledgers", "gateway"), "http://127.0.0.1:1")
    return Doors(addresses, "token", "demo", patience_seconds=patience, transport=httpx.MockTransport(answer))


def refused(status: int, kind: str) -> httpx.Response:
    return httpx.Response(status, json={"type": PROBLEM + kind, "detail": "is wrong", "detailZh": "有误"})


async def test_what_is_away_or_not_heard_of_yet_is_sent_again_under_the_same_key() -> None:
    seen: list[tuple[str, bytes]] = []
    answers = iter((refused(503, "unavailable"), refused(404, "not-found"), httpx.Response(201, json=MADE)))

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.headers["idempotency-key"], request.content))
        if len(seen) == 1:
            raise httpx.ConnectError("away")
        return next(answers)

    async with doors(answer) as opened:
        made = await opened.command("ledgers", "/cadres", "cadre 联系-0", {"name": "演示"})

    assert made.aggregates[0].version == 1
    assert len(seen) == 4
    assert len(set(seen)) == 1
    assert seen[0][0].isascii()


async def test_a_refusal_is_told_in_both_languages_and_not_sent_again() -> None:
    sent = count()

    def answer(_: httpx.Request) -> httpx.Response:
        next(sent)
        return refused(422, "invalid")

    async with doors(answer) as opened:
        with pytest.raises(LoadError, match=r"(?s)ledgers refuses /members \(member-3\): 422 is wrong.*有误"):
            await opened.command("ledgers", "/members", "member-3", {})
    assert next(sent) == 1


async def test_another_district_in_the_same_place_is_told_with_the_way_out() -> None:
    async with doors(lambda _: refused(422, "idempotency-key-reused")) as opened:
        with pytest.raises(LoadError, match=r"(?s)another district.*--data-dir.*另一演示区"):
            await opened.command("ledgers", "/divisions/batch", "divisions", {})


async def test_patience_ends() -> None:
    async with doors(lambda _: refused(503, "unavailable"), patience=0) as opened:
        with pytest.raises(LoadError, match=r"(?s)did not take it in.*is wrong.*lianhe status.*中断处继续"):
            await opened.command("ledgers", "/members", "member-3", {})


async def test_an_error_of_the_graph_is_no_answer() -> None:
    answers = iter(({"data": {"entities": 3}}, {"data": None, "errors": [{"message": "no such field"}]}))
    async with doors(lambda _: httpx.Response(200, json=next(answers))) as opened:
        assert (await opened.ask("{ entities }", Told)).entities == 3
        with pytest.raises(LoadError, match="no such field"):
            await opened.ask("{ nothing }", Told)


async def test_items_are_taken_as_they_are_needed_some_at_once() -> None:
    taken, under_way, most = 0, 0, 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(50):
            taken += 1
            yield item

    async def do(_: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        assert taken <= 50
        await asyncio.sleep(0)
        under_way -= 1

    await each(items(), do, at_once=3)

    assert (taken, most) == (50, 3)


async def test_the_first_failure_ends_the_others() -> None:
    done: list[int] = []

    async def do(item: int) -> None:
        if item == 5:
            raise LoadError("five")
        await asyncio.sleep(0.01)
        done.append(item)

    with pytest.raises(LoadError, match="five"):
        await each(range(100), do, at_once=3)
    assert len(done) < 6


async def test_figures_are_asked_until_they_are_right_or_stand_still() -> None:
    coming = iter((1, 2, 3, 4))

    async def asking() -> list[Figure]:
        return [Figure("members", 3, next(coming))]

    assert (await settled(asking))[0].right
    assert next(coming) == 4

    async def standing_still() -> list[Figure]:
        return [Figure("members", 3, 2)]

    assert not (await settled(standing_still, patience_seconds=0))[0].right


class Registration:
    """Takes batches of entities in, as registration does; one code may be refused."""

    def __init__(self, outcome: str = "NEW", of: str | None = None, reason: str | None = None) -> None:
        self.outcome, self.of, self.reason = outcome, of, reason
        self.keys: Counter[str] = Counter()
        self.taken = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.keys[request.headers["idempotency-key"]] += 1
        stated = orjson.loads(request.content)["entities"]
        self.taken += len(stated)
        outcomes = [
            {"index": index, "outcome": self.outcome, "reason": self.reason, "reasonZh": "有误"}
            if one["uscc"] == self.of
            else {"index": index, "outcome": "NEW", "id": str(uuid4()), "version": 1}
            for index, one in enumerate(stated)
        ]
        return httpx.Response(200, json={"outcomes": outcomes, "correlationId": str(uuid4())})


async def load_entities(registration: Registration, found: Iterator[Entity], total: int) -> Loader:
    watching = Watching()
    async with doors(registration) as opened:
        loader = Loader(District(SMALL, 1, AS_OF), opened, watching)
        await loader.entities(found, "entities", total, frozenset({next(entities(SMALL, 1, AS_OF)).uscc}))
    assert watching.steps == {"entities": (total, total)}
    return loader


async def test_entities_go_by_batches_each_under_a_key_of_its_own() -> None:
    registration, first = Registration(), next(entities(SMALL, 1, AS_OF))
    study = replace(SMALL, households=1_200)

    loader = await load_entities(registration, entities(study, 1, AS_OF), study.entities)

    assert registration.taken == study.entities == 1_246
    assert set(registration.keys.values()) == {1}
    assert len(registration.keys) == 3
    assert list(loader.ids) == [first.uscc], "only what something names is held"


@pytest.mark.parametrize(
    ("outcome", "reason", "told"),
    [
        ("REJECTED", "wrong", r"(?s)rejects 91999999ME.*: wrong.*拒收"),
        ("UNCHANGED", None, r"(?s)was registered here before.*此前已登记"),
        ("CHANGED", None, r"(?s)was registered here before.*此前已登记"),
    ],
)
async def test_an_entity_that_is_not_new_ends_the_loading(outcome: str, reason: str | None, told: str) -> None:
    found = list(entities(SMALL, 1, AS_OF))

    with pytest.raises(LoadError, match=told):
        await load_entities(Registration(outcome, found[20].uscc, reason), iter(found), len(found))


@pytest.fixture
def pythons_own_collector() -> Iterator[None]:
    """The collector as the demo's process has it; what another test in this process set would keep cycles longer."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("pythons_own_collector")
async def test_memory_stays_flat_however_many_entities() -> None:
    async def peak(households: int) -> int:
        study = replace(DISTRICT_X, households=households)
        tracemalloc.start()
        try:
            await load_entities(Registration(), entities(study, 1, AS_OF), study.entities)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    await peak(1_000)  # what is loaded by the first use stays
    small, large = await peak(2_000), await peak(20_000)

    assert large - small < 1_000_000
