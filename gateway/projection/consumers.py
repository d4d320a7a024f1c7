"""What the gateway hears from Kafka."""

from typing import Final

from gateway.projection.assessment import RATING, SCHEME
from gateway.projection.entities import ENTITY, ENTITY_LEDGER
from gateway.projection.ledgers import LEDGERS_EVENTS, LedgersProjection
from gateway.projection.pairing import ALLIANCE, ASSIGNMENT, SUGGESTION
from kit.hearing import Hearing
from kit.lines import ASSOCIATION, BUREAU, CADRE, DIVISION

SCHEMA: Final = "model_1"
"""The build that the live projection writes to."""


def subscribe(hearing: Hearing) -> None:
    """Add the consumers that keep the read model up to date.

    The two large topics have one each, so that neither waits for the other; the others have one a service. No one
    needs an inbox: each tells nothing, and every write is guarded by the aggregate's version.
    """
    hearing.copy("entity", [ENTITY], SCHEMA)
    hearing.copy("entity-ledger", [ENTITY_LEDGER], SCHEMA)
    hearing.copy("lines", [DIVISION, BUREAU, ASSOCIATION, CADRE], SCHEMA)
    hearing.subscribe("ledgers", LEDGERS_EVENTS, LedgersProjection(SCHEMA), inbox=False)
    hearing.copy("assessment", [SCHEME, RATING], SCHEMA)
    hearing.copy("pairing", [ASSIGNMENT, SUGGESTION, ALLIANCE], SCHEMA)
