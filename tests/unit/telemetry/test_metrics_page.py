"""docs/metrics.md lists every metric of the code, and none that isn't there."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.unit.telemetry.series import Metric, all_metrics
from tests.unit.telemetry.test_alerts import CHINESE

PAGE: Final = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text(encoding="utf-8")
ROWS: Final = re.findall(r"^\| `(lianhe_\w+)` \| (\w+) \| ([^|]*) \| ([^|]+) \|$", PAGE, re.MULTILINE)
PERSONAL: Final = re.compile("name|caller|user|subject|path|url|id$|number|division")


def test_the_page_has_a_row_for_each_metric_as_the_code_has_it() -> None:
    wanted = [
        (one.name, one.kind, ", ".join(f"`{label}`" for label in one.labels), one.documentation)
        for one in all_metrics()
    ]
    found = [(name, kind, labels, told.rsplit(" ", 1)[0]) for name, kind, labels, told in ROWS]
    assert sorted(found) == wanted
    assert all(CHINESE.search(told.rsplit(" ", 1)[1]) for *_, told in ROWS)


@pytest.mark.parametrize("metric", all_metrics(), ids=lambda one: one.name)
def test_no_label_takes_what_names_somebody_or_grows_without_end(metric: Metric) -> None:
    assert [label for label in metric.labels if PERSONAL.search(label)] == []
