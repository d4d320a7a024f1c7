"""`lianhe dead-letters`: the records that could not be taken in; list them, show one, have them redriven."""

import asyncio
import os
import pwd
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Final
from uuid import UUID

import asyncpg
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli import dead_letter_views as views
from cli.environment import NothingRunsError, use_what_runs
from cli.errors import stderr, told
from cli.serve import Service
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from kit import dead_letter_desk as desk
from kit.clock import SystemClock
from kit.database import AWAY, Connection, Database
from kit.dead_letter_desk import MAX_PURPOSE, Chosen, Letter, Look, Try
from kit.dead_letters import Kept, Outcome, State
from kit.faults import Reason
from kit.redriving import session_name
from kit.sealing import SealBrokenError, Sealer
from kit.settings import Key, Settings, load, setting

POLL_SECONDS: Final = 0.2
NOT_ALL_REDRIVEN: Final = 1
STILL_ASKED_FOR: Final = 3
_REDRIVEN: Final = {Outcome.APPLIED, Outcome.KNOWN}

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")

_Service = Annotated[Service, typer.Argument(help="Which service 服务.", show_default=False)]
_Reason = Annotated[Reason | None, typer.Option(help="Only those with this reason 原因.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")]


class DeadLetterError(Exception):
    """What is asked for can't be done; the text says why and what to do, in English and Chinese."""


class RevealSettings(Settings):
    """The key that opens a service's dead letters."""

    service: ClassVar[str] = "dead-letters"
    dead_letter_key: Key


@dataclass(slots=True)
class Redrive:
    """What was asked for and what became of it; what is in neither `ended` nor `before` is still asked for."""

    asked: list[UUID] = field(default_factory=list)
    ended: dict[UUID, Try] = field(default_factory=dict)
    before: list[UUID] = field(default_factory=list)
    attended: bool = True

    @property
    def waiting(self) -> list[UUID]:
        """Those that no process has come to."""
        return [one for one in self.asked if one not in self.ended]


@app.callback()
def dead_letters() -> None:
    """List, show and redrive records that could not be taken in. 死信：查看与重新投递无法处理的记录。

    Example 示例: lianhe dead-letters list ledgers
    """


