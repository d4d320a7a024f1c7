"""What `lianhe check` holds against what: every copy of a fact against its owner's, and what follows from facts."""

from dataclasses import replace
from typing import Any, Final

from cli.comparison import Comparison, Side
from cli.derived import coverage_recounted, membership_recounted, quotas_recounted, ratings_recomputed
from gateway.projection.annual_reports import ANNUAL_REPORT
from gateway.projection.assessment import RATING, SCHEME
from gateway.projection.entities import ENTITY, ENTITY_LEDGER
from gateway.projection.ledgers import COVERAGE, MEMBER, MEMBERSHIP, ORGANISATION
from gateway.projection.life import CONTACT, GATHERING, LIFE_RULE, TRAINING_PLAN
from gateway.projection.markets import MARKET, STALL
from gateway.projection.pairing import ALLIANCE, ASSIGNMENT, NAMING, QUESTIONNAIRE, SUGGESTION, VISIT
from gateway.projection.processes import PROCESSES
from gateway.projection.records import HONOUR, POST, QUOTA
from kit.copying import Copy
from kit.lines import ASSOCIATION, BUREAU, CADRE, DIVISION, LINES
from services.assessment.domain.scheme import Edition
from services.pairing import copies as pairing_keeps
from services.registration import copies as registration_keeps

_COMMON: Final = ("uscc", "name", "kind", "state", "division_code", "bureau", "registered_on", "effective_on")
_TOLD: Final = "version > 0"
_LISTED: Final = "to_jsonb(organisation_ids)::text"
_WITHIN: Final = {
    ("reorganisation", "form"): "told -> 'founding' ->> 'form'",
    ("reorganisation", "mode"): "told -> 'founding' ->> 'mode'",
}
"""Columns of processes that stand deeper in what was told."""


def comparisons(model: str, edition: Edition | None) -> list[Comparison]:
    """Return what must be the same where.

    Args:
        model: the schema of the read model that is read.
        edition: the scheme in force; None before there is one.
    """
    return [
        *_entities(model),
        *_lines(model),
        *_ledgers(model),
        *_assessment(model, edition),
        *_pairing(model),
        *(_process(model, copy) for copy in PROCESSES),
        *(Comparison(_owner("ledgers", copy), _projected(model, copy)) for copy in (QUOTA, POST, HONOUR)),
    ]


def _entities(model: str) -> list[Comparison]:
    common = {name: name for name in _COMMON}
    heard = {"version": "registration_version"} | common
    registered = Side("registration", "entity", "id", {"version": "version"} | common)
    recorded = Side("ledgers", "entity", "entity_id", heard)
    return [
        Comparison(registered, recorded),
        Comparison(recorded, Side("ledgers", "entity_history", "entity_id", heard, newest_by="registration_version")),
        Comparison(replace(_owner("registration", ENTITY), key="id"), _projected(model, ENTITY)),
        Comparison(replace(_owner("ledgers", ENTITY_LEDGER), table="entity"), _projected(model, ENTITY_LEDGER)),
        *(Comparison(_owner("registration", one), _projected(model, one)) for one in (MARKET, STALL, ANNUAL_REPORT)),
    ]


def _lines(model: str) -> list[Comparison]:
    kept = [
        Comparison(_owner("ledgers", line), _owner(service, line))
        for service in ("registration", "assessment", "pairing")
        for line in LINES
    ]
    return kept + [
        Comparison(_owner("ledgers", line), _projected(model, line)) for line in (DIVISION, BUREAU, ASSOCIATION, CADRE)
    ]


def _ledgers(model: str) -> list[Comparison]:
    there = "state <> 'ERASED'"
    return [
        Comparison(*membership_recounted()),
        Comparison(*coverage_recounted()),
        Comparison(*quotas_recounted()),
        Comparison(_owner("ledgers", ORGANISATION), _projected(model, ORGANISATION)),
        Comparison(_owner("ledgers", MEMBERSHIP, where=_TOLD), _projected(model, MEMBERSHIP)),
        Comparison(_owner("ledgers", MEMBER, where=there), replace(_projected(model, MEMBER), where=there)),
        Comparison(
            _owner("ledgers", COVERAGE, where=_TOLD, organisation_ids=_LISTED),
            _projected(model, COVERAGE),
        ),
        Comparison(
            _owner("ledgers", registration_keeps.COVERAGE, where=_TOLD, organisation_ids=_LISTED),
            _owner("registration", registration_keeps.COVERAGE),
        ),
        *(
            Comparison(_owner("ledgers", copy), _projected(model, copy))
            for copy in (GATHERING, LIFE_RULE, TRAINING_PLAN)
        ),
        Comparison(_owner("ledgers", CONTACT, where=there), replace(_projected(model, CONTACT), where=there)),
    ]


