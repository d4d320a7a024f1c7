"""How far a topic goes, where the broker doesn't say."""

import asyncio

import pytest

from kit import ends


async def test_a_broker_that_is_away_is_told() -> None:
    with pytest.raises(ConnectionError, match=r"^ledgers-entity: KafkaConnectionError$"):
        await ends.end_offsets("127.0.0.1:1", "ledgers-entity")


async def test_a_broker_that_hangs_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ends, "ANSWER_SECONDS", 0.2)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionError, match=r"^ledgers-entity: TimeoutError$"):
            await ends.end_offsets(f"127.0.0.1:{port}", "ledgers-entity")
