"""Specialised markets: recorded, changed, closed. Locks: the operator's entity, the market, its stalls.

Who operates a market counts as a specialised market from then on, which is told as a change of that entity. It stays so
when the market closes, until somebody classifies the entity anew: what it is then does not follow from the market.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.registration.markets import RecordedMarket
from contracts.vocabulary import REGISTRARS, EntityState, MarketState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.registration.domain.misfit import Misfit
from services.registration.handlers.entities import Done, Entities
from services.registration.handlers.forms import Forms
from services.registration.handlers.refusals import refuse_future, refuse_misfits
from services.registration.handlers.stalls import end_stalls, move_stalls
from services.registration.publish import market_event
from services.registration.repository.entities import Known, lock
from services.registration.repository.markets import lock_market, lock_stalls_of_market, store_market

_FIRST: Final = 1


@dataclass(frozen=True, slots=True)
class MarketFacts:
    """What is stated of a market.

    Attributes:
        name: 市场名称.
        operator_entity_id: entity that operates it 市场开办者.
        division_code: 行政区划 where it is.
    """

    name: str
    operator_entity_id: UUID
    division_code: str


class Markets:
    """Carries out commands about markets.

    Args:
        commanded: the command under way.
        forms: of the same command.
    """

    def __init__(self, commanded: Commanded, forms: Forms) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._entities = Entities(commanded, forms)

    async def record(self, facts: MarketFacts, effective_on: date | None) -> tuple[RecordedMarket, Done]:
        """Record a market; its operator's entity counts as a specialised market from now on.

        Raises:
            Problem: `forbidden`, or `invalid` where the operator is no active entity.
        """
        day = self._day(effective_on)
        allow(self._commanded.caller, REGISTRARS, facts.division_code)
        operator = await self._operator(facts.operator_entity_id)
        done = await self._entities.count_as_market(operator)
        return await self._store(new_id(), _FIRST, facts, operator, MarketState.OPEN, day), done

    async def change(
        self, market_id: UUID, expected_version: int, facts: MarketFacts, effective_on: date | None
    ) -> tuple[RecordedMarket, Done]:
        """Replace the facts of a market; its stalls follow it to another division.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid`, or `conflict` where it is closed.
        """
        day = self._day(effective_on)
        operator = await self._operator(facts.operator_entity_id)
        known = await self._expected(market_id, expected_version)
        allow(self._commanded.caller, REGISTRARS, facts.division_code)
        done = await self._entities.count_as_market(operator)
        market = await self._store(market_id, known.version + 1, facts, operator, known.state, day)
        if (known.division_code, known.bureau) != (market.division_code, market.bureau):
            stalls = await lock_stalls_of_market(self._connection, market_id)
            await move_stalls(self._commanded, stalls, division_code=market.division_code, bureau=market.bureau)
        return market, done

    async def close(self, market_id: UUID, expected_version: int, effective_on: date | None) -> RecordedMarket:
        """Close a market, and vacate its stalls.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid`, or `conflict` where it is closed already.
        """
        day = self._day(effective_on)
        known = await self._expected(market_id, expected_version)
        closed = known.model_dump() | {
            "version": known.version + 1,
            "state": MarketState.CLOSED,
            "effective_on": day,
            "recorded_at": self._commanded.clock.now(),
        }
        market = await self._keep(RecordedMarket.model_validate(closed))
        await end_stalls(self._commanded, await lock_stalls_of_market(self._connection, market_id), day)
        return market

    async def _expected(self, market_id: UUID, expected_version: int) -> RecordedMarket:
        known = await lock_market(self._connection, market_id)
        expect(known, expected_version, "market", "专业市场")
        if known is None:
            raise LookupError(market_id)
        allow(self._commanded.caller, REGISTRARS, known.division_code)
        if known.state is MarketState.CLOSED:
            raise Problem(
                CONFLICT, "The market is closed; nothing about it can be changed.", "该专业市场已关闭，不能再变更。"
            )
        return known

    async def _operator(self, entity_id: UUID) -> Known:
        operator = await lock(self._connection, entity_id)
        if operator is None or operator.state is not EntityState.ACTIVE:
            refuse_misfits([Misfit("/operatorEntityId", "is no active entity", "不是存续的市场主体")])
            raise LookupError(entity_id)
        allow(self._commanded.caller, REGISTRARS, operator.division_code)
        return operator

    async def _store(
        self, market_id: UUID, version: int, facts: MarketFacts, operator: Known, state: MarketState, day: date
    ) -> RecordedMarket:
        market = RecordedMarket(
            market_id=market_id,
            version=version,
            name=facts.name,
            operator_entity_id=operator.id,
            operator_uscc=operator.uscc,
            state=state,
            division_code=facts.division_code,
            bureau=operator.bureau,
            effective_on=day,
            recorded_at=self._commanded.clock.now(),
        )
        return await self._keep(market)

    async def _keep(self, market: RecordedMarket) -> RecordedMarket:
        await store_market(self._connection, market)
        await tell(self._connection, [self._commanded.told(market_event(market))])
        return market

    def _day(self, effective_on: date | None) -> date:
        day = today(self._commanded.clock)
        refuse_future(effective_on, day)
        return effective_on or day
