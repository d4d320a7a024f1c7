"""Commands about visits 走访: record, withdraw. A visit is a fact of the past: nobody need be there any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.pairing import VisitRecorded
from contracts.vocabulary import AssignmentTarget, VisitPurpose, VisitState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.problems import CONFLICT, NOT_FOUND, Problem
from kit.records import next_state
from services.pairing.domain.misfit import Misfit
from services.pairing.handlers.refusals import PAIRERS, holds_from, refuse_misfits
from services.pairing.repository.facts import find_cadre, find_targets
from services.pairing.repository.outreach import VISITS, visited


@dataclass(frozen=True, slots=True)
class Round:
    """A cadre's round: everything of one kind that they visited on a day; today where none is given."""

    cadre_id: UUID
    target: AssignmentTarget
    target_ids: Sequence[UUID]
    purpose: VisitPurpose
    visited_on: date | None


class Visits:
    """Carries out commands about visits.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def record(self, stated: Round) -> Sequence[VisitRecorded]:
        """Record what a cadre visited: all of it, or nothing.

        Raises:
            Problem: `not-found` where the cadre or a target isn't known, `forbidden`, `invalid` where the day is in the
                future or a target is named twice, or `conflict` where one was visited by them on that day already.
        """
        day = holds_from("/visitedOn", stated.visited_on, today=today(self._commanded.clock))
        if await find_cadre(self._connection, stated.cadre_id) is None:
            refuse_misfits(
                [Misfit("/cadreId", "names no cadre who is known yet", "所指干部尚未收到或编号有误")], NOT_FOUND
            )
        known = await find_targets(self._connection, stated.target, stated.target_ids)
        what, what_zh = stated.target.value.lower(), stated.target.zh
        places = {one: f"/targetIds/{place}" for place, one in reversed(list(enumerate(stated.target_ids)))}
        refuse_misfits(
            [
                Misfit(f"/targetIds/{place}", "is named twice", "重复填写")
                for place, one in enumerate(stated.target_ids)
                if places[one] != f"/targetIds/{place}"
            ]
        )
        refuse_misfits(
            [
                Misfit(place, f"names no {what} that is known yet", f"所指{what_zh}尚未收到或编号有误")
                for one, place in places.items()
                if one not in known
            ],
            NOT_FOUND,
        )
        for target in known.values():
            allow(self._commanded.caller, PAIRERS, target.division_code)
        before = await visited(self._connection, stated.cadre_id, day, stated.target_ids)
        refuse_misfits(
            [
                Misfit(places[one], f"was visited by this cadre on {day} already", f"该干部{day}已走访")
                for one in stated.target_ids
                if one in before
            ],
            CONFLICT,
        )
        visits = [
            VisitRecorded(
                visit_id=new_id(),
                version=1,
                cadre_id=stated.cadre_id,
                target=stated.target,
                target_id=one,
                uscc=known[one].uscc,
                purpose=stated.purpose,
                visited_on=day,
                state=VisitState.RECORDED,
                division_code=known[one].division_code,
                bureau=known[one].bureau,
                effective_on=day,
                recorded_at=self._commanded.clock.now(),
            )
            for one in stated.target_ids
        ]
        await VISITS.store(self._commanded, visits)
        return visits

    async def withdraw(self, visit_id: UUID, expected_version: int) -> VisitRecorded:
        """Take back the record of a visit that was none. It stays, as withdrawn.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where it is withdrawn already.
        """
        known = await VISITS.lock(self._connection, visit_id)
        expect(known, expected_version, "visit", "走访记录")
        if known is None:
            raise LookupError(visit_id)
        allow(self._commanded.caller, PAIRERS, known.division_code)
        if known.state is VisitState.WITHDRAWN:
            raise Problem(CONFLICT, "The visit is withdrawn already.", "该走访记录已撤回。")
        withdrawn = next_state(self._commanded, known, state=VisitState.WITHDRAWN)
        await VISITS.store(self._commanded, [withdrawn])
        return withdrawn
