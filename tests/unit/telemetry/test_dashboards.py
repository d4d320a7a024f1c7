"""The dashboards of Grafana, and what stands before them: the scrape and the collector."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.unit.telemetry.series import all_metrics, faults
from tests.unit.telemetry.test_alerts import CHINESE

TELEMETRY: Final = Path(__file__).parents[3] / "deploy" / "telemetry"
DASHBOARDS: Final = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (TELEMETRY / "dashboards").glob("*.json")
}
PANELS: Final = [(name, panel) for name, board in sorted(DASHBOARDS.items()) for panel in board["panels"]]
NAMES: Final = [f"{name}: {panel['title']}" for name, panel in PANELS]


def test_there_is_one_for_each_thing_to_look_at() -> None:
    assert set(DASHBOARDS) == {"overview", "services", "broker-and-lag", "read-model", "commands"}
    assert {board["uid"] for board in DASHBOARDS.values()} == {f"lianhe-{name}" for name in DASHBOARDS}
    assert all(CHINESE.search(board["title"]) for board in DASHBOARDS.values())


@pytest.mark.parametrize(("name", "panel"), PANELS, ids=NAMES)
def test_a_panel_asks_for_series_and_labels_that_are_there(name: str, panel: dict[str, Any]) -> None:
    assert [fault for target in panel["targets"] for fault in faults(target["expr"])] == [], name
    assert CHINESE.search(panel["title"])
    assert panel["description"].endswith(".")
    for target in panel["targets"]:
        shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        assert all(re.search(rf"\b{label}\b", target["expr"]) or "by (" not in target["expr"] for label in shown)


@pytest.mark.parametrize("board", DASHBOARDS.values(), ids=DASHBOARDS)
def test_panels_do_not_lie_on_each_other_and_none_is_there_twice(board: dict[str, Any]) -> None:
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    squares = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(squares)) == len(squares)
    assert all(x < 24 for x, _ in squares)


def test_every_metric_is_on_a_dashboard() -> None:
    asked = " ".join(target["expr"] for _, panel in PANELS for target in panel["targets"])
    assert [one.name for one in all_metrics() if not re.search(rf"\b{one.name}(_bucket|_sum|_count)?\b", asked)] == []


def test_the_scrape_gives_each_series_the_labels_that_rules_and_dashboards_use() -> None:
    [job] = yaml.safe_load((TELEMETRY / "prometheus.yaml").read_text(encoding="utf-8"))["scrape_configs"]
    assert (job["job_name"], job["metrics_path"]) == ("lianhe", "/metrics")
    [relabelled] = job["relabel_configs"]
    assert relabelled["target_label"] == "process"
    [targets] = [one["targets"] for one in job["static_configs"]]
    found = [re.fullmatch(relabelled["regex"], target) for target in targets]
    assert [one and one[1] for one in found] == [target.removesuffix(":8080") for target in targets]


def test_the_collector_s_pipelines_are_made_of_what_it_declares() -> None:
    collector = yaml.safe_load((TELEMETRY / "collector.yaml").read_text(encoding="utf-8"))
    pipeline = collector["service"]["pipelines"]["traces"]
    for kind in ("receivers", "processors", "exporters"):
        assert list(collector[kind]) == pipeline[kind], "in this order: memory first, the batch last"
    policies = {one["name"]: one["type"] for one in collector["processors"]["tail_sampling"]["policies"]}
    assert policies == {"errors": "status_code", "slow": "latency", "some-of-the-rest": "probabilistic"}
