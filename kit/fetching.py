"""aiokafka's consumer, with what it hands out and what it fails with made known."""

from collections.abc import Callable, Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError

from kit.decoding import Record

WAIT_MS: Final = 500
"""For so long a consumer waits for records before it hands out none."""

HandedOut = Callable[[Mapping[TopicPartition, int]], None]
"""Told of a batch in the same step in which it leaves the consumer: its first offset in each partition."""


class ToldConsumer(AIOKafkaConsumer):  # type: ignore[misc] # aiokafka has no types
    """A consumer that hands out nothing more after an error of a fetch.

    `getmany` moves the position of one partition after another. When the records of a later one can't be read, those
    it already went past are in nobody's hands, and the next commit of their partition would skip them; FastStream
    logs such an error, or starts its loop again, and goes on. So the error is told here and the loop is ended: a new
    consumer begins at the committed offsets.

    Args:
        handed_out: told of each batch.
        failed: told the error.
        options: those of aiokafka.
    """

    def __init__(self, *, handed_out: HandedOut, failed: Callable[[Exception], None], **options: object) -> None:
        super().__init__(**options)
        self._tell_handed_out = handed_out
        self._tell_failed = failed

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[Record]]:
        """Return records by partition, as aiokafka does, as soon as there are some.

        It waits longer than it is asked to: FastStream waits for `batch_timeout_ms`, and where nothing came sleeps for
        as long again without looking, so that a record would wait for it half of the time.

        Raises:
            ConsumerStoppedError: the consumer was stopped, or failed and told so.
        """
        try:
            found: dict[TopicPartition, list[Record]] = await super().getmany(
                *partitions, timeout_ms=max(timeout_ms, WAIT_MS), max_records=max_records
            )
        except ConsumerStoppedError:
            raise
        except Exception as error:
            self._tell_failed(error)
            raise ConsumerStoppedError from error
        if found:
            self._tell_handed_out({place: records[0].offset for place, records in found.items()})
        return found
