"""What can be asked of transfers."""

import strawberry

from gateway import tables
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key
from gateway.graphql.transfers.filters import transfer_list
from gateway.graphql.transfers.types import Transfer


@strawberry.type
class TransferQueries:
    """What can be asked of transfers."""

    transfer: Transfer | None = by_key(
        tables.Transfer,
        [id_key("process_id", Argument("id", strawberry.ID, "Id of the transfer 转接编号"))],
        newest="recorded_at",
        description="One transfer by id, for who may see members; null for others 按编号查询一次转接，仅限授权者",
    )
    transfers: Connection[Transfer] = transfer_list(
        "Transfers by pages, those of either side, for who may see members; empty for others "
        "分页查询组织关系转接，仅限授权者"
    )
