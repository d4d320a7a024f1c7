"""Specialised markets and their stalls, declared on the tables they come from."""

from datetime import date, datetime

import strawberry

from contracts.vocabulary import Bureau, MarketState, StallState
from gateway import tables
from gateway.graphql.markets.filters import stall_list
from gateway.graphql.pages import Connection
from gateway.graphql.references import LazyEntity, LazyMarket, LazyStall
from gateway.graphql.rows import joined, same_entity
from gateway.graphql.sources import column, to_one


@strawberry.type(description="A specialised market, a place with an operator and stallholders 专业市场")
class Market:
    """A specialised market."""

    id: strawberry.ID = column("market_id", "Id of the market 市场编号")
    version: int = column("version", "Counts its changes from 1 版本")
    name: str = column("name", "Name 市场名称")
    operator_uscc: str = column("operator_uscc", "Unified social credit code of its operator 开办者统一社会信用代码")
    state: MarketState = column("state", "State 状态")
    division_code: str = column("division_code", "Division, 12 digits; 000000000000 while unassigned 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which registration recorded it, UTC 记录时间")
    operator: LazyEntity | None = to_one(
        tables.Entity, joined("operator_entity_id", "entity_id"), "Entity that operates it 市场开办者"
    )
    stalls: Connection[LazyStall] = stall_list(
        "Its stalls, occupied and vacated 摊位", joined("market_id", "market_id")
    )


@strawberry.type(description="A stall that an entity occupies or occupied 摊位")
class Stall:
    """A stall that an entity occupies or occupied."""

    id: strawberry.ID = column("stall_id", "Id of this occupation of a stall 编号")
    version: int = column("version", "Counts its changes from 1 版本")
    number: str = column("number", "Number of the stall 摊位号")
    since: date = column("since", "First day 入场日期")
    until: date | None = column("until", "Day from which it is vacant 退场日期")
    state: StallState = column("state", "Whether it is occupied 状态")
    division_code: str = column("division_code", "Division of the market 行政区划代码")
    bureau: Bureau = column("bureau", "Bureau line of the market 条线")
    effective_on: date = column("effective_on", "Day from which this state holds, Asia/Shanghai 生效日期")
    recorded_at: datetime = column("recorded_at", "Moment at which registration recorded it, UTC 记录时间")
    market: LazyMarket | None = to_one(tables.Market, joined("market_id", "market_id"), "The market 专业市场")
    entity: LazyEntity | None = to_one(tables.Entity, same_entity, "The stallholder 经营户")
