"""Every example of the contracts, through the gateway's consumers: the read model has what the newest one says."""

from collections.abc import Mapping
from datetime import datetime
from random import Random

import orjson
import pytest

from contracts import catalogue
from contracts.examples import EXAMPLES_DIRECTORY, Example, examples
from gateway.projection.consumers import SCHEMA
from tests.conftest import MakeDatabase
from tests.integration.gateway.hearing import Projection

pytestmark = pytest.mark.servers

TABLES = {
    "registration-entity": ("entity", "entity_id"),
    "registration-form": ("party_building_form", "process_id"),
    "registration-commitment": ("credit_commitment", "process_id"),
    "registration-application": ("household_application", "process_id"),
    "registration-market": ("market", "market_id"),
    "registration-stall": ("stall", "stall_id"),
    "registration-annual-report": ("annual_report", "report_id"),
    "registration-discrepancy": ("discrepancy", "process_id"),
    "ledgers-entity": ("entity_ledger", "entity_id"),
    "ledgers-division": ("division", "division_code"),
    "ledgers-bureau": ("bureau", "bureau_id"),
    "ledgers-association": ("association", "association_id"),
    "ledgers-cadre": ("cadre", "cadre_id"),
    "ledgers-organisation": ("organisation", "organisation_id"),
    "ledgers-membership": ("membership", "organisation_id"),
    "ledgers-member": ("member", "member_id"),
    "ledgers-coverage": ("coverage", "entity_id"),
    "ledgers-reorganisation": ("reorganisation", "process_id"),
    "ledgers-transfer": ("transfer", "process_id"),
    "ledgers-gathering": ("gathering", "gathering_id"),
    "ledgers-life-rule": ("life_rule", "rule_id"),
    "ledgers-training-plan": ("training_plan", "plan_id"),
    "ledgers-contact": ("contact", "contact_id"),
    "ledgers-floating": ("floating", "process_id"),
    "ledgers-development": ("development", "process_id"),
    "ledgers-quota": ("quota", "quota_id"),
    "ledgers-post": ("post", "post_id"),
    "ledgers-honour": ("honour", "honour_id"),
    "assessment-scheme": ("scheme", "scheme_id"),
    "assessment-rating": ("rating", "rating_id"),
    "pairing-assignment": ("assignment", "assignment_id"),
    "pairing-suggestion": ("suggestion", "suggestion_id"),
    "pairing-alliance": ("alliance", "alliance_id"),
    "pairing-visit": ("visit", "visit_id"),
    "pairing-naming": ("naming", "naming_id"),
    "pairing-questionnaire": ("questionnaire", "questionnaire_id"),
}
AMOUNTS = {"points", "capital_amount"}


PERIOD = (
    "full_members",
    "probationary_members",
    "organisation_coverage",
    "organisation_ids",
    "work_coverage",
)


def _topic(example: Example) -> str:
    service, aggregate = example.event_type.split(".")[2:4]
    return f"{service}-{aggregate}"


def _all() -> list[Example]:
    types = sorted(path.name for path in EXAMPLES_DIRECTORY.iterdir())
    told = [example for event_type in types for example in examples(event_type)]
    return [example for example in told if _topic(example) in TABLES]


def _version(example: Example) -> int:
    version = example.data["version"]
    assert isinstance(version, int)
    return version


def _newest() -> dict[tuple[str, str], Example]:
    newest: dict[tuple[str, str], Example] = {}
    for example in sorted(_all(), key=_version):
        newest[_topic(example), example.key.decode()] = example
    return newest


def _columns(example: Example) -> Mapping[str, object]:
    """What a row has of the data on the wire, all of it but lists of ids that it keeps elsewhere or not."""
    elsewhere = {"entity_ids", "evidence_ids", "successors"}
    data: dict[str, object] = {name: value for name, value in example.data.items() if name not in elsewhere}
    capital = data.pop("capital", None)
    if isinstance(capital, dict):
        data |= {"capital_amount": capital["amount"], "capital_currency": capital["currency"]}
    founding = data.pop("founding", None)
    if isinstance(founding, dict):
        data |= {"form": founding["form"], "mode": founding["mode"]}
    committee = data.get("committee")
    if isinstance(committee, list):
        data["secretary_id"] = committee[0]["member_id"]
    if _topic(example) == "ledgers-coverage" and "periods" not in data:  # the one that its state is in
        data["periods"] = [{"since": data["effective_on"], **{name: data[name] for name in PERIOD}}]
    if example.event_type.endswith(".erased.v1"):
        data["state"] = "ERASED"
    return data


def _comparable(name: str, value: object) -> object:
    if name in {"recorded_at", "due_at"}:
        return datetime.fromisoformat(str(value))
    return float(str(value)) if name in AMOUNTS else value


async def _state(projection: Projection) -> dict[str, list[str]]:
    return {
        table: [str(row) for (row,) in await projection.rows(f"SELECT t FROM {SCHEMA}.{table} AS t ORDER BY t")]  # noqa: S608 - names of this file
        for table in [*(table for table, _ in TABLES.values()), "organisation_entity"]
    }


def test_the_gateway_hears_every_topic_that_it_is_named_a_reader_of_but_mandates(projection: Projection) -> None:
    read = {name for name, topic in catalogue.topics().items() if "gateway" in topic.readers}
    assert projection.topics == set(TABLES) == read - {"ledgers-mandate"}


async def test_a_row_has_all_that_the_newest_example_says(projection: Projection) -> None:
    await projection.takes([projection.record(example) for example in _all()])
    for (topic, key), example in _newest().items():
        table, id_column = TABLES[topic]
        [(text,)] = await projection.rows(
            f"SELECT to_jsonb(t) FROM {SCHEMA}.{table} AS t WHERE {id_column}::text = $1",  # noqa: S608 - names of this file
            key,
        )
        stored = {name: value for name, value in orjson.loads(str(text)).items() if value is not None}
        told = _columns(example)
        assert stored.keys() == told.keys(), topic
        for name, value in told.items():
            assert _comparable(name, stored[name]) == _comparable(name, value), (topic, name)
    rows = await projection.rows(f"SELECT organisation_id::text, entity_id::text FROM {SCHEMA}.organisation_entity")  # noqa: S608 - a name of ours
    covered = {
        (key, entity)
        for (topic, key), example in _newest().items()
        if topic == "ledgers-organisation" and isinstance(ids := example.data["entity_ids"], list)
        for entity in ids
    }
    assert set(rows) == covered
    assert len(covered) == 2


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_the_examples_in_any_batches_makes_the_same_rows(
    projection: Projection, make_database: MakeDatabase, seed: int
) -> None:
    other = Projection(await make_database("gateway"))
    try:
        await other.takes([other.record(example) for example in sorted(_all(), key=_version)])
        expected = await _state(other)
    finally:
        await other.close()
    random = Random(seed)  # noqa: S311 - no secret
    shuffled = _all() + random.choices(_all(), k=20)
    random.shuffle(shuffled)
    size = random.randint(1, 12)
    for first in range(0, len(shuffled), size):
        await projection.takes([projection.record(example) for example in shuffled[first : first + size]])
    assert await _state(projection) == expected
    assert all(expected.values()), "every table has rows"
