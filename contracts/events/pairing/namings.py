"""What entities are named as 命名 (domain rule 13). A name is put up in public, as a plate at the door."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Uscc, Version
from contracts.events.pairing.facts import BUREAU, DIVISION, EFFECTIVE, RECORDED, VERSION
from contracts.vocabulary import Bureau, NamingKind, NamingState


class NamingRecorded(EventData):
    """Whole state of what an entity is named as."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.naming.recorded.v1"
    topic: ClassVar[str] = "pairing-naming"
    meaning: ClassVar[str] = "An entity was named, as a demonstration business for one, or its name was taken back."
    meaning_zh: ClassVar[str] = "市场主体命名或撤销命名"

    naming_id: Annotated[UUID, Field(description="Id of the naming.")]
    version: Annotated[Version, VERSION]
    kind: Annotated[NamingKind, Field(description="As what.")]
    entity_id: Annotated[UUID, Field(description="The entity.")]
    uscc: Annotated[Uscc, Field(description="The entity's code.")]
    document: Annotated[
        str | None, StringConstraints(min_length=1, max_length=200), Field(description="The decision, by title 文件.")
    ] = None
    named_on: Annotated[date, Field(description="Day from which it is named 命名日期, Asia/Shanghai.")]
    withdrawn_on: Annotated[date | None, Field(description="Day from which it is not any more, where known.")] = None
    state: Annotated[NamingState, Field(description="WITHDRAWN from `withdrawn_on` on.")]
    division_code: Annotated[DivisionCode, DIVISION]
    bureau: Annotated[Bureau, BUREAU]
    effective_on: Annotated[date, EFFECTIVE]
    recorded_at: Annotated[RecordedAt, RECORDED]

    @property
    def key(self) -> str:
        """Record key: the naming's id."""
        return str(self.naming_id)


EVENTS: Final[tuple[type[EventData], ...]] = (NamingRecorded,)