def _assessment(model: str, edition: Edition | None) -> list[Comparison]:
    organisation = Side("ledgers", "organisation", "organisation_id", _same("version", "external", "state"))
    figures = _same("version", "related", "managed", "related_and_managed", "full_related", "full_managed")
    covered = _same("version", "organisation_coverage", "work_coverage")
    membership = Side("ledgers", "membership", "organisation_id", figures, where=_TOLD)
    coverage = Side("ledgers", "coverage", "entity_id", covered, where=_TOLD)
    scheme = replace(_owner("assessment", SCHEME), newest_by="version")
    found = [
        Comparison(organisation, replace(organisation, service="assessment")),
        Comparison(membership, replace(membership, service="assessment", where="true")),
        Comparison(coverage, replace(coverage, service="assessment")),
        Comparison(scheme, _projected(model, SCHEME)),
        Comparison(_owner("assessment", RATING, where=_TOLD), _projected(model, RATING)),
    ]
    return found if edition is None else [*found, Comparison(*ratings_recomputed(edition))]


def _pairing(model: str) -> list[Comparison]:
    assigned = _same("version", "target", "target_id", "cadre_id", "role", "state")
    must = Side("ledgers", "coverage", "entity_id", {"coverage": "version"}, where="duty = 'MUST_FOUND'")
    return [
        Comparison(
            Side("pairing", "assignment", "assignment_id", assigned),
            Side("ledgers", "assignment", "assignment_id", assigned),
        ),
        Comparison(
            replace(must, label="coverage that must found 应建未建"),
            Side("pairing", "suggestion", "entity_id", {"coverage": "coverage_version"}, where="state = 'OPEN'"),
        ),
        Comparison(_owner("ledgers", pairing_keeps.ENTITY), _owner("pairing", pairing_keeps.ENTITY)),
        Comparison(_owner("assessment", pairing_keeps.RATING, where=_TOLD), _owner("pairing", pairing_keeps.RATING)),
        Comparison(_owner("pairing", ASSIGNMENT), _projected(model, ASSIGNMENT)),
        Comparison(_owner("pairing", SUGGESTION, where=_TOLD), _projected(model, SUGGESTION)),
        *(
            Comparison(_owner("pairing", copy), _projected(model, copy))
            for copy in (ALLIANCE, VISIT, NAMING, QUESTIONNAIRE)
        ),
    ]


def _process(model: str, copy: Copy[Any]) -> Comparison:
    """Hold a kind of process, which its owner keeps as it was told, against its table in the read model."""
    [event] = copy.events
    kept = {
        column.name: _shown(f"(told -> '{column.name}')", column.type)
        if column.type == "jsonb"
        else _WITHIN.get((copy.table, column.name), f"(told ->> '{column.name}')::{column.type}")
        for column in copy.columns[1:]
    }
    owned = Side(
        event.topic.partition("-")[0],
        "process",
        "process_id",
        kept,
        where=f"topic = '{event.topic}'",
        label=f"process {event.topic}",
    )
    return Comparison(owned, _projected(model, copy))


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _owner(service: str, copy: Copy[Any], where: str = "true", **named: str) -> Side:
    """Return a service's own table, which has the names of the copy of it but for those given."""
    key = copy.columns[0]
    columns = {column.name: named.get(column.name, _shown(column.name, column.type)) for column in copy.columns[1:]}
    return Side(service, copy.table, key.name, columns, where=where, id_type=key.type)


def _projected(model: str, copy: Copy[Any]) -> Side:
    return replace(_owner("gateway", copy), table=f"{model}.{copy.table}")


def _shown(name: str, type_: str) -> str:
    return f"{name}::text" if type_ == "jsonb" else name
