"""What Prometheus has of our processes: series and their labels; and what an expression asks of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import promql_parser as promql
from prometheus_client import Counter, Gauge, Histogram

from kit import metrics

TARGET: Final = frozenset({"job", "instance", "process"})
"""Labels that the scrape gives to every series (deploy/telemetry/prometheus.yaml)."""
_OTHERS: Final = {
    "up": TARGET,
    "ALERTS": TARGET | {"alertname", "alertstate", "severity"},
    "process_resident_memory_bytes": TARGET,
    "process_cpu_seconds_total": TARGET,
}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of `kit.metrics`, as it is scraped."""

    name: str
    kind: str
    labels: tuple[str, ...]
    documentation: str

    def series(self) -> tuple[str, ...]:
        if self.kind == "histogram":
            return tuple(f"{self.name}_{part}" for part in ("bucket", "sum", "count"))
        return (self.name,)


def all_metrics() -> list[Metric]:
    """Return every metric of the code, by its name on the wire."""
    found = []
    for value in vars(metrics).values():
        match value:
            case Counter() | Gauge() | Histogram():
                name = value._name + ("_total" if isinstance(value, Counter) else "")
                found.append(Metric(name, value._type, tuple(value._labelnames), value._documentation))
    return sorted(found, key=lambda one: one.name)


def all_series() -> Mapping[str, frozenset[str]]:
    """Return the labels of each series that an expression may ask for."""
    ours = {
        name: TARGET | set(one.labels) | ({"le"} if name.endswith("_bucket") else set())
        for one in all_metrics()
        for name in one.series()
    }
    return {**_OTHERS, **ours}


def selectors(expression: promql.Expr) -> Iterator[promql.VectorSelector]:
    """Yield every selector of a parsed expression."""
    match expression:
        case promql.VectorSelector():
            yield expression
        case promql.MatrixSelector():
            yield expression.vector_selector
        case promql.Call():
            for argument in expression.args:
                yield from selectors(argument)
        case promql.AggregateExpr() | promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield from selectors(expression.expr)
        case promql.BinaryExpr():
            yield from selectors(expression.lhs)
            yield from selectors(expression.rhs)


def groupings(expression: promql.Expr) -> Iterator[tuple[promql.Expr, frozenset[str]]]:
    """Yield what is grouped or matched, and the labels by which it is."""
    match expression:
        case promql.AggregateExpr():
            if expression.modifier is not None:
                yield expression.expr, frozenset(expression.modifier.labels)
            yield from groupings(expression.expr)
        case promql.Call():
            for argument in expression.args:
                yield from groupings(argument)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield from groupings(expression.expr)
        case promql.BinaryExpr():
            if expression.modifier is not None and expression.modifier.matching is not None:
                labels = frozenset(expression.modifier.matching.labels)
                yield from ((side, labels) for side in (expression.lhs, expression.rhs))
            yield from groupings(expression.lhs)
            yield from groupings(expression.rhs)


def faults(text: str) -> list[str]:
    """Say what is wrong with an expression: it is none, or asks for a series or a label that nobody has."""
    try:
        expression = promql.parse(text)
    except ValueError as error:
        return [f"{text}: {error}"]
    known = all_series()
    found = []
    for one in selectors(expression):
        if one.name is None or one.name not in known:
            found.append(f"no series {one.name}")
            continue
        found += [f"{one.name} has no label {m.name}" for m in one.matchers.matchers if m.name not in known[one.name]]
    for grouped, labels in groupings(expression):
        for one in selectors(grouped):
            missing = labels - known.get(one.name or "", labels)
            found += [f"{one.name} has no label {label}" for label in sorted(missing)]
    return found
