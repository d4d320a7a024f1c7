"""Facts that the ledgers tell: the entity ledger 市场主体台账."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Uscc, Version
from contracts.vocabulary import Bureau, EntityKind, EntityState


class EntityRecorded(EventData):
    """Whole state of an entity in the entity ledger 市场主体台账."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.entity.recorded.v1"
    topic: ClassVar[str] = "ledgers-entity"
    meaning: ClassVar[str] = "The entity ledger took in a state of an entity."
    meaning_zh: ClassVar[str] = "市场主体台账入账"

    entity_id: Annotated[UUID, Field(description="Id of the entity, as registration made it.")]
    version: Annotated[Version, Field(description="Counts the changes of the ledger's record from 1.")]
    registration_version: Annotated[
        Version, Field(description="Version of the entity at registration that this state reflects.")
    ]
    uscc: Annotated[Uscc, Field(description="Unified social credit code 统一社会信用代码.")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=400), Field(description="企业名称.")]
    kind: Annotated[EntityKind, Field(description="What it counts as.")]
    state: Annotated[EntityState, Field(description="State of the registration.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划; 000000000000 while unassigned.")]
    bureau: Annotated[Bureau, Field(description="The bureau line 条.")]
    registered_on: Annotated[date | None, Field(description="注册日期, where known.")] = None
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledger recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the entity's id."""
        return str(self.entity_id)


EVENTS: Final[tuple[type[EventData], ...]] = (EntityRecorded,)
