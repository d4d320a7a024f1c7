"""What pairing hears from Kafka."""

from typing import Final

from contracts.events.base import EventData
from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired, FoundingSettled
from kit.clock import Clock
from kit.hearing import Hearing
from kit.lines import LINES
from services.pairing.copies import FACTS
from services.pairing.handlers.suggestions import CoverageHeard, FactsHeard

COVERAGE: Final = (CoverageChanged, FoundingRequired, FoundingSettled)
"""What the consumer `coverage` takes in."""

FACT_EVENTS: Final[tuple[type[EventData], ...]] = tuple(event for copy in FACTS for event in copy.events)
"""What the consumer `facts` takes in."""


def subscribe(hearing: Hearing, clock: Clock) -> None:
    """Add the consumers."""
    hearing.copy("lines", LINES)
    hearing.subscribe("coverage", COVERAGE, CoverageHeard(clock))
    hearing.subscribe("facts", FACT_EVENTS, FactsHeard(clock))
