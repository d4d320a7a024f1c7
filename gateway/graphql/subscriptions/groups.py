"""Subscribers who are told the same: one reading of each change for all of them."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Final

from graphql import GraphQLError

from gateway.changes.log import State
from gateway.changes.watching import AwayError, Watch
from gateway.graphql.documents import Request
from gateway.graphql.errors import masking
from gateway.graphql.scope import Scope
from gateway.graphql.subscriptions.errors import ahead, away, too_slow
from gateway.graphql.subscriptions.following import Follower
from gateway.graphql.subscriptions.reading import ChangesReader, Told
from gateway.graphql.subscriptions.statements import Plan
from gateway.graphql.telemetry import delivery

RETRY_SECONDS: Final = 0.1


class _Subscriber:
    """Holds what one subscriber is still to be told.

    Args:
        since: What is told is behind this position.
        most: How much may wait.
    """

    def __init__(self, since: int, most: int) -> None:
        self._since = since
        self._most = most
        self._told: deque[Told] = deque()
        self._end: GraphQLError | None = None
        self._woken = asyncio.Event()

    def offer(self, page: Sequence[Told]) -> None:
        """Add what is new to it; a subscriber for whom too much waits gets no more, and an error behind the rest."""
        for told in page:
            if self._end is None and told.position > self._since:
                if len(self._told) >= self._most:
                    self.ends(too_slow())
                else:
                    self._told.append(told)
        self._woken.set()

    def ends(self, error: GraphQLError) -> None:
        """Let it end with an error, behind what waits."""
        if self._end is None:
            self._end = error
        self._woken.set()

    async def next(self) -> Told:
        """Return the next change.

        Raises:
            GraphQLError: there will be none.
        """
        while not self._told:
            if self._end is not None:
                raise self._end
            self._woken.clear()
            await self._woken.wait()
        return self._told.popleft()


class _Group:
    """Reads once for all its subscribers, as long as it has some."""

    def __init__(self, watch: Watch, follower: Follower) -> None:
        self.follower = follower
        self.subscribers: set[_Subscriber] = set()
        self._watch = watch
        self._task: asyncio.Task[None] | None = None

    def begin(self, ended: Callable[[], None]) -> None:
        """Start to read; `ended` is called when it does so no longer."""
        self._task = asyncio.create_task(self._run(ended))

    def stop(self) -> None:
        """Read no more."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self, ended: Callable[[], None]) -> None:
        try:
            while True:
                state = await self._watch.beyond(self.follower.position)
                page = await self.follower.read(state)
                for one in self.subscribers:
                    one.offer(page)
                if self.follower.waits:
                    await asyncio.sleep(RETRY_SECONDS)
        except Exception as error:  # noqa: BLE001 - the border: each subscriber is told, what the server did is logged
            ended()
            shown = _shown(error)
            for one in self.subscribers:
                one.ends(shown)


class Subscriptions:
    """Tells subscribers what changes.

    Args:
        watch: Knows how far the log goes.
        reader: Reads changes.
        waiting: How many changes may wait for a subscriber.
    """

    def __init__(self, watch: Watch, reader: ChangesReader, waiting: int) -> None:
        self._watch = watch
        self._reader = reader
        self._waiting = waiting
        self._groups: dict[tuple[str, str, str], _Group] = {}

    async def stream(self, request: Request, scope: Scope) -> AsyncGenerator[str, None]:
        """Yield the JSON of each change, in order; without end.

        One who comes back first reads the log by themselves, at their own pace, and then joins those who are there.

        Raises:
            QueryError: the arguments can't be used.
            RequestError: a change costs too much.
            SubscriptionError: the position can't be gone on from, changes come too fast, or can't be read now.
        """
        try:
            state = await self._watch.known()
            follower = Follower(self._reader, request, scope, self._start(request, state))
            plan = follower.plan(state)
            while follower.position < self._front(plan, state):
                for told in await follower.read(state):
                    with delivery(told.traceparent):
                        yield told.text
                if follower.waits:
                    await asyncio.sleep(RETRY_SECONDS)
                state = self._watch.state
                plan = follower.plan(state)
        except AwayError:
            raise away() from None
        # nothing is awaited between the look at the group's front and joining it, so nothing falls between
        group, subscriber = self._join(plan, follower)
        try:
            while True:
                told = await subscriber.next()
                with delivery(told.traceparent):
                    yield told.text
        finally:
            self._leave(plan, group, subscriber)

    def _start(self, request: Request, state: State) -> int:
        after = self._reader.root(request).after(request)
        if after is None:
            return state.last
        if after > state.last:
            raise ahead(after)
        return after

    def _front(self, plan: Plan, state: State) -> int:
        group = self._groups.get(plan.identity)
        return state.last if group is None else group.follower.position

    def _join(self, plan: Plan, follower: Follower) -> tuple[_Group, _Subscriber]:
        subscriber = _Subscriber(follower.position, self._waiting)
        group = self._groups.get(plan.identity)
        if group is None:
            group = self._groups[plan.identity] = _Group(self._watch, follower)
            group.begin(lambda: self._forget(plan, group))
        group.subscribers.add(subscriber)
        return group, subscriber

    def _leave(self, plan: Plan, group: _Group, subscriber: _Subscriber) -> None:
        group.subscribers.discard(subscriber)
        if not group.subscribers:
            group.stop()
            self._forget(plan, group)

    def _forget(self, plan: Plan, group: _Group) -> None:
        if self._groups.get(plan.identity) is group:
            del self._groups[plan.identity]


def _shown(error: Exception) -> GraphQLError:
    if isinstance(error, AwayError):
        return away()
    return error if isinstance(error, GraphQLError) else masking(error)
