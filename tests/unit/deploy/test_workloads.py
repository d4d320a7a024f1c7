"""The production overlay as it is built: every workload is there, and each carries what it must."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from contracts import catalogue
from deploy.checks.drift import OVERLAYS, rendered

SERVICES: Final = ("registration", "ledgers", "assessment", "pairing", "gateway")
PARTS: Final = {"api": "Deployment", "consumer": "StatefulSet", "relay": "Deployment"}
WORKLOADS: Final = [(kind, f"{service}-{part}") for service in SERVICES for part, kind in PARTS.items()]
ANSWERING: Final = [f"{service}-api" for service in SERVICES]
HEARING: Final = [f"{service}-consumer" for service in SERVICES]

Manifest = dict[str, Any]


@pytest.fixture(scope="module", params=OVERLAYS)
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    return rendered(request.param)


@pytest.fixture(scope="module")
def production() -> list[Manifest]:
    return rendered("production")


def of(manifests: list[Manifest], kind: str) -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in manifests if one["kind"] == kind}


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    for one in manifests:
        if one["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield one["metadata"]["name"], one["spec"]["template"]


def test_every_workload_is_there_and_no_other(manifests: list[Manifest]) -> None:
    found = [
        (one["kind"], one["metadata"]["name"]) for one in manifests if one["kind"] in {"Deployment", "StatefulSet"}
    ]
    assert sorted(found) == sorted(WORKLOADS)
    assert list(of(manifests, "Job")) == ["migrate-0-1-0"]
    assert {one["metadata"].get("namespace") for one in manifests if one["kind"] != "Namespace"} == {"lianhe"}


@pytest.mark.parametrize(("kind", "name"), WORKLOADS)
def test_a_workload_is_looked_at_by_what_it_does_and_not_by_a_ping(
    manifests: list[Manifest], kind: str, name: str
) -> None:
    [container] = of(manifests, kind)[name]["spec"]["template"]["spec"]["containers"]
    assert {probe: container[probe]["httpGet"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")} == {
        "startupProbe": {"path": "/health/live", "port": "http"},
        "readinessProbe": {"path": "/health/ready", "port": "http"},
        "livenessProbe": {"path": "/health/live", "port": "http"},
    }
    assert container["ports"] == [{"name": "http", "containerPort": 8080}]
    assert set(container["resources"]["requests"]) == {"cpu", "memory"}
    assert "memory" in container["resources"]["limits"]


def test_no_pod_may_more_than_it_must(manifests: list[Manifest]) -> None:
    accounts = of(manifests, "ServiceAccount")
    for name, template in pods(manifests):
        pod = template["spec"]
        assert pod["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "runAsGroup": 10001,
            "fsGroup": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        }, name
        assert pod["automountServiceAccountToken"] is False, name
        assert accounts[pod["serviceAccountName"]]["automountServiceAccountToken"] is False, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys(), name
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            assert container["image"] == "lianhe:0.1.0", name
    assert (
        of(manifests, "Namespace")["lianhe"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    )


def test_secrets_come_by_files_and_never_stand_in_a_manifest(manifests: list[Manifest]) -> None:
    assert not of(manifests, "Secret")
    for name, template in pods(manifests):
        [container] = template["spec"]["containers"]
        for variable in container["env"]:
            assert "secretKeyRef" not in str(variable), name
            if variable["name"].endswith(("_KEY", "_URL_REGISTRATION", "_URL_LEDGERS")):
                pytest.fail(f"{name}: {variable['name']} is not by a file")


@pytest.mark.parametrize(("kind", "name"), WORKLOADS)
def test_a_workload_stands_apart_from_its_like_and_has_a_budget(
    manifests: list[Manifest], kind: str, name: str
) -> None:
    service, _, part = name.rpartition("-")
    own = {"app.kubernetes.io/name": service, "lianhe.cn/part": part}
    workload = of(manifests, kind)[name]
    labels = workload["spec"]["template"]["metadata"]["labels"]
    assert own.items() <= labels.items()
    assert workload["spec"]["selector"]["matchLabels"] == own
    affinity = workload["spec"]["template"]["spec"]["affinity"]["podAntiAffinity"]
    [preferred] = affinity["preferredDuringSchedulingIgnoredDuringExecution"]
    assert preferred["podAffinityTerm"] == {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": own},
    }
    budget = of(manifests, "PodDisruptionBudget")[name]["spec"]
    assert budget == {"maxUnavailable": 1, "selector": {"matchLabels": own}}


@pytest.mark.parametrize("name", HEARING)
def test_a_consumer_keeps_its_place_in_its_groups_and_follows_its_lag(manifests: list[Manifest], name: str) -> None:
    workload = of(manifests, "StatefulSet")[name]
    [container] = workload["spec"]["template"]["spec"]["containers"]
    [instance] = [one for one in container["env"] if one["name"] == "INSTANCE_ID"]
    assert instance["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name"}}
    assert workload["spec"]["serviceName"] == name
    assert of(manifests, "Service")[name]["spec"]["clusterIP"] == "None"
    assert "replicas" not in workload["spec"], "the autoscaler says how many"
    scaled = of(manifests, "ScaledObject")[name]["spec"]
    assert scaled["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name}
    assert scaled["triggers"]
    for trigger in scaled["triggers"]:
        if trigger["type"] == "kafka":
            assert trigger["metadata"]["tls"] == "enable"
            assert trigger["authenticationRef"]["name"] in of(manifests, "TriggerAuthentication")


@pytest.mark.parametrize("name", ANSWERING)
def test_who_answers_follows_the_load_and_is_never_without_a_replica(manifests: list[Manifest], name: str) -> None:
    workload = of(manifests, "Deployment")[name]
    assert "replicas" not in workload["spec"], "the autoscaler says how many"
    assert workload["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    scaled = of(manifests, "HorizontalPodAutoscaler")[name]["spec"]
    assert scaled["scaleTargetRef"]["name"] == name
    assert of(manifests, "Service")[name]["spec"]["selector"] == workload["spec"]["selector"]["matchLabels"]


def test_production_survives_a_node(production: list[Manifest]) -> None:
    assert {one["spec"]["minReplicas"] for one in of(production, "HorizontalPodAutoscaler").values()} == {2}
    assert {one["spec"]["minReplicaCount"] for one in of(production, "ScaledObject").values()} == {2}
    relays = [one for name, one in of(production, "Deployment").items() if name.endswith("-relay")]
    assert [one["spec"]["replicas"] for one in relays] == [2] * len(SERVICES)
    assert of(production, "KafkaNodePool")["brokers"]["spec"]["replicas"] == 3
    kafka = of(production, "Kafka")["lianhe"]["spec"]["kafka"]
    assert (kafka["config"]["default.replication.factor"], kafka["config"]["min.insync.replicas"]) == (3, 2)
    cluster = of(production, "Cluster")["postgres"]["spec"]
    assert cluster["instances"] == 3
    assert cluster["postgresql"]["synchronous"] == {"method": "any", "number": 1, "dataDurability": "required"}
    assert cluster["backup"]["barmanObjectStore"]["destinationPath"].startswith("s3://")
    assert of(production, "ScheduledBackup")["postgres"]["spec"]["cluster"] == {"name": "postgres"}


def test_the_brokers_know_who_comes_and_let_nobody_do_more_than_the_topic_files_say(manifests: list[Manifest]) -> None:
    kafka = of(manifests, "Kafka")["lianhe"]["spec"]["kafka"]
    assert kafka["authorization"] == {"type": "simple"}
    [listener] = kafka["listeners"]
    assert (listener["tls"], listener["authentication"]) == (True, {"type": "tls"})
    users = of(manifests, "KafkaUser")
    assert set(users) == {*SERVICES, "lag-reader", "operator"}
    for service in SERVICES:
        allowed = users[service]["spec"]["authorization"]["acls"]
        written = {one["resource"]["name"] for one in allowed if _is(one, "topic", "Write")}
        read = {one["resource"]["name"] for one in allowed if _is(one, "topic", "Read")}
        assert written == {name for name, topic in catalogue.topics().items() if topic.owner == service}
        assert read == {name for name, topic in catalogue.topics().items() if service in topic.readers}
        groups = [one["resource"] for one in allowed if one["resource"]["type"] == "group"]
        assert groups == [{"type": "group", "name": f"{service}.", "patternType": "prefix"}]
    assert not any(
        "Write" in one["operations"] or "Read" in one["operations"]
        for name in ("lag-reader", "operator")
        for one in users[name]["spec"]["authorization"]["acls"]
    )


def _is(rule: Manifest, kind: str, operation: str) -> bool:
    return rule["resource"]["type"] == kind and operation in rule["operations"]


def test_topics_are_as_their_files_say(manifests: list[Manifest]) -> None:
    found = of(manifests, "KafkaTopic")
    assert set(found) == set(catalogue.topics())
    for name, topic in catalogue.topics().items():
        spec = found[name]["spec"]
        assert spec["partitions"] == topic.partitions
        assert topic.settings.items() <= spec["config"].items()
        assert int(spec["config"]["min.insync.replicas"]) <= spec["replicas"]


def test_nothing_is_let_through_but_what_is_named(manifests: list[Manifest]) -> None:
    policies = of(manifests, "NetworkPolicy")
    assert policies["default-deny"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    everybody = [name for name, one in policies.items() if one["spec"]["podSelector"] == {}]
    assert sorted(everybody) == ["default-deny", "names"], "the others name whom they are for"
    for name, one in policies.items():
        for rule in one["spec"].get("ingress", ()):
            assert rule.get("from"), f"{name} lets everybody in"
        for rule in one["spec"].get("egress", ()):
            assert rule.get("to"), f"{name} lets out to everybody"


def test_each_service_has_a_database_that_is_its_own(manifests: list[Manifest]) -> None:
    owners = {name: (one["spec"]["name"], one["spec"]["owner"]) for name, one in of(manifests, "Database").items()}
    assert owners == {service: (service, service) for service in SERVICES}
    cluster = of(manifests, "Cluster")["postgres"]["spec"]
    roles = {one["name"]: one["passwordSecret"]["name"] for one in cluster["managed"]["roles"]}
    assert roles == {service: f"{service}-database" for service in SERVICES}
    assert cluster["enableSuperuserAccess"] is False


def test_health_and_metrics_stay_inside(manifests: list[Manifest]) -> None:
    routes = of(manifests, "HTTPRoute")
    rules = routes["commands"]["spec"]["rules"]
    inside = {match["path"]["value"] for match in rules[0]["matches"]}
    assert inside == {f"/api/{service}/{path}" for service in SERVICES[:-1] for path in ("health", "metrics")}
    assert "backendRefs" not in rules[0]
    assert {rule["backendRefs"][0]["name"] for rule in rules[1:]} == {f"{service}-api" for service in SERVICES[:-1]}
    [graph] = routes["graph"]["spec"]["rules"]
    assert [match["path"]["value"] for match in graph["matches"]] == ["/graphql"]
    monitored = of(manifests, "PodMonitor")["processes"]["spec"]["selector"]["matchExpressions"]
    assert monitored == [{"key": "lianhe.cn/part", "operator": "In", "values": ["api", "consumer", "relay"]}]
    assert of(manifests, "PrometheusRule")["lianhe"]["spec"]["groups"]
