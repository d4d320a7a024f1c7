"""Bad records among good ones: the good are applied, each bad one is set aside once, sealed, told, and named."""

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from contracts.envelope import Envelope
from kit.ids import new_id
from kit.sealing import Sealer
from tests.conftest import Eventually
from tests.integration.kit.tally import KEY, AmountGiven, Place, Replica, TallyDeadLetterRecorded
from tests.integration.kit.wire import (
    Wire,
    committed_offsets,
    count,
    end_offsets,
    holds,
    produce,
    read,
    rewind,
    rows,
    running,
    wire,
)

pytestmark = pytest.mark.servers

ACCOUNT = new_id()
NAME = "王小明"


def given(amount: int, note: str = "") -> Wire:
    return wire(AmountGiven(account=ACCOUNT, amount=amount, note=note))


def _header(name: str, value: bytes | None) -> Wire:
    good = given(1, NAME)
    return replace(good, headers=tuple((one, value if one == name else there) for one, there in good.headers))


def _body(value: bytes | None) -> Wire:
    return replace(given(1), value=value)


def _without_id() -> Wire:
    good = given(1, NAME)
    return replace(good, headers=tuple(one for one in good.headers if one[0] != "ce_id"))


def _null_foreign_header_and_bad_body() -> Wire:
    bad = _body(f'{{"account":"{NAME}"}}'.encode())
    return replace(bad, headers=(*bad.headers, ("x-bureau", None)))


BAD: dict[str, tuple[Callable[[], Wire], str]] = {
    "no JSON": (lambda: _body(f'{{"note":"{NAME}"'.encode()), "BODY_INVALID"),
    "breaks the schema": (lambda: _body(f'{{"account":"{NAME}","amount":"x"}}'.encode()), "BODY_INVALID"),
    "header is not UTF-8": (lambda: _header("ce_source", b"/lianhe/\xff"), "HEADERS_INVALID"),
    "header is missing": (_without_id, "HEADERS_INVALID"),
    "header is null": (lambda: _header("ce_subject", None), "HEADERS_INVALID"),
    "foreign header is null": (_null_foreign_header_and_bad_body, "BODY_INVALID"),
    "PostgreSQL refuses it": (lambda: given(1, f"{NAME}\u0000"), "DATA_REFUSED"),
    "key of another aggregate": (lambda: replace(given(1, NAME), key=str(new_id()).encode()), "KEY_MISMATCH"),
    "no body": (lambda: _body(None), "BODY_MISSING"),
    "breaks a rule": (lambda: given(-1, NAME), "RULE_BROKEN"),
    "handler fails": (lambda: given(1, f"crash {NAME}"), "HANDLER_FAILED"),
}


async def test_good_records_are_applied_and_bad_ones_set_aside_once(
    place: Place, eventually: Eventually, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = {name: make() for name, (make, _) in BAD.items()}
    unknown = _header("ce_type", b"com.example.x")
    good = [given(amount) for amount in range(1, 101)]
    records = list(good)
    for at, one in enumerate([*bad.values(), unknown]):
        records.insert(at * 9 + 4, one)
    await produce(place, records)

    async def caught_up() -> bool:
        return await committed_offsets(place) == await end_offsets(place)

    async with running(Replica(place, batch_size=40).subscription):
        await eventually(caught_up)
    applied = [UUID(str(one)) for (one,) in await rows(place, "SELECT event_id FROM given ORDER BY place")]
    assert applied == [one.event_id for one in good], "in the order of the partition, each once"
    expected = {records.index(one): BAD[name][1] for name, one in bad.items()}
    found = await rows(place, "SELECT record_offset, reason FROM dead_letter")
    assert {int(str(offset)): reason for offset, reason in found} == expected

    await _check_sealed(place, records)
    assert NAME not in "".join(capfd.readouterr()), "a log holds no value of a record"

    await rewind(place)
    assert await committed_offsets(place) == {0: 0}
    async with running(Replica(place, batch_size=25).subscription):
        await eventually(caught_up)
    assert await count(place, "given") == 100
    assert await count(place, "dead_letter") == len(bad)

    async with running(place.relay()):
        await eventually(holds(place, "SELECT count(*) FROM outbox", 0))
    told = await read(place, TallyDeadLetterRecorded.topic)
    events = [TallyDeadLetterRecorded.model_validate_json(one.value or b"") for one in told]
    assert sorted((event.source_offset, event.reason) for event in events) == sorted(expected.items())
    assert {Envelope.decode(one.headers).source for one in told} == {"/lianhe/tally"}
    assert all(NAME.encode() not in (one.value or b"") for one in told)


async def _check_sealed(place: Place, records: list[Wire]) -> None:
    sealer = Sealer(KEY)
    for key, offset, sealed, row in await rows(
        place, "SELECT id, record_offset, sealed, dead_letter::text FROM dead_letter"
    ):
        assert isinstance(sealed, bytes)
        record = records[int(str(offset))]
        opened = json.loads(sealer.open(sealed, place=UUID(str(key)).bytes))
        assert _bytes(opened["key"]) == record.key
        assert _bytes(opened["value"]) == record.value
        assert tuple((name, _bytes(value)) for name, value in opened["headers"]) == record.headers
        assert NAME not in str(row)
        assert NAME.encode() not in sealed
        assert record.value is None or record.value not in sealed


def _bytes(packed: str | None) -> bytes | None:
    return None if packed is None else bytes.fromhex(packed)
