"""What the ledgers hear from Kafka."""

from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.pairing import AssignmentEnded, AssignmentMade
from contracts.events.registration import EntityChanged, EntityRegistered
from kit.clock import Clock
from kit.hearing import Hearing
from kit.processes import Processes
from services.ledgers.handlers.assignments import AssignmentsHeard
from services.ledgers.handlers.entities import EntityLedger


def subscribe(hearing: Hearing, reorganising: Processes[ReorganisationMoved], clock: Clock) -> None:
    """Add the consumers."""
    hearing.subscribe("entity", [EntityRegistered, EntityChanged], EntityLedger(clock, reorganising))
    hearing.subscribe("assignment", [AssignmentMade, AssignmentEnded], AssignmentsHeard(clock))
