"""The ledger of members 党员台账. Restricted: membership is sensitive personal information (个人信息保护法 art. 28)."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.vocabulary import Bureau, LeavingReason, MemberStanding, MemberState


class MemberEvent(EventData):
    """What every event about a member has."""

    topic: ClassVar[str] = "ledgers-member"

    member_id: Annotated[UUID, Field(description="Id of the member.")]
    version: Annotated[Version, Field(description="Counts the member's changes from 1; a higher one is newer.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledgers recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the member's id."""
        return str(self.member_id)


class MemberRecorded(MemberEvent):
    """Whole state of a member, with the three dated facts (domain rule 3); they may point to three places."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.member.recorded.v1"
    meaning: ClassVar[str] = "A member became known, or something about them changed."
    meaning_zh: ClassVar[str] = "党员入账或信息变更"

    masked_name: Annotated[
        str,
        StringConstraints(pattern=r"^.\*{1,3}$"),
        Field(description="The first character of the name and stars: 王*."),
    ]
    born_in: Annotated[
        str | None,
        StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
        Field(description="出生年月: year and month of birth, never finer."),
    ] = None
    standing: Annotated[MemberStanding, Field(description="正式 or 预备.")]
    state: Annotated[MemberState, Field(description="LEFT once they count here no more.")]
    leaving_reason: Annotated[
        LeavingReason | None, Field(description="Why they count here no more; absent while they do.")
    ] = None
    merged_into: Annotated[
        UUID | None, Field(description="The member who is the same person and goes on; this one has LEFT 并入的党员.")
    ] = None
    workplace_entity_id: Annotated[UUID | None, Field(description="从业主体.")] = None
    workplace_since: Annotated[date | None, Field(description="First day of that.")] = None
    relation_organisation_id: Annotated[UUID | None, Field(description="组织关系.")] = None
    relation_since: Annotated[date | None, Field(description="First day of that.")] = None
    management_organisation_id: Annotated[UUID | None, Field(description="管理.")] = None
    management_since: Annotated[date | None, Field(description="First day of that.")] = None
    division_code: Annotated[DivisionCode, Field(description="行政区划 of the workplace, else of the organisation.")]
    bureau: Annotated[Bureau, Field(description="The line 条 of the same.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]


class MemberErased(MemberEvent):
    """The data of a member were erased: forget all that was told of them."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.member.erased.v1"
    meaning: ClassVar[str] = "The data of a member were erased; whoever kept some deletes them."
    meaning_zh: ClassVar[str] = "党员个人信息已删除，各读者应同步删除"


EVENTS: Final[tuple[type[EventData], ...]] = (MemberRecorded, MemberErased)
