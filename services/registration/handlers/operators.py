"""What operating a market means for the entity that does."""

from uuid import UUID

from contracts.events.registration.markets import RecordedMarket
from kit.causes import Cause
from kit.database import Connection
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.registration.publish import market_event
from services.registration.repository.markets import lock_operated, operates, store_market


async def refuse_operator(connection: Connection, entity_id: UUID, way_out: str, way_out_zh: str) -> None:
    """Refuse what can't be done to an entity, whose row is locked, while it operates a market.

    Raises:
        Problem: `conflict`, with the market's id.
    """
    market_id = await operates(connection, entity_id)
    if market_id is not None:
        raise Problem(
            CONFLICT,
            f"The entity operates the open market {market_id}: {way_out}.",
            f"该市场主体为在营专业市场（{market_id}）的开办者：{way_out_zh}。",
            {"marketId": str(market_id)},
        )


async def follow_code(cause: Cause, entity_id: UUID, uscc: str) -> None:
    """Tell the open markets of an operator, whose row is locked, under its corrected code."""
    now = cause.clock.now()
    for known in await lock_operated(cause.connection, entity_id):
        changed = {"operator_uscc": uscc, "version": known.version + 1, "recorded_at": now}
        market = RecordedMarket.model_validate(known.model_dump() | changed)
        await store_market(cause.connection, market)
        await tell(cause.connection, [cause.told(market_event(market))])
