"""The made-up district, through the whole stack: the study's figures in the graph, again, and after an interruption.

Nothing that the stack writes names anybody of it; what the test plants there is seen.
"""

import csv
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from aiokafka import AIOKafkaProducer
from graphql import build_schema

from cli.demo import SEED
from contracts.vocabulary import LifeState
from demo.district.district import District
from demo.district.study import AS_OF, DISTRICT_X, SMALL
from demo.loading.dead_letter import NOT_SENT
from demo.loading.shown_states import NOT_SHOWN
from kit.faults import Reason
from kit.files.outcomes import RowFault
from services.registration.intake.outcomes import RejectReason
from tests.collector import Collector
from tests.refusals import provoke
from tests.scan import Scan
from tests.stack import Stack, running
from tests.unit.demo.test_shown_states import lists_with_states

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

FIGURE: Final = "{ entities ownOrganisation anyOrganisation work }"
COVERAGE: Final = f"""{{
  coverageFigures(by: [KIND], filter: {{division: {{under: "500111"}}}}) {{
    kind all {FIGURE} withThreeFullMembers {FIGURE}
  }}
}}"""

LIFE: Final = """{
  organisations(first: 100, filter: {external: false}) { nodes { life(on: "2024-02-28") { state } } }
}"""
MISSING: Final = """{
  late: annualReportsMissing(year: 2023) { state entities { totalCount } }
  early: annualReportsMissing(year: 2100) { state }
}"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture
def stack(tmp_path: Path, collector: Collector) -> Iterator[Stack]:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address, "OTEL_BSP_SCHEDULE_DELAY": "1000"}
    with running(tmp_path / "data", settings) as started:
        yield started


async def hold_still(stack: Stack, district: District, collector: Collector, printed: str) -> None:
    """See that nothing which the stack wrote names anybody of the district, and that it would be seen."""
    refused = await provoke(stack, district)
    assert [one for one in refused if not one.told] == []
    assert {one.status for one in refused} >= {403, 404, 422}
    scan = Scan()
    await scan.texts("refusal", {one.asked: [one.body] for one in refused})
    await scan.texts("printed", {"demo": [printed.encode()]})
    await scan.stack(stack)
    await scan.texts("span", {"collector": collector.sent})
    assert dict(scan.found) == {}
    assert min(scan.read[kind] for kind in ("refusal", "topic", "log", "metrics", "table", "span")) > 1000

    named = district.members[0]
    (stack.directory / "logs" / "planted.log").write_text(f"{named.name}", encoding="utf-8")
    async with stack.database("gateway") as gateway:
        await gateway.execute("CREATE TABLE model_1.planted AS SELECT $1::text AS number", named.id_number)
    await tell(stack, quote(named.name).encode())
    planted = Scan()
    await planted.stack(stack)
    assert planted.found == {
        "log planted.log": {named.name},
        "table gateway.model_1.planted": {named.id_number},
        "topic ledgers-quota": {named.name},
    }


async def tell(stack: Stack, value: bytes) -> None:
    """Send a record whose headers nobody takes for an event."""
    producer = AIOKafkaProducer(bootstrap_servers=stack.environment["KAFKA_BOOTSTRAP_SERVERS"])
    await producer.start()
    try:
        await producer.send_and_wait("ledgers-quota", value, key=b"planted")  # a compacted topic takes none without
    finally:
        await producer.stop()


def figures(printed: str) -> dict[str, int]:
    """Return what the graph said, and see that the demo called each figure right."""
    told: dict[str, Any] = json.loads(printed)
    assert told["right"], [one for one in told["figures"] if one["expected"] != one["found"]]
    return {one["name"]: one["found"] for one in told["figures"]}


async def coverage(stack: Stack) -> dict[str, list[list[int]]]:
    """Ask the graph as anybody would, over all entities and over those with three full members."""
    found: Any = (await stack.graph(COVERAGE))["coverageFigures"]
    names = ("entities", "ownOrganisation", "anyOrganisation", "work")
    return {
        one["kind"]: [[one[over][name] for name in names] for over in ("all", "withThreeFullMembers")] for one in found
    }


async def see_every_state(stack: Stack) -> None:
    """Ask the graph for each word of each list that has states: each has a row, but for those that can have none."""
    token = stack.run("token", "--role", "system", "--division", "500111").strip()
    schema = build_schema((Path(__file__).parent.parent.parent / "gateway/graphql/schema.graphql").read_text("utf-8"))
    empty = set()
    for name, words in lists_with_states(schema).items():
        asked = " ".join(f"{one}: {name}(filter: {{state: [{one}]}}) {{ totalCount }}" for one in words)
        if name == "lifeOverdue":  # organisations again
            continue
        found: Any = await stack.graph(f"{{ {asked} }}", token)
        empty |= {(name, one) for one in words if not found[one]["totalCount"]}
    assert empty == {("posts", "ERASED"), ("honours", "ERASED")}, "what has no row"
    assert {one.value for one in NOT_SHOWN} == {"ERASED"}

    life: Any = await stack.graph(LIFE, token)
    assert {owed["state"] for one in life["organisations"]["nodes"] for owed in one["life"]} == set(LifeState)
    years: Any = await stack.graph(MISSING, token)
    assert years["late"]["entities"]["totalCount"] > 200
    assert {years["late"]["state"], years["early"]["state"]} == {"OVERDUE", "NOT_BEGUN"}


def reasons(stack: Stack) -> list[tuple[str, str]]:
    """Return topic and reason of each dead letter of the ledgers."""
    lines = stack.run("dead-letters", "list", "ledgers", "--json").splitlines()
    return sorted((one["topic"], one["reason"]) for one in map(json.loads, lines))


async def test_an_interrupted_demo_goes_on_and_another_run_changes_nothing(stack: Stack, collector: Collector) -> None:
    first = stack.lianhe("demo", "--small", "--json")
    await stack.reached("ledgers", "member", 20)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    async with stack.database("ledgers") as ledgers:
        assert await ledgers.fetchval("SELECT count(*) FROM member") < 124, "the first run was to be interrupted"

    shown = figures(stack.run("demo", "--small", "--json"))

    assert shown["members 党员"] == 124
    assert shown["all entities taken in 全部主体"] == 300
    assert [shown[f"members by workplace, {kind} 党员"] for kind in ("小微企业", "专业市场", "个体工商户")] == [
        67,
        11,
        46,
    ]
    assert (await coverage(stack))["INDIVIDUAL_HOUSEHOLD"] == [[250, 0, 40, 40], [0, 0, 0, 0]]
    told = sorted(one["ce_id"] for one in await stack.headers() if "ce_id" in one)
    assert figures(stack.run("demo", "--small", "--json")) == shown
    assert sorted(one["ce_id"] for one in await stack.headers() if "ce_id" in one) == told
    assert reasons(stack) == sorted(("registration-entity", one.value) for one in set(Reason) - set(NOT_SENT))
    rejects = (stack.directory / "demo-rejects" / "rejects.csv").read_text(encoding="utf-8-sig")
    assert {row["原因代码"] for row in csv.DictReader(rejects.splitlines())} == {*RowFault, *RejectReason}
    await see_every_state(stack)
    assert "各处数据一致" in stack.run("check")

    other = stack.lianhe("demo", "--small", "--seed", "7")
    _, error = other.communicate(timeout=120)
    assert other.returncode == 1
    assert "another district was loaded here" in error
    assert "此处已装入另一演示区" in error
    assert figures(stack.run("demo", "--small", "--json")) == shown
    await hold_still(stack, District(SMALL, SEED, AS_OF), collector, error)


@pytest.mark.slow
async def test_the_district_of_the_study_is_in_the_graph(stack: Stack, collector: Collector) -> None:
    loading = stack.lianhe("demo", "--json")
    printed, error = loading.communicate(timeout=600)
    assert loading.returncode == 0, error

    shown = figures(printed)

    assert [shown[f"members by workplace, {kind} 党员"] for kind in ("小微企业", "专业市场", "个体工商户")] == [
        433,
        55,
        708,
    ]
    assert await coverage(stack) == {
        "MICRO_SMALL_ENTERPRISE": [[438, 104, 109, 140], [108, 104, 104, 108]],
        "SPECIALISED_MARKET": [[16, 6, 6, 16], [6, 6, 6, 6]],
        "INDIVIDUAL_HOUSEHOLD": [[58_271, 0, 630, 630], [0, 0, 0, 0]],
    }
    with_member = [
        [
            shown[f"{kind}, with a member 有党员: {name}"]
            for name in ("entities 主体", "own 单独组建", "covered 组织覆盖")
        ]
        for kind in ("小微企业", "专业市场", "个体工商户")
    ]
    assert with_member == [[162, 104, 109], [14, 6, 6], [708, 0, 630]]
    assert shown["organisations for households 个体工商户党组织"] == 13
    assert shown["contact cadres 联系干部"] == shown["assigned 已选派"] == 165
    branch = "个私协{}分会党支部（演示）: {}"
    assert (shown[branch.format("龙水", "managed 管理")], shown[branch.format("龙水", "related 关系")]) == (80, 0)
    for place in ("棠香", "铁山", "石马", "万古"):
        assert 0 < shown[branch.format(place, "related 关系")] < shown[branch.format(place, "managed 管理")]
    market = "龙水五金市场有限公司支部（演示）: {}"
    assert shown[market.format("managed 管理")] == shown[market.format("related 关系")] > 0
    assert shown["翔宇建筑党支部（演示）: related 关系"] > 0
    assert shown["微企协会党支部（演示）: related 关系"] > 0
    assert shown["个私协 branches with no relation 组织关系为零的分会"] == 13 - 4
    assert "各处数据一致" in stack.run("check")
    await hold_still(stack, District(DISTRICT_X, SEED, AS_OF), collector, printed + error)
