"""Dead letters that can't be redriven: they keep their record, say why, and hold up no other."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kit import dead_letter_desk as desk
from kit import redriving
from kit.consumer import Heard
from kit.database import Connection
from kit.dead_letter_desk import Look
from kit.dead_letters import Outcome
from kit.sealing import Sealer
from tests.conftest import Eventually
from tests.integration.kit.letters import (
    ACCOUNT,
    NAME,
    NOW,
    STATES,
    ask,
    counted,
    crash,
    drain,
    history,
    mended,
    set_aside,
)
from tests.integration.kit.tally import KEY, AmountGiven, AmountGivenSecond, Place, Replica, Tally
from tests.integration.kit.wire import (
    connected,
    count,
    holds,
    rows,
    running,
    wire,
)

pytestmark = pytest.mark.servers


async def test_what_fails_again_keeps_its_record_with_the_new_reason_and_can_be_asked_for_again(
    place: Place, eventually: Eventually, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("kit.telemetry._tracer", lambda: provider.get_tracer("tests"))
    refused = wire(AmountGiven(account=ACCOUNT, amount=-7, note=f"crash {NAME}"))
    await set_aside(place, eventually, [refused, crash(8)])
    before = counted("lianhe_dead_letters_failed_again_total", consumer="tally.amount", reason="HANDLER_FAILED")
    asked = await ask(place, reason="HANDLER_FAILED")
    assert await drain(Replica(place).redriver) == 2
    after = counted("lianhe_dead_letters_failed_again_total", consumer="tally.amount", reason="HANDLER_FAILED")
    assert after - before == 2
    assert await rows(place, STATES) == [("FAILED_AGAIN", 2)]
    assert await count(place, "account") == 0
    assert await ask(place) in (asked, asked[::-1])
    assert await drain(mended(place).redriver) == 2
    assert await rows(
        place, "SELECT record_offset, state, tries, reason, first_reason FROM dead_letter ORDER BY record_offset"
    ) == [
        (0, "FAILED_AGAIN", 2, "RULE_BROKEN", "HANDLER_FAILED"),
        (1, "REDRIVEN", 2, "HANDLER_FAILED", "HANDLER_FAILED"),
    ]
    assert await rows(place, "SELECT total FROM account") == [(8,)]
    [(letter,)] = await rows(place, "SELECT id FROM dead_letter WHERE record_offset = 0")
    assert [(one.outcome, one.reason, one.detail) for one in await history(place, UUID(str(letter)))] == [
        (Outcome.FAILED, "HANDLER_FAILED", "KeyError"),
        (Outcome.FAILED, "RULE_BROKEN", "an amount is not negative"),
    ]
    assert NAME not in "".join(capfd.readouterr()), "a log holds no value of a record"
    spans = exporter.get_finished_spans()
    assert len([one for one in spans if one.name == "tally.amount redrive"]) == 4
    assert NAME not in "".join(one.to_json(indent=None) for one in spans).encode().decode("unicode_escape")
    assert [one.events for one in spans if one.events] == []


async def test_data_that_the_database_still_refuses_fails_again_and_those_behind_go_on(
    place: Place, eventually: Eventually
) -> None:
    await set_aside(place, eventually, [wire(AmountGiven(account=ACCOUNT, amount=1, note="\u0000")), crash(2)])
    await ask(place)
    assert await drain(mended(place).redriver) == 2
    assert await rows(place, "SELECT state, reason FROM dead_letter ORDER BY record_offset") == [
        ("FAILED_AGAIN", "DATA_REFUSED"),
        ("REDRIVEN", "HANDLER_FAILED"),
    ]
    assert await rows(place, "SELECT total FROM account") == [(2,)]


async def test_a_higher_version_stays_as_it_was_until_a_release_that_reads_it(
    place: Place, eventually: Eventually
) -> None:
    second = AmountGivenSecond(account=ACCOUNT, amount=3, note="crash", currency="CNY")
    await set_aside(place, eventually, [wire(second)], versions=(1, 2))
    [letter] = await ask(place)
    assert await drain(mended(place, versions=(1,)).redriver) == 1
    assert await rows(place, "SELECT state, tries, reason, first_reason FROM dead_letter") == [
        ("SET_ASIDE", 1, "HANDLER_FAILED", None)
    ]
    await ask(place)
    assert await drain(mended(place, versions=(1, 2)).redriver) == 1
    assert [one.outcome for one in await history(place, letter)] == [Outcome.NEWER_RELEASE_NEEDED, Outcome.APPLIED]
    assert await rows(place, "SELECT total FROM account") == [(3,)]


async def test_a_letter_of_a_consumer_that_is_gone_says_so_and_the_others_go_on(
    place: Place, eventually: Eventually
) -> None:
    await set_aside(place, eventually, [crash(1), crash(2)])
    await rows(place, "UPDATE dead_letter SET consumer = 'tally.absent' WHERE record_offset = 0")
    await ask(place)
    assert await drain(mended(place).redriver) == 2
    assert await rows(
        place,
        "SELECT d.consumer, state, outcome FROM dead_letter d JOIN dead_letter_try ON dead_letter_id = id ORDER BY 1",
    ) == [("tally.absent", "SET_ASIDE", "CONSUMER_GONE"), ("tally.amount", "REDRIVEN", "APPLIED")]


async def test_a_letter_sealed_with_another_key_stays_and_says_so(place: Place, eventually: Eventually) -> None:
    await set_aside(place, eventually, [crash(1)])
    await rows(place, "UPDATE dead_letter SET sealed = sealed || '\\x00'")
    [letter] = await ask(place)
    assert await drain(mended(place).redriver) == 1
    assert [one.outcome for one in await history(place, letter)] == [Outcome.SEAL_BROKEN]
    assert await rows(place, "SELECT state FROM dead_letter") == [("SET_ASIDE",)]


async def test_a_database_that_is_away_is_waited_for_and_the_letter_stays_asked_for(
    place: Place, eventually: Eventually, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redriving, "LONGEST_WAIT_SECONDS", 0.2)
    await set_aside(place, eventually, [crash(6)])
    name = place.database_url.rpartition("/")[2]
    admin = Place(place.kafka, place.prefix, place.database_url.rpartition("/")[0] + "/postgres")
    replica = mended(place)
    progress = replica.redriver._progress

    async def ready() -> bool:
        return progress.ready

    async def waits() -> bool:
        return not progress.ready and str(progress.waiting_for).startswith("database 数据库: ")

    async with running(replica.redriver):
        await eventually(ready)
        await rows(admin, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await rows(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        await eventually(waits)
        assert progress.alive
        await rows(admin, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await ask(place)
        await eventually(holds(place, "SELECT state FROM dead_letter", "REDRIVEN"))
        await eventually(ready)
    assert await rows(place, "SELECT total FROM account") == [(6,)]


async def test_a_letter_whose_database_error_can_mend_itself_is_not_marked_as_failed(
    place: Place, eventually: Eventually
) -> None:
    await set_aside(place, eventually, [crash(6)])
    await ask(place)

    def away(_heard: Sequence[Heard[AmountGiven]]) -> None:
        raise ConnectionResetError

    replica = Replica(place, handler=Tally(away, mended=True))
    with pytest.raises(ConnectionResetError):
        await replica.redriver.redrive_next()
    assert await rows(place, "SELECT state, tries FROM dead_letter") == [("ASKED_FOR", 0)]
    assert await count(place, "given") == 0


async def test_who_looked_at_a_record_is_logged_by_the_process_once(
    place: Place, eventually: Eventually, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    await set_aside(place, eventually, [crash(6)])
    [(letter,)] = await rows(place, "SELECT id FROM dead_letter")
    async with connected(place) as connection, connection.transaction():
        record = await desk.reveal(connection, Sealer(KEY), Look(UUID(str(letter)), "auditor", "ticket 12", NOW))
    assert record is not None
    assert record.value is not None
    assert NAME in record.value.decode()
    unlogged = "SELECT count(*) FROM dead_letter_look WHERE logged_at IS NULL"
    assert await rows(place, unlogged) == [(1,)]
    async with running(Replica(place).redriver):
        await eventually(holds(place, unlogged, 0))
    written = caplog.text + "".join(capfd.readouterr())
    assert written.count("ticket 12") == 1
    assert NAME not in written
    assert await rows(place, "SELECT dead_letter_id, looked_by, purpose, looked_at FROM dead_letter_look") == [
        (letter, "auditor", "ticket 12", NOW)
    ]


async def test_a_type_that_this_release_does_not_take_in_stays_as_it_was(place: Place, eventually: Eventually) -> None:
    await set_aside(place, eventually, [crash(1)])
    [letter] = await ask(place)
    assert await drain(mended(place, versions=()).redriver) == 1
    assert [one.outcome for one in await history(place, letter)] == [Outcome.TYPE_NOT_TAKEN]
    assert await rows(place, "SELECT state FROM dead_letter") == [("SET_ASIDE",)]


async def test_a_failure_that_comes_late_takes_nothing_from_what_another_redrove(
    place: Place, eventually: Eventually
) -> None:
    await set_aside(place, eventually, [crash(5)])
    [letter] = await ask(place)
    slow, quick = Replica(place, instance="0"), mended(place, instance="1")
    letters = slow.redriver._dead_letters
    tried = letters.tried

    async def late(
        connection: Connection, letter_id: UUID, outcome: Outcome, fault: tuple[str, str] | None = None
    ) -> bool:
        assert await drain(quick.redriver) == 1
        return await tried(connection, letter_id, outcome, fault)

    letters.tried = late  # type: ignore[method-assign]
    assert await slow.redriver.redrive_next() is True
    assert await rows(place, "SELECT state, tries FROM dead_letter") == [("REDRIVEN", 1)]
    assert [one.outcome for one in await history(place, letter)] == [Outcome.APPLIED]
    assert await rows(place, "SELECT total FROM account") == [(5,)]
