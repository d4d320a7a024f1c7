"""Which part of a service a process runs. One process may run all; a city runs them apart."""

from enum import StrEnum


class Role(StrEnum):
    """A process's part in its service."""

    ALL = "all"
    SERVICE = "service"
    API = "api"
    CONSUMER = "consumer"
    RELAY = "relay"

    @property
    def answers(self) -> bool:
        """Whether it answers requests."""
        return self in {Role.ALL, Role.SERVICE, Role.API}

    @property
    def hears(self) -> bool:
        """Whether it hears events, fires timers and redrives dead letters."""
        return self in {Role.ALL, Role.SERVICE, Role.CONSUMER}

    @property
    def relays(self) -> bool:
        """Whether it moves the outbox."""
        return self in {Role.ALL, Role.RELAY}
