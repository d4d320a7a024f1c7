"""Credit commitments 信用承诺 of entities (domain rule 7)."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.events.base import EventData
from contracts.events.processes import ProcessMoved
from contracts.vocabulary.registration import CommitmentAction, CommitmentKind, CommitmentState


class CommitmentMoved(ProcessMoved):
    """Whole state of a credit commitment. While it is SIGNED it is due at the end of the promised day."""

    event_type: ClassVar[str] = "cn.lianhe.registration.commitment.moved.v1"
    topic: ClassVar[str] = "registration-commitment"
    meaning: ClassVar[str] = (
        "A credit commitment of an entity was signed, fulfilled, broken, repaired or ended, or moved with the entity."
    )
    meaning_zh: ClassVar[str] = "市场主体信用承诺签署、履约、违诺、修复与终止"

    entity_id: Annotated[UUID, Field(description="The entity.")]
    kind: Annotated[CommitmentKind, Field(description="What was promised, by its kind.")]
    promised_until: Annotated[date, Field(description="Last day of what was promised, Asia/Shanghai 承诺期限.")]
    state: Annotated[CommitmentState, Field(description="State after the step.")]
    action: Annotated[CommitmentAction, Field(description="The step.")]


EVENTS: Final[tuple[type[EventData], ...]] = (CommitmentMoved,)
