"""Commands about assignments of cadres: assign, end."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.vocabulary import AssignmentRole, AssignmentState, AssignmentTarget, CadreState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, NOT_FOUND, Problem
from services.pairing.domain.assignment import Assignment, Target, assign, end
from services.pairing.domain.misfit import Misfit
from services.pairing.handlers.refusals import PAIRERS, holds_from, refuse_misfits
from services.pairing.publish import assignment_event
from services.pairing.repository.assignments import add_assignment, lock_assignment, replace_assignment
from services.pairing.repository.facts import find_cadre, find_target


@dataclass(frozen=True, slots=True)
class Stated:
    """What a command states about a new assignment; without a first day it is today."""

    cadre_id: UUID
    role: AssignmentRole
    target: AssignmentTarget
    target_id: UUID
    starts_on: date | None


class Assignments:
    """Carries out commands about assignments.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._clock = commanded.clock

    async def assign(self, stated: Stated) -> Assignment:
        """Assign a cadre to an entity or to an organisation.

        Raises:
            Problem: `not-found` where target or cadre isn't known, `forbidden`, `invalid` where it starts in the
                future, or `conflict` where target or cadre is active no more, or the cadre has that role there already
                (then with `currentVersion`).
        """
        target = await self._target(stated)
        allow(self._commanded.caller, PAIRERS, target.division_code)
        starts_on = holds_from("/startsOn", stated.starts_on, today=today(self._clock))
        if not target.active:
            what, what_zh = (
                ("is deregistered", "已注销")
                if stated.target is AssignmentTarget.ENTITY
                else ("is dissolved", "已撤销")
            )
            refuse_misfits([Misfit("/targetId", what, what_zh)], CONFLICT)
        await self._refuse_absent_cadre(stated.cadre_id)
        made = assign(new_id(), stated.cadre_id, stated.role, target, starts_on=starts_on, now=self._clock.now())
        stored = await add_assignment(self._connection, made)
        if stored.assignment_id != made.assignment_id:
            raise Problem(
                CONFLICT,
                f"This cadre is {stated.role.value} there since {stored.starts_on}. End that assignment first.",
                f"该干部自{stored.starts_on}起已任该处{stated.role.zh}，请先结束原选派。",
                {"currentVersion": stored.version},
            )
        return await self._tell(made)

    async def end(self, assignment_id: UUID, expected_version: int, ended_on: date | None) -> Assignment:
        """End an assignment. It stays, as ended.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid` where it ends before it starts or in the
                future, or `conflict` where it is ended already.
        """
        known = await lock_assignment(self._connection, assignment_id)
        expect(known, expected_version, "assignment", "选派")
        if known is None:
            raise LookupError(assignment_id)
        allow(self._commanded.caller, PAIRERS, known.division_code)
        if known.state is AssignmentState.ENDED:
            raise Problem(
                CONFLICT,
                f"The assignment ended on {known.ended_on}; make a new one.",
                f"该选派已于{known.ended_on}结束，请重新选派。",
            )
        day = holds_from("/endedOn", ended_on, today=today(self._clock), not_before=known.starts_on)
        ended = end(known, ended_on=day, now=self._clock.now())
        await replace_assignment(self._connection, ended)
        return await self._tell(ended)

    async def _target(self, stated: Stated) -> Target:
        target = await find_target(self._connection, stated.target, stated.target_id)
        if target is None:
            what, what_zh = stated.target.value.lower(), stated.target.zh
            missing = Misfit("/targetId", f"names no {what} that is known yet", f"所指{what_zh}尚未收到或编号有误")
            refuse_misfits([missing], NOT_FOUND)
            raise LookupError(stated.target_id)
        return target

    async def _refuse_absent_cadre(self, cadre_id: UUID) -> None:
        state = await find_cadre(self._connection, cadre_id)
        if state is None:
            missing = Misfit("/cadreId", "names no cadre who is known yet", "所指干部尚未收到或编号有误")
            refuse_misfits([missing], NOT_FOUND)
        if state is CadreState.LEFT:
            refuse_misfits([Misfit("/cadreId", "names a cadre who left", "所指干部已离任")], CONFLICT)

    async def _tell(self, assignment: Assignment) -> Assignment:
        await tell(self._connection, [self._commanded.told(assignment_event(assignment))])
        return assignment
