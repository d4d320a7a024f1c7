"""A command over HTTP, from the request to its answer: one transaction, once a key, within the caller's mandate."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header, Request
from pydantic import BaseModel
from starlette.responses import Response
from structlog.contextvars import bound_contextvars

from contracts.events.base import EventData
from kit.callers import Caller
from kit.clock import Clock, today
from kit.commands import Answer, Changed, once, plain_hash
from kit.database import Connection, Database
from kit.http_metrics import route_of
from kit.ids import new_id
from kit.mandates import refuse_beyond_mandate
from kit.outbox import Told
from kit.problems import Problem
from kit.telemetry import TRACEPARENT, answered, current_traceparent, ids_of, request_span

JSON: Final = "application/json"

Key = Annotated[
    str | None, Header(alias="Idempotency-Key", description="New for each command; the same for its retries.")
]
Saga = Annotated[
    UUID | None,
    Header(
        alias="Correlation-Id",
        description="The correlationId of what this command follows from; without one it begins something new.",
    ),
]


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command under way.

    Attributes:
        connection: of the open transaction.
        caller: who commands.
        clock: tells now.
        correlation_id: of what it belongs to.
        traceparent: the trace of the command, where it is traced.
    """

    connection: Connection
    caller: Caller
    clock: Clock
    correlation_id: UUID
    traceparent: str | None = None

    def told(self, event: EventData) -> Told:
        """Return an event that this command leads to."""
        return Told(
            event_id=new_id(),
            event=event,
            time=self.clock.now(),
            correlation_id=self.correlation_id,
            traceparent=self.traceparent,
        )

    def answer(self, *changed: Changed) -> Answer:
        """Return the answer: what it changed, and what it belongs to."""
        return Answer(aggregates=changed, correlation_id=self.correlation_id)


Decide = Callable[[Commanded], Awaitable[tuple[int, BaseModel]]]


class Commands:
    """Carries commands out for the routes of one service.

    Args:
        service: names the spans.
        database: of the service; it keeps mandates (`kit.lines`).
        clock: tells now.
        hashed: as for `kit.commands.once`; with a key where commands name people.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        clock: Clock,
        hashed: Callable[[bytes], Sequence[bytes]] = plain_hash,
    ) -> None:
        self._span = f"{service} command"
        self._database = database
        self._clock = clock
        self._hashed = hashed

    async def carry_out(
        self, request: Request, caller: Caller, key: str | None, saga: UUID | None, decide: Decide
    ) -> Response:
        """Carry a command out, or answer as its first time did.

        Args:
            request: the command.
            caller: who commands.
            key: the header `Idempotency-Key`.
            saga: the header `Correlation-Id`.
            decide: does it; returns status and body of the answer.

        Raises:
            Problem: `invalid` without a key, `idempotency-key-reused`, `forbidden`, or what `decide` raises.
        """
        saga = saga or new_id()
        attributes = {
            "http.request.method": request.method,
            "http.route": route_of(request.scope),
            "correlation_id": str(saga),
        }
        done: Response | Problem
        with (
            request_span(self._span, request.headers.get(TRACEPARENT), attributes) as span,
            bound_contextvars(correlation_id=str(saga)),
        ):
            # What fails is logged further out, where the span is no longer the current one.
            request.state.command = {**ids_of(span), "correlation_id": str(saga)}
            try:
                done = await self._carry_out(request, caller, key, saga, decide)
            except Problem as problem:  # a refusal is an answer: nothing failed here
                done = problem
            answered(span, done.kind.status if isinstance(done, Problem) else done.status_code)
        if isinstance(done, Problem):
            raise done
        return done

    async def _carry_out(
        self, request: Request, caller: Caller, key: str | None, saga: UUID, decide: Decide
    ) -> Response:
        payload = b" ".join((request.method.encode(), request.url.path.encode(), await request.body()))
        async with self._database.transaction() as transaction:
            commanded = Commanded(transaction.connection, caller, self._clock, saga, current_traceparent())
            await refuse_beyond_mandate(transaction.connection, caller, today(self._clock))

            async def decided() -> tuple[int, bytes]:
                status, answer = await decide(commanded)
                return status, answer.model_dump_json(by_alias=True, exclude_none=True).encode()

            status, content = await once(
                transaction.connection,
                caller=caller,
                key=key,
                payload=payload,
                decide=decided,
                hashed=self._hashed,
            )
        return Response(content, status, media_type=JSON)
