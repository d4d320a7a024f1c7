"""Why something is written: a command, or the clock. What follows from either is told under its correlation id."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from contracts.events.base import EventData
from kit.clock import Clock
from kit.database import Connection
from kit.ids import new_id
from kit.outbox import Told


class Cause(Protocol):
    """Why something is written. A command (`kit.command_routes.Commanded`) is one."""

    @property
    def connection(self) -> Connection:
        """Of the open transaction."""
        ...

    @property
    def clock(self) -> Clock:
        """Tells now."""
        ...

    @property
    def correlation_id(self) -> UUID:
        """Of what it belongs to."""
        ...

    def told(self, event: EventData) -> Told:
        """Return an event that this leads to."""
        ...


@dataclass(frozen=True, slots=True)
class ByTheClock:
    """What happens because a moment came."""

    connection: Connection
    clock: Clock
    correlation_id: UUID

    def told(self, event: EventData) -> Told:
        """Return an event that this leads to."""
        return Told(new_id(), event, self.clock.now(), self.correlation_id)
