"""A record that the client library can't parse stops its consumer before anything else is lost."""

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from kit.ids import new_id
from tests.conftest import Eventually
from tests.integration.kit.conftest import MakePlace
from tests.integration.kit.tally import AmountGiven, Place, Replica
from tests.integration.kit.wire import Wire, committed_offsets, count, produce, running, wire

pytestmark = pytest.mark.servers


class _ForeignName(str):
    """A header name as a client of another language may write it: bytes that are no UTF-8."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


async def _produce_with_a_foreign_header_name(place: Place, one: Wire, *, partition: int) -> None:
    builder = BatchBuilder(16_384, 0)
    builder._builder = _DefaultRecordBatchBuilderPy(
        2, 0, is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=0, batch_size=16_384
    )
    builder.append(timestamp=None, key=one.key, value=one.value, headers=[*one.headers, (_ForeignName(), b"")])
    builder.close()
    producer = AIOKafkaProducer(bootstrap_servers=place.kafka)
    await producer.start()
    try:
        await (await producer.send_batch(builder, place.prefix + AmountGiven.topic, partition=partition))
    finally:
        await producer.stop()


async def test_no_record_of_another_partition_is_passed_over(make_place: MakePlace, eventually: Eventually) -> None:
    place = await make_place(2)
    given = [wire(AmountGiven(account=new_id(), amount=amount), partition=0) for amount in range(20)]
    await produce(place, given)
    await _produce_with_a_foreign_header_name(place, given[0], partition=1)
    replica = Replica(place)

    async def failed() -> bool:
        outcome = replica.subscription._failed
        return outcome is not None and outcome.done()

    async def run() -> None:
        async with running(replica.subscription):
            await eventually(failed)
            await produce(place, given[:5])

    with pytest.raises(UnicodeDecodeError):
        await run()
    assert (await committed_offsets(place)).get(0, 0) == await count(place, "given")
    assert await count(place, "dead_letter") == 0