@app.command("list")
def list_(
    service: Annotated[Service | None, typer.Argument(help="Which service; all without 服务.")] = None,
    *,
    reason: _Reason = None,
    consumer: Annotated[str | None, typer.Option(help="Only those of this consumer 消费者.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only those from this topic, with its prefix 主题.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest 最多条数.")] = 50,
    as_json: _AsJson = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """List dead letters, newest first. 列出死信，最新在前。

    Example 示例: lianhe dead-letters list ledgers --reason RULE_BROKEN
    """
    chosen = Chosen(reason=reason, consumer=consumer, topic=topic)
    with _told():
        found = asyncio.run(_list(_databases(service, data_dir), chosen, limit))
    if as_json:
        views.print_lines([views.letter_json(name, letter) for name, letter in found])
    else:
        views.print_letters(found)


@app.command()
def show(
    service: _Service,
    letter: Annotated[UUID, typer.Argument(metavar="ID", help="Id of the dead letter 死信编号.", show_default=False)],
    *,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Also the record's content; this is noted 查看内容.")
    ] = False,
    purpose: Annotated[str | None, typer.Option(help="What the content is looked at for 查看目的.")] = None,
    as_json: _AsJson = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Show a dead letter and its tries. 查看一条死信及其处理经过。

    With --reveal also its content, which needs the service's DEAD_LETTER_KEY and a --purpose: who looked, when and what
    for goes into the service's database and its log. 查看内容须说明目的，并将记入审计。

    Example 示例: lianhe dead-letters show ledgers 5f0c7a52-93a5-5b0e-8a59-0d3b8c1f2e11 --reveal --purpose "ticket 12"
    """
    with _told():
        checked = _purpose(purpose, reveal=reveal)
        [(name, url)] = _databases(service, data_dir).items()
        sealer = Sealer(load(RevealSettings).dead_letter_key) if reveal else None
        found, history, record = asyncio.run(_show(name, url, letter, sealer, checked))
    if as_json:
        views.print_lines([views.whole_json(name, found, history, record)])
    else:
        views.print_whole(name, found, history, record)


@app.command()
def redrive(
    service: _Service,
    letters: Annotated[list[UUID] | None, typer.Argument(metavar="ID", help="Ids of dead letters 死信编号.")] = None,
    *,
    reason: _Reason = None,
    everything: Annotated[bool, typer.Option("--all", help="All that were not redriven yet 全部.")] = False,
    wait: Annotated[float, typer.Option(min=0, help="For how many seconds to wait for the outcome 等待秒数.")] = 30,
    as_json: _AsJson = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Have dead letters taken in once more, by the service's own process. 重新投递死信。

    They are marked, and the process of the service takes each in exactly once, however often it is asked for. Exit
    status 0 if all were redriven, 1 if some were not, 3 if some are still asked for: the marks stay, and the service
    comes to them when it runs.

    Example 示例: lianhe dead-letters redrive ledgers --reason HANDLER_FAILED
    """
    with _told():
        chosen = _chosen(letters, reason, everything=everything)
        [(name, url)] = _databases(service, data_dir).items()
        with Progress(
            TextColumn("redrive 重新投递"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=stderr,
            disable=as_json or not stderr.is_terminal,
            transient=True,
        ) as bar:
            task = bar.add_task("", total=None)
            done = asyncio.run(
                _redrive(name, url, chosen, wait, lambda ended, total: bar.update(task, completed=ended, total=total))
            )
    if as_json:
        views.print_lines(views.redrive_json(name, done.ended, done.waiting, done.before))
    else:
        views.print_redrive(name, done.ended, done.waiting, done.before, attended=done.attended)
    if wait and done.waiting:
        raise typer.Exit(STILL_ASKED_FOR)
    if any(one.outcome not in _REDRIVEN for one in done.ended.values()):
        raise typer.Exit(NOT_ALL_REDRIVEN)


async def _list(urls: dict[str, str], chosen: Chosen, limit: int) -> list[tuple[str, Letter]]:
    found: list[tuple[str, Letter]] = []
    for name, url in urls.items():
        async with _database(name, url) as database, database.transaction() as transaction:
            found += [(name, letter) for letter in await desk.find(transaction.connection, chosen, limit)]
    return sorted(found, key=lambda one: one[1].recorded_at, reverse=True)[:limit]


async def _show(
    name: str, url: str, letter: UUID, sealer: Sealer | None, purpose: str
) -> tuple[Letter, list[Try], Kept | None]:
    async with _database(name, url) as database:
        async with database.transaction() as transaction:
            [found] = await _find(transaction.connection, name, [letter])
            history = await desk.tries(transaction.connection, letter)
            record = None
            if sealer is not None:
                look = Look(letter, _operating_system_user(), purpose, SystemClock().now())
                record = await desk.reveal(transaction.connection, sealer, look)
        return found, history, record


async def _redrive(name: str, url: str, chosen: Chosen, wait: float, moved: Callable[[int, int], None]) -> Redrive:
    done = Redrive()
    loop = asyncio.get_running_loop()
    async with _database(name, url) as database:
        async with database.transaction() as transaction:
            if chosen.ids is not None:
                there = await _find(transaction.connection, name, chosen.ids)
                done.before = [one.id for one in there if one.state is State.REDRIVEN]
            asked_by = _operating_system_user()
            done.asked = await desk.ask(transaction.connection, chosen, asked_by, SystemClock().now())
        deadline = loop.time() + wait
        while done.waiting and loop.time() < deadline:
            await asyncio.sleep(min(POLL_SECONDS, wait))
            async with database.transaction() as transaction:
                done.ended |= await desk.became(transaction.connection, done.waiting)
            moved(len(done.ended), len(done.asked))
        if done.waiting:
            async with database.transaction() as transaction:
                done.attended = await desk.attended(transaction.connection, session_name(name))
    return done


async def _find(connection: Connection, name: str, ids: Sequence[UUID]) -> list[Letter]:
    found = await desk.find(connection, Chosen(ids=ids))
    absent = ", ".join(str(one) for one in sorted(set(ids) - {letter.id for letter in found}))
    if absent:
        raise DeadLetterError(
            f"{name} has no dead letter {absent}; nothing was done. See them with `lianhe dead-letters list {name}`.\n"
            f"{name} 没有死信 {absent}，未作任何更改。请用 `lianhe dead-letters list {name}` 查看。"
        )
    return found


@asynccontextmanager
async def _database(name: str, url: str) -> AsyncIterator[Database]:
    database = Database(url, application_name="lianhe-dead-letters", pool_size=1)
    try:
        yield database
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as error:
        raise DeadLetterError(
            f"the database of {name} has no dead letters of this release: {error}. Run `lianhe migrate`.\n"
            f"{name} 的数据库结构不是本版本，请先运行 `lianhe migrate`。"
        ) from error
    except SealBrokenError as error:
        raise DeadLetterError(
            f"this DEAD_LETTER_KEY does not open it: it was sealed with another key, or changed in the database. Set "
            f"the key of {name}; nothing was shown.\n"
            f"DEAD_LETTER_KEY 与封存时不符，或内容已被改动。请设置 {name} 的密钥；未显示任何内容。"
        ) from error
    finally:
        await database.close()


def _databases(service: Service | None, data_dir: Path) -> dict[str, str]:
    use_what_runs(data_dir)
    wanted = list(Service) if service is None else [service]
    found = {one.value: url for one in wanted if (url := setting(f"DATABASE_URL_{one.upper()}"))}
    if not found:
        names = ", ".join(f"DATABASE_URL_{one.upper()}" for one in wanted)
        raise DeadLetterError(
            f"no address of a database is set: set {names}, or unset the other addresses to use what `lianhe up` "
            f"started.\n未设置数据库地址：请设置 {names}，或取消其他地址以使用 `lianhe up` 启动的服务。"
        )
    return found


def _purpose(purpose: str | None, *, reveal: bool) -> str:
    words = (purpose or "").strip()
    if reveal and not 0 < len(words) <= MAX_PURPOSE:
        raise DeadLetterError(
            f"--reveal needs a --purpose of 1 to {MAX_PURPOSE} characters: what is the content looked at for?\n"
            f"使用 --reveal 须以 --purpose 说明查看目的（1 至 {MAX_PURPOSE} 字）。"
        )
    if not reveal and purpose is not None:
        raise DeadLetterError("--purpose goes with --reveal only. --purpose 仅与 --reveal 一起使用。")
    return words


def _chosen(letters: list[UUID] | None, reason: Reason | None, *, everything: bool) -> Chosen:
    if [bool(letters), reason is not None, everything].count(True) != 1:
        raise DeadLetterError(
            "say which: ids, or --reason, or --all, one of the three.\n"
            "请指定范围：死信编号、--reason 或 --all，三者选一。"
        )
    return Chosen(ids=tuple(dict.fromkeys(letters)) if letters else None, reason=reason)


def _operating_system_user() -> str:
    """Return who runs this, by the system's own account and not by the environment, which anyone can set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def _told() -> AbstractContextManager[None]:
    return told(NothingRunsError, DeadLetterError, *AWAY)
