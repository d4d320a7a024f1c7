"""What a service has that hears events: its consumers, dead letters with their redriver, and the daily timers."""

from collections.abc import Sequence
from typing import Any, TypeVar

from contracts.events.base import EventData
from contracts.events.dead_letters import DeadLetter
from kit.broker import Subscription
from kit.clock import Clock
from kit.consumer import BatchConsumer, Handler
from kit.copying import Copy, CopyingEach
from kit.database import Database
from kit.dead_letters import DeadLetters
from kit.decoding import Decoder
from kit.health import Health
from kit.housekeeping import Prune, housekeeping
from kit.process import Component
from kit.redriving import Redriver
from kit.sealing import Sealer
from kit.settings import ServiceSettings
from kit.timers import OnDue

E = TypeVar("E", bound=EventData)


class Hearing:
    """The consumers of one service, and what stands behind them.

    Args:
        settings: of the service.
        database_url: its database.
        database: the same, opened.
        dead_letter: the event that tells of a record set aside.
        clock: tells now.
        health: of the process.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        *,
        database_url: str,
        database: Database,
        dead_letter: type[DeadLetter],
        clock: Clock,
        health: Health,
    ) -> None:
        self._settings = settings
        self._database_url = database_url
        self._database = database
        self._clock = clock
        self._health = health
        self._dead_letters = DeadLetters(dead_letter, Sealer(settings.dead_letter_key), clock)
        self._subscriptions: list[Subscription] = []
        self._timed: dict[str, OnDue] = {}
        self._prunes: dict[str, Prune] = {}

    def subscribe(self, what: str, events: Sequence[type[E]], handler: Handler[E], *, inbox: bool = True) -> None:
        """Add a consumer.

        Args:
            what: names it within the service; part of its consumer group, so it never changes.
            events: the types that it takes in, from their topics.
            handler: applies them.
            inbox: as for `BatchConsumer`.
        """
        name = f"{self._settings.service}.{what}"
        consumer = BatchConsumer(
            name=name,
            decoder=Decoder[E](*events),
            handler=handler,
            database=self._database,
            dead_letters=self._dead_letters,
            progress=self._health.component(name),
            inbox=inbox,
        )
        topics = sorted({event.topic for event in events})
        self._subscriptions.append(Subscription(consumer, topics, self._settings))

    def copy(self, what: str, copies: Sequence[Copy[Any]], schema: str | None = None) -> None:
        """Add a consumer that keeps copies of what other services tell."""
        events: list[type[EventData]] = [event for copy in copies for event in copy.events]
        self.subscribe(what, events, CopyingEach(copies, schema), inbox=False)

    def when_due(self, process: str, do: OnDue) -> None:
        """Let the service's timers do something when a timer of a process is due."""
        self._timed[process] = do

    def prune_daily(self, what: str, forgets: Prune) -> None:
        """Let housekeeping forget something of the service's own each day; `what` names it in the log."""
        self._prunes[what] = forgets

    def components(self) -> list[Component]:
        """Return what the process runs for it: the consumers, the redriver and the timers."""
        return [
            *self._subscriptions,
            Redriver(
                service=self._settings.service,
                database=self._database,
                database_url=self._database_url,
                dead_letters=self._dead_letters,
                clock=self._clock,
                progress=self._health.component("redriver"),
            ),
            housekeeping(
                self._settings.service,
                self._database,
                self._clock,
                self._health.component("timers"),
                self._timed,
                self._prunes,
            ),
        ]
