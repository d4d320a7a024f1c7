"""Files taken in on the real database: what is counted, stored and told, once, twice, and after an interruption."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest
from asyncpg import ConnectionDoesNotExistError

from contracts.events.registration import EntityChanged, EntityRegistered
from kit.clock import ManualClock
from kit.database import Database, Transaction
from kit.files.column_map import ColumnMap
from kit.files.outcomes import Counts, Rejected
from kit.files.source import expand
from services.registration.handlers.import_files import Imported, Importer
from services.registration.handlers.preview import Preview
from services.registration.imported_files import ConcurrentImportError, FileState
from services.registration.intake.column_map import AS_NAMED
from services.registration.intake.outcomes import Accepted
from tests.conftest import MakeDatabase

pytestmark = pytest.mark.servers

HEADER = "企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址"
A, B, C = "91999999MA0000001N", "91999999MA0000002R", "92999999MA0000003R"
NOW = datetime(2024, 2, 28, 2, 0, tzinfo=UTC)


@dataclass
class Heard:
    """A watcher that remembers."""

    begun: list[tuple[str, int]] = field(default_factory=list)
    rejects: list[int] = field(default_factory=list)
    stop_at: int | None = None
    batches: int = 0

    def file_begun(self, path: Path, state: FileState) -> None:
        self.begun.append((path.name, state.done))

    def rejected(self, _path: Path, rejected: Rejected) -> None:
        self.rejects.append(rejected.line)

    def noticed(self, _path: Path, _accepted: Accepted) -> None:
        return

    def moved(self, _path: Path, _offset: int, _counts: Counts) -> None:
        self.batches += 1
        if self.batches == self.stop_at:
            raise KeyboardInterrupt

    def waiting(self, _reason: str) -> None:
        return


def row(uscc: str, name: str = "某公司", day: str = "2001-02-03", district: str = "万州") -> str:
    return f"{name},{uscc},{day},N/A,N/A,N/A,N/A,重庆,{district},N/A"


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
    return path


@pytest.fixture
async def url(make_database: MakeDatabase) -> str:
    return await make_database("registration")


async def take_in(
    url: str, *paths: Path, watcher: Heard | None = None, columns: ColumnMap = AS_NAMED
) -> list[Imported]:
    database = Database(url, application_name="test")
    importer = Importer(database, ManualClock(NOW), trace_sample_ratio=0, watcher=watcher or Heard(), columns=columns)
    try:
        return [await importer.take_in(path) for path in paths]
    finally:
        await database.close()


async def preview(url: str, *paths: Path, columns: ColumnMap = AS_NAMED) -> list[Imported]:
    database = Database(url, application_name="test")
    try:
        return await Preview(database, ManualClock(NOW), watcher=Heard(), columns=columns).count(paths)
    finally:
        await database.close()


async def told(url: str) -> Sequence[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch("SELECT type, key, payload, causation_id FROM outbox ORDER BY id")
    finally:
        await connection.close()


async def test_new_entities_are_stored_and_told(url: str, tmp_path: Path) -> None:
    (done,) = await take_in(url, write(tmp_path / "a.csv", row(A), row(B), row("broken")))

    assert done.counts == Counts(new=2, rejected=1)
    events = [EntityRegistered.model_validate_json(one["payload"]) for one in await told(url)]
    assert [one["type"] for one in await told(url)] == [EntityRegistered.event_type] * 2
    assert [(one.uscc, one.version, one.effective_on) for one in events] == [
        (A, 1, date(2001, 2, 3)),
        (B, 1, date(2001, 2, 3)),
    ]
    assert {one.division_code for one in events} == {"500101000000"}
    assert [one["key"] for one in await told(url)] == [str(one.entity_id) for one in events]


async def test_the_same_file_again_changes_nothing_and_tells_its_rejects_again(url: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", row(A), row("broken"), row(B))
    await take_in(url, path)
    before = await told(url)
    heard = Heard()

    (again,) = await take_in(url, path, watcher=heard)

    assert (again.counts, again.known) == (Counts(unchanged=2, rejected=1), True)
    assert heard.rejects == [3]
    assert await told(url) == before


async def test_a_change_is_told_with_the_next_version_from_today(url: str, tmp_path: Path) -> None:
    await take_in(url, write(tmp_path / "a.csv", row(A), row(B)))

    (done,) = await take_in(url, write(tmp_path / "b.csv", row(A, name="改名公司"), row(B)))

    assert done.counts == Counts(changed=1, unchanged=1)
    last = (await told(url))[-1]
    assert last["type"] == EntityChanged.event_type
    event = EntityChanged.model_validate_json(last["payload"])
    assert (event.uscc, event.name, event.version, event.effective_on) == (A, "改名公司", 2, date(2024, 2, 28))


async def test_a_file_corrects_who_was_deregistered_and_leaves_the_day(url: str, tmp_path: Path) -> None:
    await take_in(url, write(tmp_path / "a.csv", row(A)))
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE entity SET state = 'DEREGISTERED', version = 2, effective_on = '2023-05-06'")
    await connection.close()

    (done,) = await take_in(url, write(tmp_path / "b.csv", row(A, name="更正名称公司")))

    assert done.counts == Counts(changed=1)
    event = EntityChanged.model_validate_json((await told(url))[-1]["payload"])
    assert (event.state, event.name, event.version) == ("DEREGISTERED", "更正名称公司", 3)
    assert event.effective_on == date(2023, 5, 6)


async def test_a_code_twice_in_a_file_is_a_change_and_the_file_again_is_none(url: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", row(A, name="先"), row(A, name="后"), row(A, name="后"))

    (first,) = await take_in(url, path)
    (again,) = await take_in(url, path)

    assert first.counts == Counts(new=1, changed=1, unchanged=1)
    assert again.counts == Counts(unchanged=3)


async def test_an_older_file_does_not_undo_a_newer_one(url: str, tmp_path: Path) -> None:
    older = write(tmp_path / "older.csv", row(A, name="旧"))
    await take_in(url, older, write(tmp_path / "newer.csv", row(A, name="新")))

    (again,) = await take_in(url, older)

    assert again.counts == Counts(unchanged=1)
    assert len(await told(url)) == 2


async def test_an_interrupted_import_goes_on_and_counts_the_whole(url: str, tmp_path: Path) -> None:
    codes = [A, B, C]
    path = write(tmp_path / "a.csv", *(row(code, name=f"第{turn}次") for turn in range(4) for code in codes), row("x"))
    with pytest.raises(KeyboardInterrupt):
        await take_in(url, path, watcher=Heard(stop_at=2))
    heard = Heard()

    (done,) = await take_in(url, path, watcher=heard)

    assert heard.begun == [("a.csv", 6)]
    assert heard.rejects == [14]
    assert done.counts == Counts(new=3, changed=9, rejected=1)
    assert len(await told(url)) == 12


async def test_two_imports_of_one_file_at_once_do_not_both_write(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.csv", row(A), row(A, name="改"), row(B))

    database = Database(url, application_name="test")
    importer = Importer(database, ManualClock(NOW), trace_sample_ratio=0, watcher=Heard())
    slow = importer._batch

    async def overtaken(*arguments: object) -> FileState:
        await take_in(url, path)
        return await slow(*arguments)  # type: ignore[arg-type]  # handed through as they came

    monkeypatch.setattr(importer, "_batch", overtaken)
    try:
        with pytest.raises(ConcurrentImportError):
            await importer.take_in(path)
    finally:
        await database.close()

    assert len(await told(url)) == 3


async def test_a_preview_counts_what_the_import_then_does(url: str, tmp_path: Path) -> None:
    await take_in(url, write(tmp_path / "before.csv", row(A), row(B)))
    files = [
        write(tmp_path / "1.csv", row(A), row(B, name="改"), row(C), row("broken")),
        write(tmp_path / "2.csv", row(B, name="改"), row(C, name="再改"), row(A)),
    ]
    stored = await told(url)

    counted = await preview(url, *files)

    assert await told(url) == stored
    assert [one.counts for one in counted] == [
        Counts(new=1, changed=1, unchanged=1, rejected=1),
        Counts(changed=1, unchanged=2),
    ]
    assert [one.counts for one in await take_in(url, *files)] == [one.counts for one in counted]
    assert [one.counts for one in await preview(url, *files)] == [
        Counts(unchanged=3, rejected=1),
        Counts(unchanged=3),
    ]


async def test_the_real_register_has_its_known_answers(url: str, registry: Path) -> None:
    paths = expand([registry])

    first = sum((one.counts for one in await take_in(url, *paths)), Counts())
    again = sum((one.counts for one in await take_in(url, *paths)), Counts())

    assert first == Counts(new=17_945, rejected=29)
    assert again == Counts(unchanged=17_945, rejected=29)
    assert len(await told(url)) == 17_945


@pytest.mark.parametrize(("turns", "answer_lost"), [({1, 3, 6}, False), ({1, 3, 5}, True)])
async def test_each_transaction_of_an_import_waits_for_a_database_that_goes_away(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: set[int], *, answer_lost: bool
) -> None:
    path = write(tmp_path / "a.csv", row(A), row(B), row("x"))
    earlier = write(tmp_path / "earlier.csv", row(C))
    monkeypatch.setattr("kit.patience.asyncio.sleep", _at_once)
    database = Database(url, application_name="test")
    importer = Importer(database, ManualClock(NOW), trace_sample_ratio=0, watcher=Heard())
    await importer.take_in(earlier)
    opened = database.transaction
    turn = 0

    @asynccontextmanager
    async def goes_away() -> AsyncIterator[Transaction]:
        nonlocal turn
        turn += 1
        gone = ConnectionDoesNotExistError("connection was closed in the middle of operation")
        if turn in turns and not answer_lost:
            raise gone
        async with opened() as transaction:
            yield transaction
        if turn in turns:
            raise gone

    monkeypatch.setattr(database, "transaction", goes_away)
    try:
        done = await importer.take_in(path)
    finally:
        await database.close()

    assert done.counts == Counts(new=2, rejected=1)
    assert len(await told(url)) == 3
    (again,) = await take_in(url, path)
    assert again.known
    assert again.counts == Counts(unchanged=2, rejected=1)


_sleep = asyncio.sleep


async def _at_once(_seconds: float) -> None:
    await _sleep(0)
