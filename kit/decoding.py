"""From a Kafka record to an event. Never fails: what can't be read becomes a fault with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from pydantic import ValidationError

from contracts.envelope import Envelope, EnvelopeError, family_and_version
from contracts.events.base import EventData
from kit.faults import Reason

E_co = TypeVar("E_co", bound=EventData, covariant=True)

_MAX_DETAIL: Final = 500


class Record(Protocol):
    """The part of aiokafka's record that is read here."""

    @property
    def topic(self) -> str:
        """Name of the topic, prefix included."""
        ...

    @property
    def partition(self) -> int:
        """Number of the partition."""
        ...

    @property
    def offset(self) -> int:
        """Offset in the partition."""
        ...

    @property
    def key(self) -> bytes | None:
        """Record key."""
        ...

    @property
    def value(self) -> bytes | None:
        """Record body."""
        ...

    @property
    def headers(self) -> tuple[tuple[str, bytes | None], ...]:
        """Record headers, in order; a value may be null on the wire."""
        ...

    @property
    def timestamp(self) -> int:
        """Milliseconds since the epoch."""
        ...


class Decoded(NamedTuple, Generic[E_co]):
    """A record that could be read."""

    record: Record
    envelope: Envelope
    event: E_co


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that can't be taken in, and why. The detail holds no value of the record."""

    record: Record
    reason: Reason
    detail: str
    record_type: str | None = None


@dataclass(frozen=True, slots=True)
class UnknownType:
    """A record of a type that this consumer doesn't take in: skipped and counted."""

    record: Record


@dataclass(frozen=True, slots=True)
class HigherVersion:
    """A record of a known type in a version that only a newer release reads: its partition waits there."""

    record: Record
    record_type: str


Outcome = Decoded[E_co] | Fault | UnknownType | HigherVersion


class Decoder(Generic[E_co]):
    """Reads the records of some event types.

    Args:
        models: the types taken in. Every version that may still be on a topic must be among them.
    """

    def __init__(self, *models: type[E_co]) -> None:
        self._models: Mapping[str, type[E_co]] = {model.event_type: model for model in models}
        self._highest: dict[str, int] = {}
        for event_type in self._models:
            family, version = family_and_version(event_type)
            self._highest[family] = max(version, self._highest.get(family, 0))

    def decode(self, record: Record) -> Outcome[E_co]:
        """Read one record."""
        try:
            envelope = Envelope.decode(record.headers)
        except EnvelopeError as error:
            return Fault(record, Reason.HEADERS_INVALID, f"{error.reason}: {error.detail}"[:_MAX_DETAIL])
        model = self._models.get(envelope.type)
        if model is None:
            return HigherVersion(record, envelope.type) if self._is_newer(envelope.type) else UnknownType(record)
        if record.value is None:
            return Fault(record, Reason.BODY_MISSING, "the record has no body", envelope.type)
        try:
            event = model.model_validate_json(record.value)
        except ValidationError as error:
            return Fault(record, Reason.BODY_INVALID, _places(error), envelope.type)
        if not event.key == envelope.subject == _text(record.key):
            # Order and compaction go by the record key, what is changed by the body: they must mean one aggregate.
            return Fault(record, Reason.KEY_MISMATCH, "record key, ce_subject and the body's id differ", envelope.type)
        return Decoded(record, envelope, event)

    def _is_newer(self, event_type: str) -> bool:
        try:
            family, version = family_and_version(event_type)
        except EnvelopeError:  # somebody else's name
            return False
        return version > self._highest.get(family, version)


def _text(key: bytes | None) -> str | None:
    return None if key is None else key.decode(errors="replace")


def _places(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['type']}" for one in found)[:_MAX_DETAIL]
