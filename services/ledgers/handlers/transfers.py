"""Transfers of members from one organisation to another: asked for by one side, taken over by the other.

The relation stays where it is until the receiving side accepts; so a member is counted once at every moment.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.transfers import TransferMoved
from contracts.vocabulary import MEMBER_KEEPERS, MemberState, TransferAction
from kit.command_routes import Commanded
from kit.commands import allow
from kit.problems import CONFLICT, NOT_FOUND, Problem
from kit.processes import Given
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.member_states import next_state, store_member
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.repository.members import find_member, lock_member
from services.ledgers.repository.organisations import hold_organisations


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a transfer is to bring about.

    Attributes:
        member_id: who is transferred.
        to_organisation_id: where the relation goes.
        with_management: whether the management goes there too.
    """

    member_id: UUID
    to_organisation_id: UUID
    with_management: bool


class Transfers:
    """Carries out commands about transfers.

    Args:
        commanded: the command under way.
        about: the processes about members.
    """

    def __init__(self, commanded: Commanded, about: AboutMembers) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._about = about
        self._processes = about.transfers

    async def request(self, wanted: Wanted, given: Given) -> TransferMoved:
        """Ask for a transfer.

        Raises:
            Problem: `not-found`, `forbidden`, `invalid` where the organisation isn't there, or `conflict` where the
                member has no relation, has it there already, or is being transferred.
        """
        member = await find_member(self._connection, wanted.member_id)
        if member is None:
            raise Problem(NOT_FOUND, "There is no such member.", "没有该党员。")
        giving = member.relation_organisation_id
        if giving is None or member.state is MemberState.LEFT:
            allow(self._commanded.caller, MEMBER_KEEPERS, member.division_code)
            raise Problem(
                CONFLICT,
                "The member has no relation that could be transferred. Place them with an organisation.",
                "该党员没有可转接的组织关系，请直接登记其组织关系。",
            )
        places = await hold_organisations(self._connection, sorted({giving, wanted.to_organisation_id}))
        there = places.get(wanted.to_organisation_id)
        if there is None or not there.active or wanted.to_organisation_id == giving:
            refuse_misfits(
                [Misfit("/toOrganisationId", "no other organisation that is active", "不是其他在用的党组织")]
            )
        begun = await self._processes.begin(
            self._commanded,
            given,
            member_id=wanted.member_id,
            from_organisation_id=giving,
            to_organisation_id=wanted.to_organisation_id,
            with_management=wanted.with_management,
            to_division_code=places[wanted.to_organisation_id].division_code,
            division_code=places[giving].division_code,
            bureau=places[giving].bureau,
        )
        # Whoever merges members holds what `begin` waited for, and may have been first.
        now = await find_member(self._connection, wanted.member_id)
        if now is None or now.state is MemberState.LEFT:
            raise Problem(CONFLICT, "The member has left meanwhile.", "该党员已出册。")
        return begun

    async def take(
        self, process_id: UUID, expected_version: int, action: TransferAction, given: Given
    ) -> TransferMoved:
        """Take a step of a transfer.

        Raises:
            Problem: `not-found`, `version-conflict`, `illegal-step`, `forbidden`, `invalid`, or `conflict` where what
                it is about is no longer as it was.
        """
        known, step = await self._processes.expected(self._commanded, process_id, expected_version, action, given)
        moved = await self._processes.take(self._commanded, known, step, given)
        if action is TransferAction.ACCEPT:
            await self._accept(moved)
        return moved

    async def _accept(self, moved: TransferMoved) -> None:
        held = await self._about.lock(self._connection, moved.member_id)
        places = await hold_organisations(self._connection, [moved.to_organisation_id])
        if not places[moved.to_organisation_id].active:
            raise Problem(
                CONFLICT,
                "The receiving organisation is dissolved. Return the transfer, saying so.",
                "转入党组织已撤销，请注明原因并退回。",
            )
        member = await lock_member(self._connection, moved.member_id)
        if member is None or member.relation_organisation_id != moved.from_organisation_id:
            raise Problem(
                CONFLICT,
                "The member's relation is no longer with the giving organisation. Withdraw this transfer.",
                "该党员的组织关系已不在转出党组织，请撤回本次转接。",
            )
        await self._relate(member, moved)
        await self._about.relation_moved(self._commanded, held, moved.to_organisation_id)

    async def _relate(self, member: MemberRecorded, moved: TransferMoved) -> None:
        day = moved.effective_on
        changed: dict[str, Any] = {"relation_organisation_id": moved.to_organisation_id, "relation_since": day}
        if moved.with_management:
            changed |= {"management_organisation_id": moved.to_organisation_id, "management_since": day}
        state = next_state(member, self._commanded.clock.now(), max(day, member.effective_on), **changed)
        await store_member(self._commanded, state, member, state.effective_on)
