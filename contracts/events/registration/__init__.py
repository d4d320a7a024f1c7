"""Facts that registration tells, a module an aggregate: who is registered, as what, where; and what comes with it."""

from typing import Final

from contracts.events.base import EventData
from contracts.events.registration import applications, commitments, entities, forms, markets
from contracts.events.registration.entities import Capital, EntityChanged, EntityRegistered, RegisteredEntity

EVENTS: Final[tuple[type[EventData], ...]] = (
    *entities.EVENTS,
    *forms.EVENTS,
    *commitments.EVENTS,
    *applications.EVENTS,
    *markets.EVENTS,
)

__all__ = ["EVENTS", "Capital", "EntityChanged", "EntityRegistered", "RegisteredEntity"]
