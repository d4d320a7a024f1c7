"""The alert rules: each asks for what is there, says so in both languages, and leads to a page that helps."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.command_line import accepts
from tests.unit.telemetry.series import faults

ROOT: Final = Path(__file__).parents[3]
ALERTS: Final = sorted((ROOT / "deploy" / "telemetry" / "alerts").glob("*.yaml"))
RUNBOOKS: Final = ROOT / "docs" / "runbooks"
SECTIONS: Final = ["Meaning 含义", "Impact 影响", "First look 先看什么", "Way out 处置"]
CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def _rules() -> dict[str, dict[str, Any]]:
    rules = [
        rule
        for path in ALERTS
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]
    named = {rule["alert"]: rule for rule in rules}
    assert len(named) == len(rules), "an alert is there twice"
    return named


RULES: Final = _rules()


def _page(alert: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "-", alert.removeprefix("Lianhe")).lower()


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_asks_for_series_and_labels_that_are_there(alert: str) -> None:
    rule = RULES[alert]
    assert faults(rule["expr"]) == []
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert re.fullmatch("[0-9]+[smhd]", rule.get("for", "0s"))


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_is_told_in_both_languages(alert: str) -> None:
    told = RULES[alert]["annotations"]
    assert set(told) == {"summary", "summary_zh", "runbook_url"}
    assert CHINESE.search(told["summary_zh"])
    assert not CHINESE.search(told["summary"])
    placed = [set(re.findall(r"\$labels\.(\w+)", told[name])) for name in ("summary", "summary_zh")]
    assert placed[0] == placed[1]


@pytest.mark.parametrize("alert", RULES)
def test_the_labels_of_a_summary_are_what_the_alert_keeps(alert: str) -> None:
    kept = re.findall(r"by \(([\w, ]+)\)", RULES[alert]["expr"])
    labels = {label for group in kept for label in group.split(", ")} or {"process", "instance"}
    assert set(re.findall(r"\$labels\.(\w+)", RULES[alert]["annotations"]["summary"])) <= labels - {"le"}


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_has_a_runbook_page_with_its_four_sections(alert: str) -> None:
    url = RULES[alert]["annotations"]["runbook_url"]
    assert url == f"docs/runbooks/{_page(alert)}.md"
    page = (ROOT / url).read_text(encoding="utf-8")
    assert page.startswith(f"# {alert} ")
    assert re.findall("^## (.*)$", page, re.MULTILINE) == SECTIONS
    for part in re.split("^## .*$", page, flags=re.MULTILINE)[1:]:
        assert len(part.strip()) > 40
    assert CHINESE.search(page.split("## Impact 影响")[1].split("##")[0])
    index = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    assert f"| {alert} " in index
    assert f"({_page(alert)}.md)" in index


def test_no_page_is_left_of_an_alert_that_is_gone() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == {_page(alert) for alert in RULES} | {"README"}


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_a_runbook_names_commands_dashboards_metrics_and_pages_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"`lianhe ([^`]+)`", text):
        assert accepts(line.split()), line
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert (page.parent / link).exists(), link
    for metric in re.findall(r"`(?:rate\()?(lianhe_\w+)\)?`", text):
        assert faults(metric) == [] or faults(f"{metric}_count") == [], metric
    dashboards = {path.stem for path in (ROOT / "deploy" / "telemetry" / "dashboards").glob("*.json")}
    for name in re.findall(r"Dashboard \*([^*]+)\*", text):
        assert name.lower().replace(" ", "-") in dashboards, name


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("max by (service) (lianhe_outbox_years)", "no series lianhe_outbox_years"),
        ("max by (colour) (lianhe_outbox_depth)", "lianhe_outbox_depth has no label colour"),
        ('lianhe_outbox_depth{colour="red"}', "lianhe_outbox_depth has no label colour"),
        ("lianhe_outbox_depth unless on (colour) up", "lianhe_outbox_depth has no label colour"),
        ("sum by (le) (rate(lianhe_http_request_seconds[5m]))", "no series lianhe_http_request_seconds"),
        ("sum(lianhe_outbox_depth", "sum(lianhe_outbox_depth: unclosed left parenthesis"),
    ],
)
def test_an_expression_that_asks_for_nothing_would_be_found(expression: str, fault: str) -> None:
    assert fault in faults(expression)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool comes with Prometheus, and is not here")
def test_promtool_takes_the_rules() -> None:
    subprocess.run(["promtool", "check", "rules", *map(str, ALERTS)], check=True)
