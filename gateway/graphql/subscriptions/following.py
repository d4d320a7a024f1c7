"""Going through the log from a position: the one way of reading for those who come back and those who are there."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from gateway.changes.log import State
from gateway.graphql.documents import Request
from gateway.graphql.scope import Scope
from gateway.graphql.subscriptions.reading import ChangesReader, Told
from gateway.graphql.subscriptions.statements import Plan

PATIENCE_SECONDS: Final = 60.0
"""For so long a change is waited for that a build has not taken in; as long as one takes over from another."""


class Follower:
    """Reads one subscription's changes, page by page.

    Args:
        reader: Reads pages.
        request: The subscription.
        scope: What the caller may see.
        position: Where to begin; what is behind it is read.
        clock: Seconds that only go on.

    Attributes:
        position: All up to here was read.
        waits: Whether the next change must be waited for, whatever the log's state.
    """

    def __init__(
        self,
        reader: ChangesReader,
        request: Request,
        scope: Scope,
        position: int,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.position = position
        self.waits = False
        self._reader = reader
        self._request = request
        self._scope = scope
        self._clock = clock
        self._waited_since: float | None = None

    def plan(self, state: State) -> Plan:
        """Return what is read on the build of a state."""
        return self._reader.plan(self._request, self._scope, state.build)

    async def read(self, state: State) -> Sequence[Told]:
        """Read the next page, and go on behind it."""
        since = self._waited_since
        patient = since is None or self._clock() - since < PATIENCE_SECONDS
        page = await self._reader.page(self.plan(state), self.position, state, patient=patient)
        self.position, self.waits = page.reached, page.late
        if not page.late:
            self._waited_since = None
        elif page.told or since is None:
            self._waited_since = self._clock()
        return page.told
