"""Processes by their machine: what may be done, by whom, until when; every step is kept, and told with the whole state.

A process is locked before whatever its steps change, so two steps of one process wait for each other.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from contracts.events.processes import ProcessMoved
from contracts.processes.machine import Machine, Step
from contracts.vocabulary.word import Word
from kit import evidence, process_store
from kit.callers import Caller
from kit.causes import ByTheClock, Cause
from kit.clock import SHANGHAI, Clock, today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.database import Connection, Transaction
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, ILLEGAL_STEP, INVALID, Problem
from kit.process_store import StoredStep, Taken
from kit.sealing import Sealer
from kit.timers import Due, set_timer

P = TypeVar("P", bound=ProcessMoved)

NOTE: Final = b"note"
"""Behind a process's id: the place to which a sealed note is bound."""
ON_BEHALF_OF: Final = b"on behalf of"
"""The same for whom a step is recorded on behalf of."""


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a step.

    Attributes:
        effective_on: day from which it holds; today where None.
        note: the reason, in free text. It is sealed.
        on_behalf_of: the person for whom it is recorded, where that is not the caller. It is sealed.
        evidence_ids: files to add to those of the process.
    """

    effective_on: date | None = None
    note: str | None = None
    on_behalf_of: str | None = None
    evidence_ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class AllowedAction:
    """A step that somebody may take now."""

    action: str
    label_zh: str
    needs_note: bool


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step as who may see the process sees it."""

    stored: StoredStep
    note: str | None
    on_behalf_of: str | None


