"""Builds the read model anew beside the one that is read, from the topics' start, and switches to it.

The live build is never touched: until the switch, which is one row of one transaction, the graph reads it and the
gateway keeps it up to date. Whatever ends a rebuild early, the next one drops what it left and begins anew: half a
build may have been written by another release's rules, so it is never gone on with.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final, TypeAlias

import asyncpg
from aiokafka.errors import KafkaError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from gateway.projection.catching_up import BuildingError, CatchingUp, Watcher
from gateway.projection.live import BUILDER
from gateway.projection.positions import Positions, has
from gateway.projection.running import RunningBuild
from gateway.projection.switching import count_rows, frozen
from gateway.read_model import LiveBuildError, builds, create, drop, lacking, live_schema, number, switch
from kit.database import CONNECT_SECONDS, SERVER_SETTINGS
from kit.sessions import sqlalchemy_url
from kit.settings import ServiceSettings

LOCK: Final = 0x4C49414E_5245424C
LOOK_SECONDS: Final = 0.25
UNATTENDED_SECONDS: Final = 90.0
"""So long a process may take to let go of a build that is to be dropped: a hand-over ends after 60 s."""
SMALL_LAG: Final = 1000
"""Records, on all topics: some tenths of a second. So much may be missing when the live build is held."""
HELD_SECONDS: Final = 5.0
"""So long the live build is held for the new one to pass it; then it is let go, and held again later."""
BELIEVED_SECONDS: Final = 1.2
"""Longer than a reader believes the pointer: after it nobody reads the former build."""
TAKE_OVER_SECONDS: Final = 60.0

Session: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Switched:
    """What a rebuild, or going back, came to.

    Attributes:
        before: the build that was read.
        build: the one that is read now.
        events: taken in on the way.
        filling_seconds: until it had what was there when it began.
        seconds: until the end.
        rows: of each table, how many the former build had when it was switched, and how many the new one; None where
            one of them has no such table.
        taken_over: whether a gateway keeps the build up to date now; else one will go on where this ended.
    """

    before: str
    build: str
    events: int
    filling_seconds: float
    seconds: float
    rows: Mapping[str, tuple[int | None, int | None]]
    taken_over: bool


class Building:
    """Builds the read model, as one process at a time.

    Args:
        settings: where the broker is.
        database_url: the gateway's database, by a role that owns the builds.
        watcher: sees how it gets on.
    """

    def __init__(self, settings: ServiceSettings, database_url: str, watcher: Watcher) -> None:
        self._settings = settings.model_copy(update={"instance_id": BUILDER})
        self._url = database_url
        self._watcher = watcher

    async def anew(self) -> Switched:
        """Build the read model from the topics and switch to it. All builds but the live one are dropped before.

        Raises:
            BuildingError: it can't be done, or another process does it.
            NoReadModelError: there is no live build.
            KafkaError: the broker is away when it begins.
            OSError: the database went away; the next run begins anew.
            asyncpg.PostgresError: the same, or the database refuses.
        """
        async with self._alone() as session, Positions(self._settings) as positions:
            live = await live_schema(session)
            there = await builds(session)
            gone = await positions.numbered() - {live, *there}
            # a number is never used again: groups of that name may still have offsets
            name = f"model_{1 + max(map(number, {live, *there, *gone}))}"
            await self._clear(positions, [one for one in there if one != live])
            for one in gone:
                await positions.leave(one, BUILDER)
                await positions.forget(one)
            await self._in_transaction(create, name)
            try:
                return await self._fill_and_switch(session, positions, live, name)
            except BaseException:
                await self._give_up(positions, name)
                raise

    async def back(self) -> Switched:
        """Bring the former build up to date, where it still is, and switch to it.

        Raises:
            BuildingError: it is not there, or lacks tables of this release; and as `anew`.
        """
        async with self._alone() as session, Positions(self._settings) as positions:
            live = await live_schema(session)
            former = [one for one in await builds(session) if number(one) < number(live)]
            if not former:
                raise BuildingError(f"there is no build before {live} to go back to {live} 之前没有可恢复的读模型")
            missing = await lacking(session, former[-1])
            if missing:
                raise BuildingError(
                    f"{former[-1]} lacks tables of this release: {', '.join(missing)}. Build anew: lianhe rebuild\n"
                    f"{former[-1]} 缺少当前版本的表，请运行 lianhe rebuild 重建"
                )
            await positions.leave(former[-1], BUILDER)
            return await self._fill_and_switch(session, positions, live, former[-1])

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[Session]:
        session: Session = await asyncpg.connect(
            self._url,
            timeout=CONNECT_SECONDS,
            server_settings={**SERVER_SETTINGS, "application_name": "gateway rebuild"},
        )
        try:
            if not await session.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                raise BuildingError("another rebuild is under way 另一个重建正在进行")
            yield session
        finally:
            session.terminate()

    async def _in_transaction(self, work: Callable[[Connection, str], None], name: str) -> None:
        engine = create_async_engine(sqlalchemy_url(self._url), poolclass=NullPool)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(work, name)
        except DBAPIError as error:
            raise BuildingError(f"{name}: {error.orig}") from error
        finally:
            await engine.dispose()

    async def _clear(self, positions: Positions, names: list[str]) -> None:
        """Drop builds, once no process keeps them up to date."""
        deadline = monotonic() + UNATTENDED_SECONDS
        for name in names:
            await positions.leave(name, BUILDER)
            while attending := set().union(*await positions.instances(name)):
                self._watcher.doing(f"waiting until nobody keeps {name} up to date 等待旧读模型停用")
                if monotonic() > deadline:
                    raise BuildingError(
                        f"{name} is still kept up to date by gateway instance {', '.join(sorted(attending))}; "
                        f"restart it, then run this again 网关实例仍在更新 {name}，请重启该实例后重试"
                    )
                await asyncio.sleep(LOOK_SECONDS)
            await self._in_transaction(drop, name)
            await positions.forget(name)

    async def _give_up(self, positions: Positions, name: str) -> None:
        """Leave nothing behind, as far as that can be done now; the next rebuild does the rest."""
        try:
            await self._in_transaction(drop, name)
            await positions.leave(name, BUILDER)
            await positions.forget(name)
        except LiveBuildError:
            self._watcher.noted(f"{name} is read already 已切换到 {name}")
        except (BuildingError, KafkaError, OSError) as error:
            self._watcher.noted(
                f"what there is of {name} stays until the next rebuild ({type(error).__name__}) "
                f"{name} 的残留将在下次重建时清除"
            )

    async def _fill_and_switch(self, session: Session, positions: Positions, before: str, name: str) -> Switched:
        began = monotonic()
        async with self._running(name) as run:
            self._watcher.doing(f"filling {name} 正在建立")
            step = CatchingUp(session, positions, run, self._watcher)
            await step.reach_the_end()
            filled = monotonic()
            await self._analyse(name)
            rows = await self._switch(step, before)
            self._watcher.doing("waiting until the gateway takes over 等待网关接管")
            taken_over = await _taken_over(positions, before, name)
        await positions.leave(name, BUILDER)
        if not any(await positions.instances(before)) and not taken_over:
            await self._note_what_was_taken(positions, before, name)
        return Switched(
            before=before,
            build=name,
            events=step.events,
            filling_seconds=filled - began,
            seconds=monotonic() - began,
            rows=rows,
            taken_over=taken_over,
        )

    @asynccontextmanager
    async def _running(self, name: str, *, noting: bool = False) -> AsyncIterator[RunningBuild]:
        run = RunningBuild(name, self._settings, self._url, noting=noting, attending=False)
        try:
            async with asyncio.TaskGroup() as group:
                run.start(group)
                try:
                    yield run
                finally:
                    await run.stop()
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _note_what_was_taken(self, positions: Positions, before: str, name: str) -> None:
        """Bring the former build as far as the new one, where no gateway does: subscribers must miss no change."""
        self._watcher.doing("noting changes for subscribers 记录变更")
        taken = await positions.reached(name)
        deadline = monotonic() + TAKE_OVER_SECONDS
        async with self._running(before, noting=True):
            while not has(await positions.reached(before), taken):
                if monotonic() > deadline:
                    self._watcher.noted(
                        f"{before} did not come as far as {name}: subscribers may miss changes of this time "
                        f"{before} 未能追上 {name}，订阅者可能遗漏期间的变更"
                    )
                    break
                await asyncio.sleep(LOOK_SECONDS)
        await positions.leave(before, BUILDER)

    async def _analyse(self, name: str) -> None:
        """Let the planner know the new tables: without statistics the first queries would be slow."""
        self._watcher.doing("gathering statistics 收集统计信息")
        session: Session = await asyncpg.connect(self._url, timeout=CONNECT_SECONDS, server_settings=SERVER_SETTINGS)
        try:
            for table in await session.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", name):
                await session.execute(f'VACUUM (ANALYZE) {name}."{table["tablename"]}"')
        finally:
            await session.close()

    async def _switch(self, step: CatchingUp, before: str) -> Mapping[str, tuple[int | None, int | None]]:
        """Switch where the new build has all that the live one has, so that no reader sees an older state than before.

        The live build is held meanwhile: it is read, and its consumers wait until nobody believes the old pointer.
        """
        name = step.name
        while True:
            self._watcher.doing(f"switching to {name} 正在切换")
            await step.come_near(SMALL_LAG)
            try:
                async with frozen(self._url, before) as holding:
                    if not await step.reach_the_end(within=HELD_SECONDS):
                        continue
                    await holding.execute("SELECT 1")  # it still holds
                    await self._in_transaction(switch, name)
                    rows = await count_rows(holding, before, name)
                    await asyncio.sleep(BELIEVED_SECONDS)
                    return rows
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                self._watcher.doing(f"{before} is being written to; once more 旧读模型写入繁忙，重试")


async def _taken_over(positions: Positions, before: str, name: str) -> bool:
    """Wait until a gateway has taken a build over; False where none does, or those that there were are gone."""
    deadline = monotonic() + TAKE_OVER_SECONDS
    while monotonic() < deadline and any(await positions.instances(before)):
        if all(instances - {BUILDER} for instances in await positions.instances(name)):
            return True
        await asyncio.sleep(LOOK_SECONDS)
    return False
