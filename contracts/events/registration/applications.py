"""Online registration of households 个体工商户网上登记 (domain rule 7). Who applies is never told."""

from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.events.base import EventData, Uscc
from contracts.events.processes import ProcessMoved
from contracts.vocabulary.registration import ApplicationAction, ApplicationState


class ApplicationMoved(ProcessMoved):
    """Whole state of an application. What is applied for is told with the entity, once it is registered."""

    event_type: ClassVar[str] = "cn.lianhe.registration.application.moved.v1"
    topic: ClassVar[str] = "registration-application"
    meaning: ClassVar[str] = "An application to register a household online was made, or went a step further."
    meaning_zh: ClassVar[str] = "个体工商户网上登记办理进展"

    entity_id: Annotated[UUID | None, Field(description="The entity, once it is registered.")] = None
    uscc: Annotated[Uscc | None, Field(description="Its 统一社会信用代码, once it is registered.")] = None
    state: Annotated[ApplicationState, Field(description="State after the step.")]
    action: Annotated[ApplicationAction, Field(description="The step.")]


EVENTS: Final[tuple[type[EventData], ...]] = (ApplicationMoved,)
