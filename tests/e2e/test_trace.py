"""One row, followed by its trace from the file to the read model, as a collector sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.registry import write_registry
from tests.collector import Collector
from tests.conftest import Eventually
from tests.stack import running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

ROAD = {
    "registration import row": None,
    "registration relay send": "registration import row",
    "ledgers.entity apply": "registration relay send",
    "gateway.entity apply": "registration relay send",
    "ledgers relay send": "ledgers.entity apply",
    "gateway.entity-ledger apply": "ledgers relay send",
    "pairing.facts apply": "ledgers relay send",
}


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


async def test_one_row_is_followed_from_the_file_to_the_read_model(
    tmp_path: Path, collector: Collector, eventually: Eventually
) -> None:
    register = tmp_path / "register"
    register.mkdir()
    answers = write_registry(register, entities=5, seed=7)
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "TRACE_SAMPLE_RATIO": "1",
    }
    with running(tmp_path / "data", settings) as stack:
        stack.run("import", str(register), "--rejects", str(tmp_path / "rejects.csv"))
        await stack.settled(answers.accepted)

        async def arrived() -> bool:
            return len([one for one in collector.spans if one.name in ROAD]) == answers.accepted * len(ROAD)

        await eventually(arrived)

    traces = {one.trace for one in collector.spans if one.name == "registration import row"}
    assert len(traces) == answers.accepted
    for trace in traces:
        road = {one.name: one for one in collector.spans if one.trace == trace}
        assert set(road) == set(ROAD)
        for name, before in ROAD.items():
            assert road[name].parent == (road[before].span if before else b"")
    assert {one.service for one in collector.spans if one.trace in traces} == {
        "lianhe-registration-import",
        "lianhe-registration-relay",
        "lianhe-ledgers-service",
        "lianhe-ledgers-relay",
        "lianhe-gateway",
        "lianhe-pairing",
    }
