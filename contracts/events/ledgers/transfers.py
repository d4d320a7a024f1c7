"""Transfers of members 组织关系转接. Restricted: membership is sensitive personal information."""

from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.events.base import DivisionCode, EventData
from contracts.events.processes import ProcessMoved
from contracts.vocabulary.transfers import TransferAction, TransferState


class TransferMoved(ProcessMoved):
    """Whole state of a transfer. The relation is the giving organisation's until the state is COMPLETED."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.transfer.moved.v1"
    topic: ClassVar[str] = "ledgers-transfer"
    meaning: ClassVar[str] = "The transfer of a member's relation began, or went a step further."
    meaning_zh: ClassVar[str] = "党员组织关系转接办理进展"

    member_id: Annotated[UUID, Field(description="The member.")]
    from_organisation_id: Annotated[UUID, Field(description="转出党组织.")]
    to_organisation_id: Annotated[UUID, Field(description="转入党组织.")]
    with_management: Annotated[bool, Field(description="Whether the management 管理 goes there too.")]
    to_division_code: Annotated[DivisionCode, Field(description="行政区划 of the receiving side.")]
    state: Annotated[TransferState, Field(description="State after the step.")]
    action: Annotated[TransferAction, Field(description="The step.")]


EVENTS: Final[tuple[type[EventData], ...]] = (TransferMoved,)
