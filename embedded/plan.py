"""What Lianhe's processes are: the one list that every way of running them goes by."""

import sys
from dataclasses import dataclass

DEAD_LETTER_KEY = "DEAD_LETTER_KEY"
PERSONAL_DATA_KEY = "PERSONAL_DATA_KEY"


@dataclass(frozen=True, slots=True)
class ServiceProcess:
    """One process of a service.

    Attributes:
        name: Its name, also that of its log and its port.
        argv: Its command line; the program by its absolute path.
        database: The service whose database it is given; None for a process without one.
        http_port: The port it is to serve HTTP on; None for the one of last time, or a free one.
        keys: Settings that are keys: made at the first start, and given to no process but those that name them.
        instance: Which replica it is, from 0; names it to the broker.
    """

    name: str
    argv: tuple[str, ...]
    database: str | None
    http_port: int | None = None
    keys: tuple[str, ...] = ()
    instance: int = 0


@dataclass(frozen=True, slots=True)
class OneShot:
    """A command that is run to its end before the services start; it is given every database.

    Attributes:
        name: Its name, also that of its log.
        argv: Its command line; the program by its absolute path.
    """

    name: str
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What runs on top of the two servers.

    Attributes:
        databases: The services that have a database.
        one_shots: Run one after the other.
        services: Started together after the one-shots.
    """

    databases: tuple[str, ...]
    one_shots: tuple[OneShot, ...]
    services: tuple[ServiceProcess, ...]


def _command(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "cli.main", *arguments)


def _serve(name: str, service: str, role: str, *keys: str) -> ServiceProcess:
    return ServiceProcess(name, _command("serve", service, "--role", role), service, keys=keys)


LIANHE = Plan(
    databases=("registration", "ledgers", "assessment", "pairing", "gateway"),
    one_shots=(OneShot("migrate", _command("migrate")), OneShot("topics", _command("topics", "--apply"))),
    services=(
        _serve("registration", "registration", "service", PERSONAL_DATA_KEY),
        _serve("registration-relay", "registration", "relay"),
        _serve("ledgers", "ledgers", "service", PERSONAL_DATA_KEY),
        _serve("ledgers-relay", "ledgers", "relay"),
        _serve("assessment", "assessment", "all"),
        _serve("pairing", "pairing", "all"),
        _serve("gateway", "gateway", "all"),
    ),
)
