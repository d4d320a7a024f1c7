"""What registration hears from Kafka."""

from contracts.events.registration.annual_reports import DiscrepancyMoved
from kit.clock import Clock
from kit.hearing import Hearing
from kit.lines import LINES
from kit.processes import Processes
from services.registration.copies import COVERAGE
from services.registration.handlers.discrepancies import CoverageHeard


def subscribe(hearing: Hearing, discrepancies: Processes[DiscrepancyMoved], clock: Clock) -> None:
    """Add the consumers."""
    hearing.copy("lines", LINES)
    hearing.subscribe("coverage", COVERAGE.events, CoverageHeard(discrepancies, clock))
