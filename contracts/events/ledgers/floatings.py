"""Floating members 流动党员. Restricted: membership is sensitive personal information."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.events.base import DivisionCode, EventData
from contracts.events.processes import ProcessMoved
from contracts.vocabulary.floatings import FloatingAction, FloatingReason, FloatingState


class FloatingMoved(ProcessMoved):
    """Whole state of a member's being out. They are counted at home all the while."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.floating.moved.v1"
    topic: ClassVar[str] = "ledgers-floating"
    meaning: ClassVar[str] = "A member was reported out, received at the other end, or came back."
    meaning_zh: ClassVar[str] = "流动党员外出、接收与返回"

    member_id: Annotated[UUID, Field(description="The member.")]
    organisation_id: Annotated[UUID, Field(description="流出地党组织, which holds the relation.")]
    to_organisation_id: Annotated[UUID | None, Field(description="流入地党组织, where known.")] = None
    to_division_code: Annotated[DivisionCode, Field(description="行政区划 of the other end.")]
    out_since: Annotated[date, Field(description="First day out, Asia/Shanghai.")]
    reason: Annotated[FloatingReason, Field(description="Why they are out.")]
    state: Annotated[FloatingState, Field(description="State after the step.")]
    action: Annotated[FloatingAction, Field(description="The step.")]


EVENTS: Final[tuple[type[EventData], ...]] = (FloatingMoved,)
