"""The outbox refuses before it stores what no broker would take."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from kit.ids import new_id
from kit.outbox import MAX_PAYLOAD_BYTES, PayloadTooLargeError, Told, tell
from tests.unit.kit.records import AmountGiven

ACCOUNT = UUID("01977f3e-0000-7000-8000-0000000000aa")
EMPTY = len(b'{"account":"01977f3e-0000-7000-8000-0000000000aa","amount":1,"note":""}')


class RecordingConnection:
    """Keeps the rows it is given."""

    def __init__(self) -> None:
        self.copied: list[dict[str, Any]] = []

    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[Sequence[object]], columns: Sequence[str]
    ) -> str:
        assert table_name == "outbox"
        self.copied += [dict(zip(columns, record, strict=True)) for record in records]
        return f"COPY {len(self.copied)}"

    async def execute(self, _query: str, *_args: object) -> str:
        raise NotImplementedError

    async def fetch(self, _query: str, *_args: object) -> list[asyncpg.Record]:
        raise NotImplementedError

    async def fetchval(self, _query: str, *_args: object) -> object:
        raise NotImplementedError

    async def fetchrow(self, _query: str, *_args: object) -> asyncpg.Record | None:
        raise NotImplementedError


def _told(note: str) -> Told:
    event = AmountGiven(account=ACCOUNT, amount=1, note=note)
    return Told(event_id=new_id(), event=event, time=datetime(2026, 7, 1, tzinfo=UTC), correlation_id=new_id())


async def test_a_payload_of_exactly_the_limit_is_stored_as_it_is() -> None:
    connection = RecordingConnection()
    told = _told("入" * ((MAX_PAYLOAD_BYTES - EMPTY) // 3) + "x" * ((MAX_PAYLOAD_BYTES - EMPTY) % 3))
    await tell(connection, [told])
    [row] = connection.copied
    assert row["payload"] == told.event.model_dump_json().encode()
    assert len(row.pop("payload")) == MAX_PAYLOAD_BYTES
    assert row == {
        "event_id": told.event_id,
        "topic": "tally-amount",
        "key": str(ACCOUNT),
        "type": "cn.lianhe.tally.amount.given.v1",
        "time": told.time,
        "correlation_id": told.correlation_id,
        "causation_id": None,
        "traceparent": None,
    }


async def test_one_byte_more_is_refused_and_nothing_of_its_batch_is_stored() -> None:
    connection = RecordingConnection()
    with pytest.raises(PayloadTooLargeError, match=rf"amount\.given\.v1 of {ACCOUNT} has 900001 bytes, the limit is"):
        await tell(connection, [_told("small"), _told("x" * (MAX_PAYLOAD_BYTES - EMPTY + 1))])
    assert connection.copied == []


async def test_telling_nothing_wakes_nobody() -> None:
    connection = RecordingConnection()
    await tell(connection, [])
    assert connection.copied == []