class Processes(Generic[P]):
    """The processes of one kind.

    Args:
        machine: what may be done.
        model: the event that tells a step.
        subject: what such a process is about.
        sealer: seals what may name people; None for who takes only steps with which nothing is given.
    """

    def __init__(
        self, machine: Machine[Any, Any], model: type[P], subject: Callable[[P], UUID], sealer: Sealer | None
    ) -> None:
        self.machine = machine
        self.model = model
        self._subject = subject
        self._sealer = sealer

    async def begin(self, commanded: Commanded, given: Given, **facts: object) -> P:
        """Begin a process.

        Args:
            commanded: the command.
            given: what came with it.
            facts: what the event says beyond what every process has.

        Raises:
            Problem: `forbidden`, `invalid` (also where a file isn't the caller's), or `conflict` where the subject has
                one under way.
        """
        begins = self.machine.begins
        day = _day(given, None, today(commanded.clock))
        moved = self._state(
            begins, day, commanded, process_id=new_id(), version=1, evidence=given.evidence_ids, **facts
        )
        allow(commanded.caller, begins.who, getattr(moved, begins.side))
        self._refuse_without_note(begins, given)
        subject = str(self._subject(moved))
        if self.machine.once:
            await commanded.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", subject)
            if others := await process_store.lock_under_way(commanded.connection, self.model, [subject]):
                raise Problem(
                    CONFLICT,
                    f"A {self.machine.name} is under way already: {others[0].process_id}. Go on with that one.",
                    f"已有办理中的{self.machine.name_zh}（{others[0].process_id}），请继续办理。",
                    {"processId": str(others[0].process_id)},
                )
        await self._attach(commanded, moved, given)
        await process_store.add(
            commanded.connection,
            moved,
            subject,
            commanded.correlation_id,
            under_way=not self.machine.is_over(moved.state),
        )
        await self._keep(commanded, moved, self._taken(commanded.caller, moved, given))
        return moved

    async def begin_all(self, commanded: Commanded, facts: Sequence[Mapping[str, object]]) -> list[P]:
        """Begin many processes by a statement a table, nothing given with any.

        Nobody else may begin one about the same subjects meanwhile, and none may be under way: the caller sees to it.

        Args:
            commanded: the command.
            facts: of each, what the event says beyond what every process has.

        Raises:
            Problem: `forbidden`.
        """
        begins, day, caller = self.machine.begins, today(commanded.clock), commanded.caller
        moved = [
            self._state(begins, day, commanded, process_id=new_id(), version=1, evidence=(), **one) for one in facts
        ]
        for one in moved:
            allow(caller, begins.who, getattr(one, begins.side))
        begun = [(one, str(self._subject(one))) for one in moved]
        taken = Taken(caller.subject, caller.role.value)
        await process_store.add_all(commanded.connection, begun, commanded.correlation_id, taken)
        await tell(commanded.connection, [commanded.told(one) for one in moved])
        for one in moved:
            await self._set_timer(commanded, one)
        return moved

    async def begin_by_the_clock(self, cause: Cause, **facts: object) -> P:
        """Begin a process that nobody commanded, today: it follows from what was heard, or a moment came.

        Of a kind that a subject may have once none may be under way, and nobody else may begin one meanwhile: the
        caller sees to it.

        Args:
            cause: why.
            facts: what the event says beyond what every process has.
        """
        begins = self.machine.begins
        moved = self._state(begins, today(cause.clock), cause, process_id=new_id(), version=1, evidence=(), **facts)
        await process_store.add(
            cause.connection, moved, str(self._subject(moved)), cause.correlation_id, under_way=True
        )
        await self._keep(cause, moved, Taken(None, None))
        return moved

    async def expected(
        self, commanded: Commanded, process_id: UUID, expected_version: int, action: Word, given: Given
    ) -> tuple[P, Step[Any, Any]]:
        """Lock a process, and return it with the step that an action is now.

        Raises:
            Problem: `not-found`, `version-conflict`, `illegal-step` with the legal ones, `forbidden`, or `invalid`.
        """
        known = await process_store.lock(commanded.connection, self.model, process_id)
        expect(known, expected_version, self.machine.name, self.machine.name_zh)
        if known is None:
            raise LookupError(process_id)
        step = self.machine.step(known.state, action)
        if step is None or not step.who:
            raise self._illegal(known, action, commanded.caller)
        allow(commanded.caller, step.who, getattr(known, step.side))
        self._refuse_without_note(step, given)
        return known, step

    async def take(self, commanded: Commanded, known: P, step: Step[Any, Any], given: Given, **facts: object) -> P:
        """Take a step that was found legal.

        Args:
            commanded: the command.
            known: the process, locked.
            step: the step.
            given: what came with it.
            facts: what it changes of what the event says.

        Raises:
            Problem: `invalid`, where the day is in the future or before the step before, or a file is neither the
                caller's nor the process's.
        """
        day = _day(given, known.effective_on, today(commanded.clock))
        await self._attach(commanded, known, given)
        moved = self._next(commanded, known, step, day, given.evidence_ids, facts)
        await process_store.replace(commanded.connection, moved, under_way=not self.machine.is_over(moved.state))
        await self._keep(commanded, moved, self._taken(commanded.caller, moved, given))
        return moved

    async def take_by_the_clock(self, cause: Cause, known: P, action: Word, **facts: object) -> P:
        """Take a step that nobody commanded: a term is over, or what the process is about is no more.

        Raises:
            ValueError: it is no step of the state.
        """
        step = self.machine.step(known.state, action)
        if step is None:
            raise ValueError(f"{self.machine.name}: {action} is no step of {known.state}")
        moved = self._next(cause, known, step, today(cause.clock), (), facts)
        await process_store.replace(cause.connection, moved, under_way=not self.machine.is_over(moved.state))
        await self._keep(cause, moved, Taken(None, None))
        return moved

    async def under_way(self, connection: Connection, subjects: Sequence[UUID]) -> list[P]:
        """Return the processes under way about some subjects, locked, in order of id."""
        return await process_store.lock_under_way(connection, self.model, [str(one) for one in subjects])

    async def find(self, connection: Connection, process_id: UUID) -> P | None:
        """Return a process, or None where it isn't there."""
        return await process_store.find(connection, self.model, process_id)

    async def steps(self, connection: Connection, process_id: UUID) -> list[TakenStep]:
        """Return the steps of a process, in order, with what was given with each."""
        place = process_id.bytes
        return [
            TakenStep(
                one,
                self._opened(one.sealed_note, place + NOTE),
                self._opened(one.sealed_on_behalf_of, place + ON_BEHALF_OF),
            )
            for one in await process_store.steps(connection, process_id)
        ]

    def allowed(self, known: P, caller: Caller) -> list[AllowedAction]:
        """Return the steps that a caller may take now."""
        return [
            AllowedAction(step.action.value, step.action.zh, step.needs_note)
            for step in self.machine.steps_from(known.state)
            if caller.role in step.who and caller.speaks_for(getattr(known, step.side))
        ]

    def _next(
        self,
        cause: Cause,
        known: P,
        step: Step[Any, Any],
        day: date,
        evidence: Sequence[UUID],
        facts: Mapping[str, object],
    ) -> P:
        kept = known.model_dump(exclude={"due_at", "evidence_ids", "version"})
        added = tuple(dict.fromkeys([*known.evidence_ids, *evidence]))
        return self._state(step, day, cause, **{**kept, **facts}, version=known.version + 1, evidence=added)

    def _state(self, step: Step[Any, Any], day: date, cause: Cause, *, evidence: Sequence[UUID], **facts: object) -> P:
        stated = {
            "state": step.target,
            "action": step.action,
            "due_at": self._due(step.target, day, facts),
            "evidence_ids": tuple(evidence),
            "effective_on": day,
            "recorded_at": cause.clock.now(),
        }
        return self.model.model_validate({**facts, **stated})

    def _due(self, state: Word, day: date, facts: Mapping[str, object]) -> datetime | None:
        promised, term = self.machine.promised.get(state), self.machine.term(state, day)
        if promised is not None:
            last = facts[promised]
        elif term is not None:
            since = day if term.since is None else facts[term.since]
            last = term.last_day(since) if isinstance(since, date) else None
        else:
            last = None
        return datetime.combine(last + timedelta(days=1), time(), SHANGHAI) if isinstance(last, date) else None

    async def _attach(self, commanded: Commanded, process: P, given: Given) -> None:
        """Let the process carry the files that are given, before anything says that it does."""
        use = evidence.Use(process.topic, process.key)
        now = commanded.clock.now()
        await evidence.attach(commanded.connection, commanded.caller.subject, given.evidence_ids, use, now)

    async def _keep(self, cause: Cause, moved: P, taken: Taken) -> None:
        await process_store.add_step(cause.connection, moved, taken)
        await tell(cause.connection, [cause.told(moved)])
        await self._set_timer(cause, moved)

    async def _set_timer(self, cause: Cause, moved: P) -> None:
        if moved.due_at is not None and self.machine.lapses is not None:
            await set_timer(cause.connection, moved.topic, f"{moved.process_id} {moved.version}", moved.due_at)

    def _taken(self, caller: Caller, moved: P, given: Given) -> Taken:
        place = moved.process_id.bytes
        return Taken(
            caller.subject,
            caller.role.value,
            self._sealed(given.note, place + NOTE),
            self._sealed(given.on_behalf_of, place + ON_BEHALF_OF),
        )

    def _sealed(self, text: str | None, place: bytes) -> bytes | None:
        return None if text is None else self._seals().seal(text.encode(), place=place)

    def _opened(self, sealed: bytes | None, place: bytes) -> str | None:
        return None if sealed is None else self._seals().open(sealed, place=place).decode()

    def _seals(self) -> Sealer:
        if self._sealer is None:
            raise LookupError(f"{self.machine.name}: nothing can be sealed here")
        return self._sealer

    def _refuse_without_note(self, step: Step[Any, Any], given: Given) -> None:
        if step.needs_note and not (given.note or "").strip():
            raise Problem(
                INVALID,
                f"/note is needed with {step.action}: say why.",
                f"{step.action.zh}须填写理由（/note）。",
                {"errors": [{"pointer": "/note", "reason": "a reason is needed", "reasonZh": "须填写理由"}]},
            )

    def _illegal(self, known: P, action: Word, caller: Caller) -> Problem:
        allowed = self.allowed(known, caller)
        legal = ", ".join(one.action for one in allowed) or "none"
        legal_zh = "、".join(one.label_zh for one in allowed) or "无"
        return Problem(
            ILLEGAL_STEP,
            f"The {self.machine.name} is {known.state}; {action} is no step from there. You may now: {legal}.",
            f"该{self.machine.name_zh}处于“{known.state.zh}”，不能“{action.zh}”。当前可办理：{legal_zh}。",
            {
                "state": known.state.value,
                "allowedActions": [{"action": one.action, "labelZh": one.label_zh} for one in allowed],
            },
        )


