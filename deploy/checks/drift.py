"""What must be said alike in Compose, in Kubernetes, in the topic files, in the settings and on one machine.

Each function returns what differs, a line each, and nothing where all is well. The list of processes is
`embedded/plan.py`; what a setting is called and whether it is required, the settings' classes say.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from contracts import catalogue
from deploy.generate import generated
from deploy.heard import heard
from embedded.kafka import Node, properties
from embedded.plan import LIANHE, ServiceProcess
from gateway.settings import GatewaySettings
from kit.roles import Role
from kit.settings import FROM_FILE, CommandSettings
from services.assessment.settings import AssessmentSettings
from services.ledgers.settings import LedgersSettings
from services.pairing.settings import PairingSettings
from services.registration.settings import RegistrationSettings

ROOT: Final = Path(__file__).parent.parent.parent
COMPOSE: Final = ROOT / "docker-compose.yml"
RENDERED: Final = ROOT / "deploy" / "k8s" / "rendered"
OVERLAYS: Final = ("production", "single-node")

SETTINGS: Final[Mapping[str, type[CommandSettings]]] = {
    "registration": RegistrationSettings,
    "ledgers": LedgersSettings,
    "assessment": AssessmentSettings,
    "pairing": PairingSettings,
    "gateway": GatewaySettings,
}
OTHERS_READ: Final = frozenset({"OTEL_EXPORTER_OTLP_ENDPOINT"})
"""Variables that a library reads by itself."""
IMAGE_SETS: Final = frozenset({"HTTP_HOST", "HTTP_PORT"})
EVERYWHERE: Final = (
    "auto.create.topics.enable",
    "message.max.bytes",
    "offsets.retention.minutes",
    "transactional.id.expiration.ms",
    "group.max.session.timeout.ms",
)
"""Settings of the broker on which the design rests, wherever it runs."""
_REQUIRED_TO_ANSWER: Final = frozenset({"AUTH_ISSUER", "AUTH_JWKS"})

Manifest = dict[str, Any]


def compose() -> Manifest:
    """Return the Compose file, with its anchors followed and its variables at their defaults."""
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", COMPOSE.read_text(encoding="utf-8"))
    read: Manifest = yaml.safe_load(text)
    return read


def rendered(overlay: str) -> list[Manifest]:
    """Return what an overlay is when it is built, as it is committed."""
    return _manifests((RENDERED / f"{overlay}.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=len(OVERLAYS) * 2)
def _manifests(text: str) -> list[Manifest]:
    return list(yaml.load_all(text, Loader=yaml.CSafeLoader))


def everything() -> list[str]:
    """Return all that differs."""
    return [*files(), *compose_processes(), *kubernetes_processes(), *brokers(), *lag(), *versions(), *targets()]


def files() -> Iterator[str]:
    """Compare what is generated with what it is generated from."""
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{path.relative_to(ROOT)} is not what `python -m deploy.generate` makes"


def compose_processes() -> Iterator[str]:
    """Compare Compose's processes with the plan, and their environment with their settings."""
    services = compose()["services"]
    ours = {name for name, one in services.items() if (one.get("command") or [""])[0] == "serve"}
    planned = {process.name: process for process in LIANHE.services}
    for name in sorted(ours ^ planned.keys()):
        yield f"docker-compose.yml: {name} is in {'Compose' if name in ours else 'embedded/plan.py'} only"
    for name in sorted(ours & planned.keys()):
        process, command = planned[name], services[name]["command"]
        if list(process.argv[-len(command) :]) != command:
            yield f"docker-compose.yml: {name} runs {command}, planned {process.argv}"
        yield from _environment(f"docker-compose.yml: {name}", process, command, services[name]["environment"])
    jobs = {name: one for name, one in services.items() if name in {one.name for one in LIANHE.one_shots}}
    for one in LIANHE.one_shots:
        if one.name not in jobs or list(one.argv[3:]) != jobs[one.name]["command"][: len(one.argv) - 3]:
            yield f"docker-compose.yml: the job {one.name} is not as planned"


def _environment(
    place: str, process: ServiceProcess, command: Sequence[str], environment: Mapping[str, object]
) -> Iterator[str]:
    service, role = command[1], Role(command[3])
    fields = SETTINGS[service].model_fields
    names = {
        one.validation_alias if isinstance(one.validation_alias, str) else name.upper(): one.is_required()
        for name, one in fields.items()
    }
    given = {name.removesuffix(FROM_FILE) for name in environment}
    for name in sorted(given - names.keys() - OTHERS_READ):
        yield f"{place}: {name} is no setting of {service}"
    needed = {name for name, required in names.items() if required}
    if role.answers:
        needed |= _REQUIRED_TO_ANSWER
    if role.answers or role.hears:
        needed |= {key for one in LIANHE.services if one.database == service for key in one.keys}
    for name in sorted(needed - given):
        yield f"{place}: {name} is not given"
    secret = {name for name in given if name.endswith("_KEY") or name.startswith("DATABASE_URL_")}
    for name in sorted(name for name in secret if name in environment):
        yield f"{place}: {name} is a secret and must come from a file"
    if process.database != service:
        yield f"{place}: is {service}'s, planned {process.database}'s"


