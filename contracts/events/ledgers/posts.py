"""Posts 岗位 and honours 荣誉 of members. Restricted: membership is sensitive personal information."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.events.ledgers.development import Year
from contracts.vocabulary import Bureau, HonourKind, HonourLevel, HonourState, PostKind, PostState


class PostRecorded(EventData):
    """Whole state of a post that a member holds or held, at an organisation or an entity."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.post.recorded.v1"
    topic: ClassVar[str] = "ledgers-post"
    meaning: ClassVar[str] = "A member took up a post, left it, or all that named them was erased."
    meaning_zh: ClassVar[str] = "党员岗位设置、离岗或信息删除"

    post_id: Annotated[UUID, Field(description="Id of the post.")]
    version: Annotated[Version, Field(description="Counts its changes from 1.")]
    member_id: Annotated[UUID | None, Field(description="The member; absent once their data are erased.")] = None
    kind: Annotated[PostKind, Field(description="What they are charged with.")]
    organisation_id: Annotated[UUID | None, Field(description="党组织 where it is; or the entity.")] = None
    entity_id: Annotated[UUID | None, Field(description="市场主体 where it is; or the organisation.")] = None
    since: Annotated[date, Field(description="First day.")]
    until: Annotated[date | None, Field(description="Last day; absent while it is held.")] = None
    state: Annotated[PostState, Field(description="Whether it is held.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划 of the place.")]
    bureau: Annotated[Bureau, Field(description="The line 条.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledgers recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the id of the post."""
        return str(self.post_id)


class HonourRecorded(EventData):
    """Whole state of an honour of a member."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.honour.recorded.v1"
    topic: ClassVar[str] = "ledgers-honour"
    meaning: ClassVar[str] = "A member was honoured, it was withdrawn, or all that named them was erased."
    meaning_zh: ClassVar[str] = "党员荣誉授予、撤销或信息删除"

    honour_id: Annotated[UUID, Field(description="Id of the honour.")]
    version: Annotated[Version, Field(description="Counts its changes from 1.")]
    member_id: Annotated[UUID | None, Field(description="The member; absent once their data are erased.")] = None
    kind: Annotated[HonourKind, Field(description="What they were honoured as.")]
    level: Annotated[HonourLevel, Field(description="Level of who gave it.")]
    year: Annotated[Year, Field(description="For which year.")]
    awarded_by: Annotated[
        str, StringConstraints(min_length=1, max_length=200), Field(description="授予单位: the unit, never a person.")
    ]
    state: Annotated[HonourState, Field(description="Whether it stands.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划 of the member then.")]
    bureau: Annotated[Bureau, Field(description="The line 条.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledgers recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the id of the honour."""
        return str(self.honour_id)


EVENTS: Final[tuple[type[EventData], ...]] = (PostRecorded, HonourRecorded)