Lapsing = Callable[[Cause, P], Awaitable[Mapping[str, object]]]
"""Does what a lapse leads to beside the step; returns what it changes of what the event says."""


class Lapses(Generic[P]):
    """Takes the step of a state whose term is over; to be given to the service's timers under the process's topic.

    Args:
        processes: of one kind.
        clock: tells now.
        leads_to: what a lapse leads to beside the step.
    """

    def __init__(self, processes: Processes[P], clock: Clock, leads_to: Lapsing[P] | None = None) -> None:
        self._processes = processes
        self._clock = clock
        self._leads_to = leads_to

    async def __call__(self, transaction: Transaction, due: Due) -> None:
        """Take the step, unless the process went on since the timer was set."""
        process_id, _, version = due.step.partition(" ")
        lapses = self._processes.machine.lapses
        connection = transaction.connection
        known = await process_store.lock(connection, self._processes.model, UUID(process_id))
        if known is None or lapses is None or known.version != int(version):
            return
        correlation_id = await process_store.correlation_of(connection, known.process_id)
        cause = ByTheClock(connection, self._clock, correlation_id)
        facts = {} if self._leads_to is None else await self._leads_to(cause, known)
        await self._processes.take_by_the_clock(cause, known, lapses, **facts)


def _day(given: Given, before: date | None, today: date) -> date:
    day = given.effective_on or max(today, before or today)
    if day > today and given.effective_on is not None:
        raise _wrong_day(day, "is in the future; send the command on that day", "晚于今日，请届时再提交")
    if before is not None and day < before:
        raise _wrong_day(day, f"is before the step before, {before}", f"早于上一步骤的日期{before}")
    return day


def _wrong_day(day: date, reason: str, reason_zh: str) -> Problem:
    return Problem(
        INVALID,
        f"/effectiveOn {day} {reason}.",
        f"生效日期{day}{reason_zh}。",
        {"errors": [{"pointer": "/effectiveOn", "reason": reason, "reasonZh": reason_zh}]},
    )
