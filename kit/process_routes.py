"""The routes that every process has over HTTP: a step of it, and what it is now, with what can be done next."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.processes import MOST_EVIDENCE, ProcessMoved
from contracts.vocabulary import CallerRole
from contracts.vocabulary.word import Word
from kit.callers import Caller
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Connection, Database
from kit.http_api import TheCaller
from kit.problems import NOT_FOUND, Problem
from kit.processes import AllowedAction, Given, Processes, TakenStep

P = TypeVar("P", bound=ProcessMoved)
A = TypeVar("A", bound=Word)

LONGEST_NOTE: Final = 2000
LONGEST_NAME: Final = 100


class GivenBody(Body):
    """What comes with a step over HTTP."""

    effective_on: Annotated[date | None, Field(description="Day from which it holds; today where absent.")] = None
    note: Annotated[
        str | None, Field(min_length=1, max_length=LONGEST_NOTE, description="The reason, free text; kept sealed.")
    ] = None
    on_behalf_of: Annotated[
        str | None,
        Field(min_length=1, max_length=LONGEST_NAME, description="For whom it is recorded 代办; kept sealed."),
    ] = None
    evidence_ids: Annotated[
        Sequence[UUID], Field(max_length=MOST_EVIDENCE, description="Files uploaded before 佐证材料.")
    ] = ()

    def given(self) -> Given:
        """Return it as the kit takes it."""
        return Given(self.effective_on, self.note, self.on_behalf_of, self.evidence_ids)


class StepBody(GivenBody, Generic[A]):
    """A step of a process."""

    action: Annotated[A, Field(description="What is done; `allowedActions` of the process says what can be.")]
    expected_version: Annotated[int, Field(ge=1, description="The version on which it was decided.")]


class Allowed(Body):
    """A step that the caller may take now."""

    action: str
    label_zh: str
    needs_note: bool

    @classmethod
    def of(cls, allowed: AllowedAction) -> "Allowed":
        """Return it as it goes over HTTP."""
        return cls(action=allowed.action, label_zh=allowed.label_zh, needs_note=allowed.needs_note)


class StepNow(Body):
    """A step that was taken. `takenBy` is the subject of a token, absent where the clock took it."""

    version: int
    action: str
    state: str
    taken_by: str | None = None
    taken_as: str | None = None
    note: str | None = None
    on_behalf_of: str | None = None
    effective_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, step: TakenStep) -> "StepNow":
        """Return it as it goes over HTTP."""
        stored = step.stored
        return cls(
            version=stored.version,
            action=stored.action,
            state=stored.state,
            taken_by=stored.taken_by,
            taken_as=stored.taken_as,
            note=step.note,
            on_behalf_of=step.on_behalf_of,
            effective_on=stored.effective_on,
            recorded_at=stored.recorded_at,
        )


class ProcessNow(BaseModel):
    """What is shown of every process beside its state."""

    model_config = STATE

    allowed_actions: Annotated[Sequence[Allowed], Field(description="What the caller may do now 可办理的步骤.")]
    steps: Annotated[Sequence[StepNow], Field(description="What was done, from the beginning 办理过程.")]


Take = Callable[[Commanded, UUID, StepBody[Any]], Awaitable[P]]
"""Takes a step: checks it, does what it leads to, and returns the process after it."""


class ProcessRoutes(Generic[P]):
    """The routes `/{processId}` and `/{processId}/steps` of one kind of process.

    Args:
        processes: of this kind.
        database: the service's.
        commands: carries commands out.
        take: takes a step.
        body: of a step.
        shown: the event's model with what `ProcessNow` adds.
        readers: the roles that may see such a process, of each division that has a side in it.
    """

    def __init__(
        self,
        processes: Processes[P],
        database: Database,
        commands: Commands,
        *,
        take: Take[P],
        body: type[StepBody[Any]],
        shown: type[ProcessNow],
        readers: frozenset[CallerRole],
    ) -> None:
        self._processes = processes
        self._database = database
        self._commands = commands
        self._take = take
        self._body = body
        self._shown = shown
        self._readers = readers

    def add_to(self, routes: APIRouter) -> None:
        """Add the routes."""
        name, name_zh = self._processes.machine.name, self._processes.machine.name_zh

        async def step(
            request: Request,
            caller: TheCaller,
            process_id: UUID,
            body: StepBody[Any],
            key: Key = None,
            saga: Saga = None,
        ) -> Response:
            async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
                return 200, answer(commanded, await self._take(commanded, process_id, body))

            return await self._commands.carry_out(request, caller, key, saga, decide)

        step.__annotations__["body"] = self._body  # FastAPI reads the body's model, and its words, from there
        routes.add_api_route(
            "/{process_id}/steps",
            step,
            methods=["POST"],
            response_model=Answer,
            name=f"step_{name}",
            summary=f"Take a step of a {name} 办理{name_zh}",
        )
        routes.add_api_route(
            "/{process_id}",
            self.process,
            name=f"read_{name}",
            response_model=self._shown,
            response_model_exclude_none=True,
            summary=f"A {name}, its steps, and what can be done next 查询{name_zh}",
        )

    async def process(self, caller: TheCaller, process_id: UUID) -> BaseModel:
        """Return a process, to who may see it."""
        machine = self._processes.machine
        async with self._database.transaction() as transaction:
            known = await self._processes.find(transaction.connection, process_id)
            taken = await self._processes.steps(transaction.connection, process_id)
        if known is None:
            raise Problem(NOT_FOUND, f"There is no such {machine.name}.", f"没有该{machine.name_zh}。")
        self._refuse_strangers(caller, known)
        return self._shown.model_validate(
            known.model_dump()
            | {
                "allowed_actions": [Allowed.of(one) for one in self._processes.allowed(known, caller)],
                "steps": [StepNow.of(one) for one in taken],
            }
        )

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see a process, and so the files that it carries."""
        known = await self._processes.find(connection, UUID(process_id))
        if known is None:
            return False
        try:
            self._refuse_strangers(caller, known)
        except Problem:
            return False
        return True

    def _refuse_strangers(self, caller: Caller, known: P) -> None:
        machine = self._processes.machine
        sides = sorted({getattr(known, step.side) for step in (machine.begins, *machine.steps)})
        allow(caller, self._readers, next((one for one in sides if caller.speaks_for(one)), sides[0]))


def answer(commanded: Commanded, *moved: ProcessMoved) -> Answer:
    """Return the answer to a command that moved processes."""
    return commanded.answer(*(Changed(aggregate=one.topic, id=one.key, version=one.version) for one in moved))
