"""What can be asked of markets and stalls."""

import strawberry

from gateway import tables
from gateway.graphql.markets.filters import market_list, stall_list
from gateway.graphql.markets.types import Market, Stall
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class MarketQueries:
    """What can be asked of markets and stalls."""

    market: Market | None = by_key(
        tables.Market,
        [id_key("market_id", Argument("id", strawberry.ID, "Id of the market 市场编号"))],
        newest="recorded_at",
        description="One specialised market by id 按编号查询一个专业市场",
    )
    markets: Connection[Market] = market_list("Specialised markets by pages 分页查询专业市场")
    stall: Stall | None = by_key(
        tables.Stall,
        [id_key("stall_id", Argument("id", strawberry.ID, "Id of the occupation 编号"))],
        newest="recorded_at",
        description="One stall by id 按编号查询一个摊位",
    )
    stalls: Connection[Stall] = stall_list("Stalls by pages 分页查询摊位")
