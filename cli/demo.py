"""`lianhe demo`: from nothing to the district of the study in the graph, or to a register's entities."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.demo_district import Asked, show_district
from cli.demo_registry import show_registry
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from demo.district.study import AS_OF, DISTRICT_X, EARLIEST, SMALL
from kit.clock import SystemClock, today

SEED: Final = 2024


def _day(value: datetime | None) -> datetime | None:
    if value is not None and not EARLIEST <= value.date() <= today(SystemClock()):
        raise typer.BadParameter(
            f"expected a day from {EARLIEST} to today 应为{EARLIEST}至今日之间的日期: {value.date()}"
        )
    return value


def demo(
    *,
    small: Annotated[
        bool, typer.Option("--small", help="300 entities, with every state and error 小型演示区.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Which of the possible districts 随机种子.")] = SEED,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], callback=_day, help="Day that the district is of; the study's by default 截止日期."
        ),
    ] = None,
    once: Annotated[
        bool,
        typer.Option("--once/--keep", help="Stop everything after printing, or leave it running 演示后停止或保留."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON; print nothing else.")] = False,
    running: Annotated[
        bool,
        typer.Option(
            "--running", help="Start nothing: use the services at REGISTRATION_URL and so on 使用已运行的服务."
        ),
    ] = False,
    registry: Annotated[
        bool, typer.Option("--registry", help="Import a register instead, and show its numbers 改为导入登记数据.")
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option(help="CSV files to import with --registry; without it the real ones, or made-up ones."),
    ] = None,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Start everything, make district X of the study, and show its figures in the graph. 一键演示。

    58,725 made-up entities with their organisations, members and cadres go through the services' own front doors; then
    the graph is asked for each figure of the study. The same command again changes nothing, and goes on where one was
    interrupted. --registry imports ../shared/data/registry where it stands beside the repository, else made-up rows of
    the same shape. --running is for a deployment: REGISTRATION_URL, LEDGERS_URL, ASSESSMENT_URL, PAIRING_URL and
    GATEWAY_URL say where its services are, KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL_LEDGERS and
    DATABASE_URL_REGISTRATION where the small district's dead letters and rejects go, and --data-dir has the
    development issuer's key in `secrets`.

    Example 示例: lianhe demo --small --once
    """
    if registry or source is not None:
        if small or as_json or running or as_of is not None:
            raise typer.BadParameter(
                "--small, --as-of, --json and --running are for the district; leave them out with --registry and "
                "--source "
                "这些选项仅用于演示区，不能与 --registry、--source 同用"
            )
        show_registry(once=once, data_dir=data_dir, source=source)
        return
    if running and once:
        raise typer.BadParameter("--once stops what --running did not start 不能停止并非由本命令启动的服务")
    study = SMALL if small else DISTRICT_X
    asked = Asked(study=study, small=small, seed=seed, running=running, as_of=AS_OF if as_of is None else as_of.date())
    show_district(asked, once=once, as_json=as_json, data_dir=data_dir)
