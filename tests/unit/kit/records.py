"""Records and events that the tests of the kit read and tell."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from contracts.envelope import Envelope
from contracts.events.base import EventData

EVENT_ID = UUID("01977f3e-0000-7000-8000-000000000001")
SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
UNSAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"


class AmountGiven(EventData):
    """An amount was given to an account."""

    event_type: ClassVar[str] = "cn.lianhe.tally.amount.given.v1"
    topic: ClassVar[str] = "tally-amount"
    meaning: ClassVar[str] = "An amount was given to an account."
    meaning_zh: ClassVar[str] = "入账"

    account: UUID
    amount: int
    note: str = ""

    @property
    def key(self) -> str:
        """Record key: the account."""
        return str(self.account)


class AmountGivenThird(AmountGiven):
    """The same in its third version; the second was never used."""

    event_type: ClassVar[str] = "cn.lianhe.tally.amount.given.v3"
    currency: str


@dataclass(frozen=True, slots=True)
class FakeRecord:
    """A record as a Kafka client hands it over."""

    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    topic: str = "tally-amount"
    partition: int = 0
    offset: int = 41
    key: bytes | None = b"01977f3e-0000-7000-8000-0000000000aa"
    timestamp: int = 1_750_000_000_000


BODY = b'{"account":"01977f3e-0000-7000-8000-0000000000aa","amount":5,"note":"\xe8\xb0\xa2\xe8\xb0\xa2"}'


def headers(
    event_type: str = AmountGiven.event_type, *, traceparent: str | None = None, event_id: UUID = EVENT_ID
) -> tuple[tuple[str, bytes | None], ...]:
    """Return the headers of a good record, but for its type, which may be any."""
    envelope = Envelope(
        id=event_id,
        source="/lianhe/tally",
        type=AmountGiven.event_type,
        time=datetime(2026, 7, 1, tzinfo=UTC),
        subject="01977f3e-0000-7000-8000-0000000000aa",
        traceparent=traceparent,
    )
    return tuple((name, event_type.encode() if name == "ce_type" else value) for name, value in envelope.encode())


def record(
    value: bytes | None = BODY, event_type: str = AmountGiven.event_type, *, traceparent: str | None = None
) -> FakeRecord:
    """Return a record of a type with a body."""
    return FakeRecord(value, headers(event_type, traceparent=traceparent))
