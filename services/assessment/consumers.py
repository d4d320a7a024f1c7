"""What assessment hears from Kafka."""

from kit.clock import Clock
from kit.hearing import Hearing
from kit.lines import LINES
from services.assessment.handlers.ratings import FACTS, RatedByFacts


def subscribe(hearing: Hearing, clock: Clock) -> None:
    """Add the consumers."""
    hearing.subscribe("facts", FACTS, RatedByFacts(clock))
    hearing.copy("lines", LINES)
