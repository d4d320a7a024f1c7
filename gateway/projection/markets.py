"""The topics of specialised markets and their stalls, as tables of the read model."""

from typing import Any, Final

from contracts.events.registration.markets import (
    MarketChanged,
    MarketClosed,
    MarketRecorded,
    StallOccupied,
    StallVacated,
)
from gateway.projection.copied import copied
from gateway.tables import Market, Stall
from kit.copying import Copy

MARKET: Final[Copy[Any]] = copied(Market, MarketRecorded, MarketChanged, MarketClosed)
STALL: Final[Copy[Any]] = copied(Stall, StallOccupied, StallVacated)
