"""What the ledgers hear from Kafka."""

from contracts.events.registration import EntityChanged, EntityRegistered, RegisteredEntity
from kit.clock import Clock
from kit.consumer import BatchConsumer
from kit.database import Database
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Progress
from services.ledgers.handlers.entities import EntityLedger

ENTITIES = "ledgers.entity"


def entities(
    database: Database, dead_letters: DeadLetters, clock: Clock, progress: Progress
) -> BatchConsumer[RegisteredEntity]:
    """Return the consumer of topic `registration-entity`."""
    return BatchConsumer(
        name=ENTITIES,
        decoder=Decoder[RegisteredEntity](EntityRegistered, EntityChanged),
        handler=EntityLedger(clock),
        database=database,
        dead_letters=dead_letters,
        progress=progress,
    )
