"""Floating members 流动党员: reported out by one end, received by the other, counted at home all the while."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.ledgers.floatings import FloatingMoved
from contracts.vocabulary import MEMBER_KEEPERS, FloatingAction, FloatingReason, MemberState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow
from kit.problems import CONFLICT, NOT_FOUND, Problem
from kit.processes import Given, Processes
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.repository.members import find_member, lock_member
from services.ledgers.repository.organisations import hold_organisations


@dataclass(frozen=True, slots=True)
class Reported:
    """That a member is out: at an organisation of ours, or in a division anywhere."""

    member_id: UUID
    to_organisation_id: UUID | None
    to_division_code: str | None
    out_since: date
    reason: FloatingReason


class Floatings:
    """Carries out commands about floating members.

    Args:
        commanded: the command under way.
        processes: of this kind.
    """

    def __init__(self, commanded: Commanded, processes: Processes[FloatingMoved]) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._processes = processes

    async def report(self, reported: Reported, given: Given) -> FloatingMoved:
        """Report a member out.

        Raises:
            Problem: `not-found`, `forbidden`, `invalid` where the other end isn't one, or `conflict` where the member
                has left, has no relation, or is out already.
        """
        await self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", str(reported.member_id))
        await self._processes.under_way(self._connection, [reported.member_id])
        found = await self._home(reported.member_id)
        places = await hold_organisations(
            self._connection, sorted({found, *([reported.to_organisation_id] if reported.to_organisation_id else [])})
        )
        there = places.get(reported.to_organisation_id) if reported.to_organisation_id else None
        misfits = []
        if reported.out_since > today(self._commanded.clock):
            misfits.append(Misfit("/outSince", "is in the future", "晚于今日"))
        if reported.to_organisation_id is None and reported.to_division_code is None:
            misfits.append(Misfit("/toDivisionCode", "give the division or an organisation", "须填流入地区划或党组织"))
        if reported.to_organisation_id is not None and (
            there is None or not there.active or reported.to_organisation_id == found
        ):
            misfits.append(Misfit("/toOrganisationId", "no other organisation that is active", "不是其他在用的党组织"))
        refuse_misfits(misfits)
        member = await lock_member(self._connection, reported.member_id)
        if member is None or member.state is MemberState.LEFT or member.relation_organisation_id != found:
            raise Problem(
                CONFLICT, "The member has moved meanwhile. Read them again.", "该党员信息已变动，请重新读取。"
            )
        return await self._processes.begin(
            self._commanded,
            given,
            member_id=reported.member_id,
            organisation_id=found,
            to_organisation_id=reported.to_organisation_id,
            to_division_code=there.division_code if there else reported.to_division_code,
            out_since=reported.out_since,
            reason=reported.reason,
            division_code=places[found].division_code,
            bureau=places[found].bureau,
        )

    async def take(
        self, process_id: UUID, expected_version: int, action: FloatingAction, given: Given
    ) -> FloatingMoved:
        """Take a step.

        Raises:
            Problem: `not-found`, `version-conflict`, `illegal-step`, `forbidden`, or `invalid`.
        """
        known, step = await self._processes.expected(self._commanded, process_id, expected_version, action, given)
        return await self._processes.take(self._commanded, known, step, given)

    async def _home(self, member_id: UUID) -> UUID:
        member = await find_member(self._connection, member_id)
        if member is None:
            raise Problem(NOT_FOUND, "There is no such member.", "没有该党员。")
        if member.state is MemberState.LEFT or member.relation_organisation_id is None:
            allow(self._commanded.caller, MEMBER_KEEPERS, member.division_code)
            raise Problem(
                CONFLICT,
                "The member has no relation from which they could be out.",
                "该党员没有组织关系，不能登记外出。",
            )
        return member.relation_organisation_id
