"""Market entities 市场主体: who is registered, as what, where."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import Amount, DivisionCode, EventData, RecordedAt, Uscc, Version
from contracts.vocabulary import Bureau, EntityKind, EntityState


class Capital(EventData):
    """Registered capital 注册资金."""

    amount: Annotated[Amount, Field(description="In whole units of the currency, 元.")]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217 code.")]


class RegisteredEntity(EventData):
    """Whole state of a market entity 市场主体 as registration knows it."""

    topic: ClassVar[str] = "registration-entity"

    entity_id: Annotated[
        UUID, Field(description="Id of the entity everywhere; never changes, also when the USCC is corrected.")
    ]
    version: Annotated[Version, Field(description="Counts the entity's changes from 1; a higher one is newer.")]
    uscc: Annotated[
        Uscc, Field(description="Unified social credit code 统一社会信用代码, upper case, check digit valid.")
    ]
    name: Annotated[str, StringConstraints(min_length=1, max_length=400), Field(description="企业名称.")]
    kind: Annotated[EntityKind, Field(description="What it counts as; UNKNOWN until it is classified.")]
    state: Annotated[EntityState, Field(description="State of the registration.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划; 000000000000 while unassigned.")]
    bureau: Annotated[Bureau, Field(description="The bureau line 条.")]
    registered_on: Annotated[date | None, Field(description="注册日期, where known.")] = None
    legal_form: Annotated[str | None, Field(max_length=100, description="企业类型, as the source has it.")] = None
    capital: Annotated[Capital | None, Field(description="注册资金, where it could be read.")] = None
    business_scope: Annotated[str | None, Field(max_length=20_000, description="经营范围.")] = None
    address: Annotated[str | None, Field(max_length=1000, description="注册地址.")] = None
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which registration recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the entity's id."""
        return str(self.entity_id)


class EntityRegistered(RegisteredEntity):
    """An entity became known to registration."""

    event_type: ClassVar[str] = "cn.lianhe.registration.entity.registered.v1"
    meaning: ClassVar[str] = "An entity became known to registration."
    meaning_zh: ClassVar[str] = "市场主体首次登记入库"


class EntityChanged(RegisteredEntity):
    """Something about a registered entity changed."""

    event_type: ClassVar[str] = "cn.lianhe.registration.entity.changed.v1"
    meaning: ClassVar[str] = "Something about a registered entity changed."
    meaning_zh: ClassVar[str] = "市场主体登记信息变更"


EVENTS: Final[tuple[type[EventData], ...]] = (EntityRegistered, EntityChanged)
