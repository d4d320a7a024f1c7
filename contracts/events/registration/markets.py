"""Specialised markets 专业市场 and their stalls 摊位: places, never derived from a USCC."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Uscc, Version
from contracts.vocabulary import Bureau
from contracts.vocabulary.registration import MarketState, StallState


class RecordedMarket(EventData):
    """Whole state of a specialised market."""

    topic: ClassVar[str] = "registration-market"

    market_id: Annotated[UUID, Field(description="Id of the market, a place with an id of its own.")]
    version: Annotated[Version, Field(description="Counts the market's changes from 1.")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=400), Field(description="市场名称.")]
    operator_entity_id: Annotated[UUID, Field(description="Entity that operates it 市场开办者.")]
    operator_uscc: Annotated[Uscc, Field(description="统一社会信用代码 of the operator.")]
    state: Annotated[MarketState, Field(description="State of the market.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划; 000000000000 while unassigned.")]
    bureau: Annotated[Bureau, Field(description="The line 条.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which registration recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the market's id."""
        return str(self.market_id)


class MarketRecorded(RecordedMarket):
    """A market became known."""

    event_type: ClassVar[str] = "cn.lianhe.registration.market.recorded.v1"
    meaning: ClassVar[str] = "A specialised market became known to registration."
    meaning_zh: ClassVar[str] = "专业市场首次入库"


class MarketChanged(RecordedMarket):
    """Something about a market changed."""

    event_type: ClassVar[str] = "cn.lianhe.registration.market.changed.v1"
    meaning: ClassVar[str] = "Something about a specialised market changed."
    meaning_zh: ClassVar[str] = "专业市场信息变更"


class MarketClosed(RecordedMarket):
    """A market closed. Its stalls are left, each told by itself."""

    event_type: ClassVar[str] = "cn.lianhe.registration.market.closed.v1"
    meaning: ClassVar[str] = "A specialised market closed."
    meaning_zh: ClassVar[str] = "专业市场关闭"


class RecordedStall(EventData):
    """Whole state of a stall: that an entity trades in a market, from when to when."""

    topic: ClassVar[str] = "registration-stall"

    stall_id: Annotated[UUID, Field(description="Id of this occupation of a stall.")]
    version: Annotated[Version, Field(description="Counts its changes from 1.")]
    market_id: Annotated[UUID, Field(description="The market.")]
    entity_id: Annotated[UUID, Field(description="The stallholder 经营户.")]
    number: Annotated[str, StringConstraints(min_length=1, max_length=40), Field(description="摊位号.")]
    since: Annotated[date, Field(description="First day.")]
    until: Annotated[date | None, Field(description="Day from which it is vacant; absent while it is occupied.")] = None
    state: Annotated[StallState, Field(description="Whether it is occupied.")]
    division_code: Annotated[DivisionCode, Field(description="行政区划 of the market.")]
    bureau: Annotated[Bureau, Field(description="The line 条 of the market.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which registration recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the stall's id."""
        return str(self.stall_id)


class StallOccupied(RecordedStall):
    """An entity occupies a stall; told again where the market's division changes."""

    event_type: ClassVar[str] = "cn.lianhe.registration.stall.occupied.v1"
    meaning: ClassVar[str] = "An entity occupies a stall of a specialised market."
    meaning_zh: ClassVar[str] = "经营户入场"


class StallVacated(RecordedStall):
    """An entity vacated a stall, or its market closed, or it was deregistered."""

    event_type: ClassVar[str] = "cn.lianhe.registration.stall.vacated.v1"
    meaning: ClassVar[str] = "An entity vacated a stall of a specialised market."
    meaning_zh: ClassVar[str] = "经营户退场"


EVENTS: Final[tuple[type[EventData], ...]] = (MarketRecorded, MarketChanged, MarketClosed, StallOccupied, StallVacated)
