"""Contacts 联系人 of entities: investors and persons in charge. Restricted: it says whether they are Party members."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.vocabulary import Bureau, ContactRole, ContactState, PartyMembership


class ContactEvent(EventData):
    """What every event about a contact has."""

    topic: ClassVar[str] = "ledgers-contact"

    contact_id: Annotated[UUID, Field(description="Id of the contact.")]
    version: Annotated[Version, Field(description="Counts the contact's changes from 1; a higher one is newer.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledgers recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the contact's id."""
        return str(self.contact_id)


class ContactRecorded(ContactEvent):
    """Whole state of a contact."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.contact.recorded.v1"
    meaning: ClassVar[str] = "Somebody became a contact of an entity, or something about them changed."
    meaning_zh: ClassVar[str] = "市场主体联系人入账或变更"

    masked_name: Annotated[
        str,
        StringConstraints(pattern=r"^.\*{1,3}$"),
        Field(description="The first character of the name and stars: 王*."),
    ]
    entity_id: Annotated[UUID, Field(description="市场主体.")]
    role: Annotated[ContactRole, Field(description="出资人 or 负责人.")]
    party_member: Annotated[PartyMembership, Field(description="是否党员.")]
    since: Annotated[date | None, Field(description="First day, where known.")] = None
    until: Annotated[date | None, Field(description="Last day, once it ended.")] = None
    state: Annotated[ContactState, Field(description="ENDED once they are it no more.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划 of the entity.")]
    bureau: Annotated[Bureau, Field(description="The line 条 of the entity.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]


class ContactErased(ContactEvent):
    """The data of a contact were erased: forget all that was told of them."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.contact.erased.v1"
    meaning: ClassVar[str] = "The data of a contact were erased; whoever kept some deletes them."
    meaning_zh: ClassVar[str] = "联系人个人信息已删除，各读者应同步删除"


EVENTS: Final[tuple[type[EventData], ...]] = (ContactRecorded, ContactErased)
