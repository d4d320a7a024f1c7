"""Which part of a service a process runs. One process may run all; a city runs them apart."""

from enum import StrEnum


class Role(StrEnum):
    """A process's part in its service."""

    ALL = "all"
    SERVICE = "service"
    RELAY = "relay"

    @property
    def serves(self) -> bool:
        """Whether it answers requests, hears events and fires timers."""
        return self is not Role.RELAY

    @property
    def relays(self) -> bool:
        """Whether it moves the outbox."""
        return self is not Role.SERVICE
