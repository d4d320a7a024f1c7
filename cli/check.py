"""`lianhe check`: every store has the same facts, or it says which row differs."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Annotated, Final, cast

import asyncpg
import orjson
import typer
from rich.console import Console
from rich.table import Table

from cli.comparison import Compared, Comparison, Session, compare, look_again
from cli.environment import NothingRunsError, use_what_runs
from cli.errors import stderr, told
from cli.stores import comparisons
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from gateway.read_model import IncompleteBuildError, NoReadModelError, live_schema, require_complete
from kit import loop
from kit.clock import SystemClock, today
from kit.database import AWAY, Connection
from kit.settings import NOT_SET, SettingsError, setting
from services.assessment.domain.first_scheme import FORTRESS_INDEX
from services.assessment.domain.scheme import Edition
from services.assessment.repository.schemes import in_force

SERVICES: Final = ("registration", "ledgers", "assessment", "pairing", "gateway")
SHOWN: Final = 20
AGAIN_SECONDS: Final = 0.5


def check(
    *,
    wait: Annotated[float, typer.Option(min=0, help="Seconds in which what differs may still arrive.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Compare every row of every store with its owner's, and name those that differ. 核对各服务数据是否一致。

    Reads only. A row that differs is looked at again for some seconds: it may be on its way. Numbers that follow from
    others are recomputed. Exit status 1 where a difference stays.

    Example 示例: lianhe check --wait 60
    """
    with told(NothingRunsError, NoReadModelError, IncompleteBuildError, SettingsError, *AWAY):
        use_what_runs(data_dir)
        found = loop.run(_check(_addresses(), wait))
    if as_json:
        print(_json(found))
    else:
        _print(found)
    if any(one.differences for one in found):
        raise typer.Exit(1)


def _addresses() -> dict[str, str]:
    variables = {service: f"DATABASE_URL_{service.upper()}" for service in SERVICES}
    found = {service: setting(variable) for service, variable in variables.items()}
    missing = [f"{variables[service]}: {NOT_SET}" for service, url in found.items() if url is None]
    if missing:
        raise SettingsError("\n".join(missing))
    return {service: url for service, url in found.items() if url is not None}


async def _check(addresses: Mapping[str, str], wait: float) -> list[Compared]:
    async with AsyncExitStack() as stack:
        # Two sides of a comparison may be in one database, and a connection reads one stream at a time.
        lefts, rights = [{service: await _session(stack, url) for service, url in addresses.items()} for _ in range(2)]
        await require_complete(lefts["gateway"], await live_schema(lefts["gateway"]))
        deadline = asyncio.get_running_loop().time() + wait
        found, still = await _pass(lefts, rights, deadline)
        # what arrived meanwhile may have led to more: only a pass in which nothing moved says that all is the same
        while still and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(AGAIN_SECONDS)
            found, still = await _pass(lefts, rights, deadline)
    return found


async def _pass(
    lefts: Mapping[str, Session], rights: Mapping[str, Session], deadline: float
) -> tuple[list[Compared], bool]:
    """Compare everything once, and what differs again for as long as there is time; tell whether anything moved."""
    made = comparisons(await live_schema(lefts["gateway"]), await _edition(lefts["assessment"]))
    moved = await _events_waiting(lefts)
    found = []
    for one in made:
        stderr.print(f"comparing 核对: {one.name}", style="dim")
        found.append(await compare(one, lefts, rights))
    moved = moved or any(one.differences for one in found)
    while any(one.differences for one in found) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(AGAIN_SECONDS)
        found = [await _again(one, lefts, rights, before) for one, before in zip(made, found, strict=True)]
    return found, moved


async def _events_waiting(sessions: Mapping[str, Session]) -> bool:
    """Tell whether a service has events that are not sent yet."""
    waiting = [await session.fetchval("SELECT EXISTS (SELECT FROM outbox)") for session in sessions.values()]
    return any(waiting)


async def _edition(session: Session) -> Edition | None:
    """Return the edition of the scheme in force; None before assessment's first start."""
    published = await in_force(cast("Connection", session), FORTRESS_INDEX, today(SystemClock()))
    return None if published is None else published.edition


async def _again(
    comparison: Comparison, lefts: Mapping[str, Session], rights: Mapping[str, Session], before: Compared
) -> Compared:
    if before.more:  # those that weren't listed can't be looked at by their ids
        return await compare(comparison, lefts, rights)
    return await look_again(comparison, lefts, before) if before.differences else before


async def _session(stack: AsyncExitStack, url: str) -> Session:
    session: Session = await asyncpg.connect(
        url,
        timeout=10,
        server_settings={
            "application_name": "check",
            "timezone": "UTC",
            "default_transaction_read_only": "on",
        },
    )
    stack.push_async_callback(session.close)
    return session


def _json(found: list[Compared]) -> str:
    return orjson.dumps(
        {
            "differences": sum(len(one.differences) for one in found),
            "comparisons": [
                {
                    "name": one.name,
                    "rows": one.rows,
                    "more": one.more,
                    "differences": [{"id": str(each.id), "what": each.what} for each in one.differences],
                }
                for one in found
            ],
        }
    ).decode()


def _print(found: list[Compared]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    table = Table("compared 核对项", "rows 行数", "differences 差异")
    for one in found:
        table.add_row(one.name, f"{one.rows:,}", f"{len(one.differences):,}{'+' if one.more else ''}")
    console.print(table)
    listed = [difference for one in found for difference in one.differences]
    for difference in listed[:SHOWN]:
        console.print(f"{difference.comparison} · {difference.id} · {difference.what}", markup=False)
    if len(listed) > SHOWN:
        console.print(f"… and {len(listed) - SHOWN:,} more; all with --json 其余见 --json")
    if not listed:
        console.print("everything is the same everywhere 各处数据一致")
