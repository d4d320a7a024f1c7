"""Party-building forms 党建信息采集表: what registering, changing or deregistering an entity asks (domain rule 7)."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import EventData
from contracts.events.processes import ProcessMoved
from contracts.vocabulary.registration import FormAction, FormOccasion, FormState

Count = Annotated[int, Field(ge=0, le=10_000_000)]
"""A number of persons."""


class FormMoved(ProcessMoved):
    """Whole state of a Party-building form. Answers are absent until it is answered, or where they were not asked."""

    event_type: ClassVar[str] = "cn.lianhe.registration.form.moved.v1"
    topic: ClassVar[str] = "registration-form"
    meaning: ClassVar[str] = "The Party-building questions were asked of an entity, answered, corrected or superseded."
    meaning_zh: ClassVar[str] = "市场主体党建信息同步采集进展"

    entity_id: Annotated[UUID, Field(description="The entity.")]
    occasion: Annotated[FormOccasion, Field(description="What it was asked with.")]
    edition: Annotated[
        str, StringConstraints(pattern=r"^[0-9a-z-]{1,40}$"), Field(description="The edition of the questions 版本.")
    ]
    asked_on: Annotated[date, Field(description="Day on which it was asked, Asia/Shanghai; the edition is that day's.")]
    employees: Annotated[Count | None, Field(description="从业人数.")] = None
    full_members: Annotated[Count | None, Field(description="正式党员人数.")] = None
    probationary_members: Annotated[Count | None, Field(description="预备党员人数.")] = None
    has_organisation: Annotated[
        bool | None, Field(description="Whether it has a Party organisation 是否建立党组织.")
    ] = None
    has_secretary: Annotated[bool | None, Field(description="Whether that has a secretary 是否有党组织书记.")] = None
    wishes_guidance: Annotated[bool | None, Field(description="Whether it wishes guidance 是否需要党建指导.")] = None
    state: Annotated[FormState, Field(description="State after the step.")]
    action: Annotated[FormAction, Field(description="The step.")]


EVENTS: Final[tuple[type[EventData], ...]] = (FormMoved,)
