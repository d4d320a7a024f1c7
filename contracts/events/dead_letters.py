"""What a service tells of a record that it could not take in.

The record itself stays, encrypted, in the service's database.
"""

from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import EventData, RecordedAt


class DeadLetter(EventData):
    """Coordinates and reason of a record set aside 死信."""

    dead_letter_id: Annotated[UUID, Field(description="Id of the dead letter.")]
    consumer: Annotated[
        str, StringConstraints(min_length=1, max_length=100), Field(description="Which consumer set it aside.")
    ]
    source_topic: Annotated[str, Field(description="Topic of the record.")]
    source_partition: Annotated[int, Field(ge=0, description="Partition of the record.")]
    source_offset: Annotated[int, Field(ge=0, description="Offset of the record.")]
    record_type: Annotated[
        str | None, Field(description="The record's CloudEvents type, where its headers could be read.")
    ] = None
    reason: Annotated[
        str, StringConstraints(pattern=r"^[A-Z][A-Z_]+$"), Field(description="A word of kit's fault list.")
    ]
    detail: Annotated[
        str, StringConstraints(max_length=500), Field(description="Where and why, without any value of the record.")
    ]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which it was set aside, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the dead letter's id."""
        return str(self.dead_letter_id)


class LedgersDeadLetterRecorded(DeadLetter):
    """The ledgers set a record aside."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.dead-letter.recorded.v1"
    topic: ClassVar[str] = "ledgers-dead-letter"
    meaning: ClassVar[str] = "The ledgers set a record aside."
    meaning_zh: ClassVar[str] = "台账服务搁置了一条无法入账的记录"


class GatewayDeadLetterRecorded(DeadLetter):
    """The gateway set a record aside."""

    event_type: ClassVar[str] = "cn.lianhe.gateway.dead-letter.recorded.v1"
    topic: ClassVar[str] = "gateway-dead-letter"
    meaning: ClassVar[str] = "The gateway set a record aside."
    meaning_zh: ClassVar[str] = "网关搁置了一条无法投影的记录"


class RegistrationDeadLetterRecorded(DeadLetter):
    """Registration set a record aside."""

    event_type: ClassVar[str] = "cn.lianhe.registration.dead-letter.recorded.v1"
    topic: ClassVar[str] = "registration-dead-letter"
    meaning: ClassVar[str] = "Registration set a record aside."
    meaning_zh: ClassVar[str] = "登记服务搁置了一条无法处理的记录"


class AssessmentDeadLetterRecorded(DeadLetter):
    """Assessment set a record aside."""

    event_type: ClassVar[str] = "cn.lianhe.assessment.dead-letter.recorded.v1"
    topic: ClassVar[str] = "assessment-dead-letter"
    meaning: ClassVar[str] = "Assessment set a record aside."
    meaning_zh: ClassVar[str] = "考核服务搁置了一条无法处理的记录"


class PairingDeadLetterRecorded(DeadLetter):
    """Pairing set a record aside."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.dead-letter.recorded.v1"
    topic: ClassVar[str] = "pairing-dead-letter"
    meaning: ClassVar[str] = "Pairing set a record aside."
    meaning_zh: ClassVar[str] = "结对服务搁置了一条无法处理的记录"


EVENTS: Final[tuple[type[EventData], ...]] = (
    RegistrationDeadLetterRecorded,
    LedgersDeadLetterRecorded,
    AssessmentDeadLetterRecorded,
    PairingDeadLetterRecorded,
    GatewayDeadLetterRecorded,
)
