"""What the gateway hears from Kafka."""

from typing import Final

from gateway.projection.entities import ENTITY, ENTITY_LEDGER
from kit.hearing import Hearing

SCHEMA: Final = "model_1"
"""The build that the live projection writes to."""


def subscribe(hearing: Hearing) -> None:
    """Add the consumers that keep the read model up to date.

    The two large topics have one each, so that neither waits for the other.
    """
    hearing.copy("entity", [ENTITY], SCHEMA)
    hearing.copy("entity-ledger", [ENTITY_LEDGER], SCHEMA)
