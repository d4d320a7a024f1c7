"""Compose, Kubernetes, topic files and settings say the same; and where one is changed, the place is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import generate
from deploy.checks import drift
from deploy.checks.drift import OVERLAYS, everything
from deploy.checks.kubernetes import closed, custom_schemas, problems
from deploy.heard import heard


def test_nothing_has_drifted() -> None:
    assert everything() == []


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], None]:
    """Change a text in the Compose file."""

    def change(old: str, new: str) -> None:
        text = drift.COMPOSE.read_text(encoding="utf-8")
        assert old in text
        (tmp_path / "compose.yml").write_text(text.replace(old, new), encoding="utf-8")
        monkeypatch.setattr(drift, "COMPOSE", tmp_path / "compose.yml")

    return change


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  ledgers-relay:\n", "  ledgers-outbox:\n", "ledgers-relay is in embedded/plan.py only"),
        ("serve, pairing, --role, all", "serve, pairing, --role, relay", "docker-compose.yml: pairing runs"),
        ("  LOG_LEVEL: ", "  LOG_LEVLE: ", "docker-compose.yml: registration: LOG_LEVLE is no setting of registration"),
        ("  AUTH_ISSUER: ", "  OTEL_EXPORTER_OTLP_ENDPOINT: ", "docker-compose.yml: gateway: AUTH_ISSUER is not given"),
        (
            "PERSONAL_DATA_KEY_FILE: /run/secrets/ledgers-keys/personal-data-key",
            "EVIDENCE_MAX_BYTES: 1",
            "docker-compose.yml: ledgers: PERSONAL_DATA_KEY is not given",
        ),
        (
            "DEAD_LETTER_KEY_FILE: /run/secrets/ledgers-keys",
            "DEAD_LETTER_KEY: /run/secrets/ledgers-keys",
            "docker-compose.yml: ledgers: DEAD_LETTER_KEY is a secret and must come from a file",
        ),
        ("[topics, --apply", "[topics", "docker-compose.yml: the job topics is not as planned"),
        (
            'KAFKA_OFFSETS_RETENTION_MINUTES: "129600"',
            'KAFKA_OFFSETS_RETENTION_MINUTES: "10080"',
            "docker-compose.yml: kafka has offsets.retention.minutes=10080, embedded/kafka.py 129600",
        ),
        ("apache/kafka:4.3.1", "apache/kafka:4.2.0", "docker-compose.yml has Kafka 4.2.0, locked ['4.3.1']"),
        ("-lianhe:0.1.0", "-lianhe:0.0.9", "docker-compose.yml is 0.0.9, pyproject.toml 0.1.0"),
    ],
)
def test_what_is_changed_in_compose_alone_is_found(
    changed: Callable[[str, str], None], old: str, new: str, told: str
) -> None:
    changed(old, new)
    assert any(told in line for line in everything()), everything()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- --role\n        - consumer", "- --role\n        - relay", "production: registration-consumer runs"),
        ("name: LEDGERS_URL", "name: LEDGER_URL", "production: gateway-api: LEDGER_URL is no setting of gateway"),
        ("AUTH_JWKS: ", "AUTH_KEYS: ", "production: ledgers-api: AUTH_JWKS is not given"),
        ("consumerGroup: ledgers.entity\n", "consumerGroup: ledgers.entities\n", "production: ledgers is scaled by"),
        ("maxReplicaCount: 6", "maxReplicaCount: 65", "may have more replicas than the"),
        ("image: lianhe:0.1.0", "image: lianhe:latest", "production: lianhe:latest is latest, pyproject.toml 0.1.0"),
        ("name: pairing-relay", "name: pairing-outbox", "production: Deployment pairing-relay is missing"),
        ("version: 4.3.1", "version: 4.1.0", "production has Kafka 4.1.0"),
        (
            "auto.create.topics.enable: false",
            "auto.create.topics.enable: true",
            "production: kafka has auto.create.topics.enable=true, embedded/kafka.py false",
        ),
    ],
)
def test_what_is_changed_in_kubernetes_alone_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str, told: str
) -> None:
    for overlay in OVERLAYS:
        text = (drift.RENDERED / f"{overlay}.yaml").read_text(encoding="utf-8")
        (tmp_path / f"{overlay}.yaml").write_text(
            text.replace(old, new) if overlay == "production" else text, encoding="utf-8"
        )
    assert (tmp_path / "production.yaml").read_text("utf-8") != (drift.RENDERED / "production.yaml").read_text("utf-8")
    monkeypatch.setattr(drift, "RENDERED", tmp_path)
    assert any(told in line for line in everything()), everything()


def test_a_topic_file_that_was_changed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = drift.catalogue.topics()
    one = topics["registration-entity"]
    topics["registration-entity"] = one.model_copy(update={"partitions": one.partitions + 1})
    monkeypatch.setattr(generate.catalogue, "topics", lambda: topics)
    assert "deploy/k8s/base/kafka/topics.yaml is not what `python -m deploy.generate` makes" in everything()


def test_the_code_says_which_groups_there_are() -> None:
    groups = heard()
    assert groups["ledgers"] == {
        "ledgers.assignment": ["pairing-assignment"],
        "ledgers.entity": ["registration-entity"],
    }
    assert {name: sorted(one) for name, one in groups.items() if name != "gateway"} == {
        "registration": ["registration.coverage", "registration.lines"],
        "ledgers": ["ledgers.assignment", "ledgers.entity"],
        "assessment": ["assessment.facts", "assessment.lines"],
        "pairing": ["pairing.coverage", "pairing.facts", "pairing.lines"],
    }
    assert "gateway.entity" in groups["gateway"]


def test_each_service_may_read_what_it_hears() -> None:
    readers = {name: set(topic.readers) for name, topic in drift.catalogue.topics().items()}
    for service, groups in heard().items():
        for topics in groups.values():
            assert [name for name in topics if service not in readers[name]] == []


@pytest.fixture(scope="module")
def schemas() -> dict[tuple[str, str], Any]:
    return custom_schemas()


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ({"spec": {"partitions": 3, "replicas": 3, "partition": 1}}, "'partition' was unexpected"),
        ({"spec": {"partitions": "three", "replicas": 3}}, "spec.partitions: 'three' is not of type 'integer'"),
        ({"spec": {"partitions": 0, "replicas": 3}}, "0 is less than the minimum of 1"),
    ],
)
def test_what_an_operator_would_refuse_is_refused(
    schemas: dict[tuple[str, str], Any], manifest: dict[str, Any], told: str
) -> None:
    topic = {"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic", "metadata": {"name": "a"}, **manifest}
    [problem] = problems([topic], schemas)
    assert told in problem


def test_what_kubernetes_would_refuse_is_refused() -> None:
    text = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: a}
    spec:
      replica: 2
      selector: {matchLabels: {a: b}}
      template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: "a:1"}]}}
    """
    found = list(problems([yaml.safe_load(text)], {}))
    assert found
    assert all("'replica' was unexpected" in one for one in found)


def test_a_schema_that_is_open_stays_open() -> None:
    assert closed({"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {"a": {}}}) == {
        "type": "object",
        "x-kubernetes-preserve-unknown-fields": True,
        "properties": {"a": {}},
    }
    assert closed({"x-kubernetes-int-or-string": True})["type"] == ["integer", "string"]
    assert closed({"type": "string", "nullable": True})["type"] == ["string", "null"]