def kubernetes_processes() -> Iterator[str]:
    """Compare each overlay's workloads with the plan: each service answers, hears and relays, apart."""
    parts = {Role.API.value: "Deployment", Role.CONSUMER.value: "StatefulSet", Role.RELAY.value: "Deployment"}
    services = {process.database: process for process in LIANHE.services if process.database}
    wanted = {(kind, f"{service}-{part}") for service in services for part, kind in parts.items()}
    for overlay in OVERLAYS:
        manifests = rendered(overlay)
        workloads = {(one["kind"], one["metadata"]["name"]): one for one in manifests if one["kind"] in parts.values()}
        for kind, name in sorted(wanted ^ workloads.keys()):
            yield f"{overlay}: {kind} {name} is {'missing' if (kind, name) in wanted else 'nothing that is planned'}"
        shared = {
            one["metadata"]["name"]: one["data"] for one in manifests if one["kind"] == "ConfigMap" and "data" in one
        }
        for key in sorted(wanted & workloads.keys()):
            container = workloads[key]["spec"]["template"]["spec"]["containers"][0]
            service, _, part = key[1].rpartition("-")
            if container["args"] != ["serve", service, "--role", part]:
                yield f"{overlay}: {key[1]} runs {container['args']}"
                continue
            environment: dict[str, object] = {one["name"]: one.get("value") for one in container["env"]}
            for one in container["envFrom"]:
                environment |= shared[one["configMapRef"]["name"]]
            yield from _environment(f"{overlay}: {key[1]}", services[service], container["args"], environment)


def brokers() -> Iterator[str]:
    """Compare the broker's settings on one machine, in Compose and in Kubernetes."""
    lines = properties(Path("data"), Node(9092, 9093)).splitlines()
    wanted = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    environment = compose()["services"]["kafka"]["environment"]
    for name in EVERYWHERE:
        found = environment.get("KAFKA_" + name.upper().replace(".", "_"))
        if found != wanted[name]:
            yield f"docker-compose.yml: kafka has {name}={found}, embedded/kafka.py {wanted[name]}"
    for overlay in OVERLAYS:
        [kafka] = [one for one in rendered(overlay) if one["kind"] == "Kafka"]
        for name in EVERYWHERE:
            found = str(kafka["spec"]["kafka"]["config"].get(name)).lower()
            if found != wanted[name]:
                yield f"{overlay}: kafka has {name}={found}, embedded/kafka.py {wanted[name]}"


def lag() -> Iterator[str]:
    """Compare the consumer groups that KEDA looks at with those there are, and replicas with partitions."""
    groups = heard()
    topics = catalogue.topics()
    for overlay in OVERLAYS:
        for one in (one for one in rendered(overlay) if one["kind"] == "ScaledObject"):
            service = one["metadata"]["name"].removesuffix("-consumer")
            asked = {
                trigger["metadata"]["consumerGroup"]
                for trigger in one["spec"]["triggers"]
                if trigger["type"] == "kafka"
            }
            if service != "gateway" and asked != groups[service].keys():
                yield f"{overlay}: {service} is scaled by {sorted(asked)}, and hears as {sorted(groups[service])}"
            most = max(topics[name].partitions for names in groups[service].values() for name in names)
            if one["spec"]["maxReplicaCount"] > most:
                yield f"{overlay}: {service} may have more replicas than the {most} partitions it hears"


def versions() -> Iterator[str]:
    """Compare the project's version, the broker's and PostgreSQL's wherever they are named."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    release = project["version"]
    services = compose()["services"]
    named = {
        "docker-compose.yml": services["registration"]["image"].partition(":")[2],
        **{f"Dockerfile, place {place}": found for place, found in enumerate(_arguments("VERSION"), start=1) if found},
    }
    for overlay in OVERLAYS:
        manifests = rendered(overlay)
        for image in sorted(_images(manifests)):
            named[f"{overlay}: {image}"] = image.partition(":")[2]
        named |= {
            f"{overlay}: {one['metadata']['name']}": one["metadata"]["name"].removeprefix("migrate-").replace("-", ".")
            for one in manifests
            if one["kind"] == "Job"
        }
    yield from (f"{place} is {found}, pyproject.toml {release}" for place, found in named.items() if found != release)
    locked = re.findall(
        r"org\.apache\.kafka:kafka_2\.13:([\d.]+)", (ROOT / "embedded" / "kafka.lock").read_text(encoding="utf-8")
    )
    brokers_named = {"docker-compose.yml": services["kafka"]["image"].partition(":")[2]}
    for overlay in OVERLAYS:
        [kafka] = [one for one in rendered(overlay) if one["kind"] == "Kafka"]
        brokers_named[overlay] = kafka["spec"]["kafka"]["version"]
    yield from (f"{place} has Kafka {one}, locked {locked}" for place, one in brokers_named.items() if [one] != locked)


def targets() -> Iterator[str]:
    """Compare what Compose's Prometheus looks at with the processes."""
    read = yaml.safe_load((ROOT / "deploy" / "telemetry" / "prometheus.yaml").read_text(encoding="utf-8"))
    found = {target for job in read["scrape_configs"] if job["job_name"] == "lianhe" for target in _of(job)}
    wanted = {f"{process.name}:8080" for process in LIANHE.services}
    yield from (
        f"deploy/telemetry/prometheus.yaml: {one} is looked at, or is a process, only" for one in found ^ wanted
    )


def _of(job: Mapping[str, Any]) -> Iterable[str]:
    return (target for group in job["static_configs"] for target in group["targets"])


def _arguments(name: str) -> list[str]:
    return re.findall(rf"^ARG {name}=(.*)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)


def _images(manifests: Iterable[Manifest]) -> set[str]:
    return {
        container["image"]
        for one in manifests
        if one["kind"] in {"Deployment", "StatefulSet", "Job"}
        for container in one["spec"]["template"]["spec"]["containers"]
    }
