"""The topics of organisational life and of contacts, as tables of the read model."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final

from contracts.events.ledgers.contacts import ContactErased, ContactEvent, ContactRecorded
from contracts.events.ledgers.life import (
    GatheringCorrected,
    GatheringRecorded,
    GatheringWithdrawn,
    LifeRulePublished,
    RecordedGathering,
    TrainingPlanRecorded,
)
from gateway.projection.copied import copied
from gateway.tables import ERASED, Contact, Gathering, LifeRule, TrainingPlan
from kit.copying import Copy

GATHERING: Final[Copy[RecordedGathering]] = copied(Gathering, GatheringRecorded, GatheringCorrected, GatheringWithdrawn)
LIFE_RULE: Final = copied(LifeRule, LifeRulePublished)
TRAINING_PLAN: Final = copied(TrainingPlan, TrainingPlanRecorded)

_EMPTIED: Final = (
    "masked_name",
    "entity_id",
    "role",
    "party_member",
    "since",
    "until",
    "division_code",
    "bureau",
    "effective_on",
)


def _until_erased(name: str, erased: str | None = None) -> Callable[[ContactEvent], object]:
    value = attrgetter(name)
    return lambda event: value(event) if isinstance(event, ContactRecorded) else erased


CONTACT: Final[Copy[ContactEvent]] = copied(
    Contact,
    ContactRecorded,
    ContactErased,
    computed={name: _until_erased(name) for name in _EMPTIED} | {"state": _until_erased("state", ERASED)},
)
"""Erasing empties every column but id, version, state and moment."""

LIFE: Final[Sequence[Copy[Any]]] = (GATHERING, LIFE_RULE, TRAINING_PLAN, CONTACT)
"""All of them."""
