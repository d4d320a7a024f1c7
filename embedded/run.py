"""The process runner as a program: ``python -m embedded.run --data-dir DIRECTORY``, started by ``lianhe up``."""

import argparse
import asyncio
import importlib
import logging
import os
import signal
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.files import data_directory
from embedded.logfile import DEFAULT_GENERATIONS, DEFAULT_LIMIT_BYTES
from embedded.orphans import lives, stop_orphans
from embedded.plan import Plan
from embedded.ports import Ports
from embedded.report import Report
from embedded.runlock import RunLock
from embedded.scale import Scale
from embedded.stack import Stack
from embedded.state import DEFAULT_PLAN, Failure, Outcome, RunPhase, read_state, state_path
from embedded.supervisor import ProcessFailedError

ORPHANS = "left-overs"
_log = logging.getLogger(__name__)


def load_plan(name: str) -> Plan:
    """Load a plan by ``module:attribute``.

    Raises:
        EmbeddedError: There is no plan of this name.
    """
    module, _, attribute = name.partition(":")
    try:
        plan = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise EmbeddedError(f"There is no plan {name}: {error}", f"没有名为 {name} 的方案：{error}") from error
    if not isinstance(plan, Plan):
        raise EmbeddedError(f"{name} is no plan.", f"{name} 不是方案。")
    return plan


async def run(directory: Path, plan: str, ports: Ports, scale: Scale) -> Outcome:
    """Run a plan until a signal asks to stop (SIGTERM, SIGINT, SIGHUP), and stop it cleanly.

    A failed start is told in the state, and what had started is stopped.

    Args:
        directory: The data directory; made if it is missing.
        plan: ``module:attribute`` of a ``Plan``.
        ports: What the user set.
        scale: How many of what.

    Raises:
        EmbeddedError: Not even the state could be written.
    """
    directory = data_directory(directory)
    lock = RunLock.acquire(directory / "run" / "lock")
    if lock is None:
        return Outcome.ALREADY_RUNNING
    try:
        left = read_state(state_path(directory))
        report = Report(state_path(directory), left.processes if left else ())
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        if left is not None and any(lives(process) for process in left.processes):
            with report.step(ORPHANS):
                names = ", ".join(f"{one.name} (pid {one.pid})" for one in await stop_orphans(left))
                _log.warning("the last runner was killed; stopped what it left: %s", names)
                report.note(ORPHANS, f"the last runner was killed; stopped 上次的进程管理器被杀死，已停止: {names}")
        report.processes(())
        return await _run_until(stop, directory, plan, ports, scale, report)
    finally:
        lock.release()


async def _run_until(
    stop: asyncio.Event, directory: Path, plan: str, ports: Ports, scale: Scale, report: Report
) -> Outcome:
    stack: Stack | None = None
    outcome = Outcome.STOPPED
    try:
        stack = Stack(directory, load_plan(plan), ports, dict(os.environ), report, scale)
        start = asyncio.create_task(stack.start())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({start, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if start.done():
            start.result()
            report.phase(RunPhase.RUNNING)
            _log.info("everything is ready")
            await stopping
        else:
            start.cancel()
            with suppress(asyncio.CancelledError):
                await start
        report.phase(RunPhase.STOPPING)
    except ProcessFailedError as error:
        report.failed(Failure(english=error.english, chinese=error.chinese, process=error.process))
        outcome = Outcome.FAILED
    except EmbeddedError as error:
        report.failed(Failure(english=error.english, chinese=error.chinese))
        outcome = Outcome.FAILED
    except Exception as error:  # noqa: BLE001 -- whatever it was, `up` must be able to tell it
        _log.exception("the start failed")
        report.failed(
            Failure(
                english=f"The start failed: {error!r}. More is in {directory / 'logs' / 'supervisor.log'}.",
                chinese=f"启动失败：{error!r}。详见 {directory / 'logs' / 'supervisor.log'}。",
            )
        )
        outcome = Outcome.FAILED
    finally:
        if stack is not None:
            await stack.stop()
    if outcome is Outcome.STOPPED:
        report.phase(RunPhase.STOPPED)
    return outcome


def log_to_file(directory: Path) -> None:
    """Write the runner's own log to ``logs/supervisor.log``, bounded."""
    logs = directory / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        logs / "supervisor.log",
        maxBytes=DEFAULT_LIMIT_BYTES,
        backupCount=DEFAULT_GENERATIONS - 1,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # They tell every request of the readiness checks.
    for name in ("httpx", "aiokafka"):
        logging.getLogger(name).setLevel(logging.ERROR)


def main() -> None:
    """Run in the background, as ``lianhe up`` starts it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--plan", default=DEFAULT_PLAN)
    parser.add_argument("--kafka-port", type=int)
    parser.add_argument("--postgres-port", type=int)
    parser.add_argument("--gateway-port", type=int)
    parser.add_argument("--brokers", type=int)
    parser.add_argument("--replicas", type=int, default=1)
    chosen = parser.parse_args()
    directory = chosen.data_dir.absolute()
    log_to_file(directory)
    ports = Ports(chosen.kafka_port, chosen.postgres_port, chosen.gateway_port)
    sys.exit(asyncio.run(run(directory, chosen.plan, ports, Scale(chosen.brokers, chosen.replicas))))


if __name__ == "__main__":
    main()
