"""The processes about members and those who become one, and what they do when a member moves or leaves.

Locked in one order everywhere: transfers, floatings, developments; and all of them before organisations and members.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.events.ledgers.development import DevelopmentMoved
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.transfers import TransferMoved
from contracts.processes.development import DEVELOPMENT
from contracts.processes.floating import FLOATING
from contracts.processes.transfer import TRANSFER
from contracts.vocabulary import (
    DevelopmentAction,
    DevelopmentState,
    FloatingAction,
    MemberStanding,
    TransferAction,
)
from kit import process_store
from kit.causes import Cause
from kit.database import Connection
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from kit.processes import Processes
from kit.sealing import Sealer
from services.ledgers.repository.developments import erase_steps, lock_of_person
from services.ledgers.repository.organisations import hold_organisations, hold_posts

_ON_PROBATION: Final = frozenset({DevelopmentState.PROBATIONARY, DevelopmentState.PROLONGED})


@dataclass(frozen=True, slots=True)
class Held:
    """The processes under way about a member, locked."""

    transfers: list[TransferMoved]
    floatings: list[FloatingMoved]
    developments: list[DevelopmentMoved]


class AboutMembers:
    """The processes about members.

    Args:
        sealer: seals what may name people.
    """

    def __init__(self, sealer: Sealer) -> None:
        self.transfers: Processes[TransferMoved] = Processes(
            TRANSFER, TransferMoved, lambda moved: moved.member_id, sealer
        )
        self.floatings: Processes[FloatingMoved] = Processes(
            FLOATING, FloatingMoved, lambda moved: moved.member_id, sealer
        )
        self.developments: Processes[DevelopmentMoved] = Processes(
            DEVELOPMENT, DevelopmentMoved, lambda moved: moved.person_id, sealer
        )

    async def lock(self, connection: Connection, member_id: UUID) -> Held:
        """Lock the processes under way about a member, and the organisations where they have a post; return them."""
        held = Held(
            await self.transfers.under_way(connection, [member_id]),
            await self.floatings.under_way(connection, [member_id]),
            await self.developments.under_way(connection, [member_id]),
        )
        await hold_posts(connection, [member_id])
        return held

    async def relation_moved(self, cause: Cause, held: Held, organisation_id: UUID | None) -> None:
        """Let a member's floating end, and their development go on, where the relation is now.

        Args:
            cause: why the relation moved.
            held: what was under way about the member.
            organisation_id: where the relation is now; a development stays where it is while it is nowhere.
        """
        for floating in held.floatings:
            await self.floatings.take_by_the_clock(cause, floating, FloatingAction.END)
        if organisation_id is None:
            return
        place = (await hold_organisations(cause.connection, [organisation_id]))[organisation_id]
        for development in held.developments:
            await self.developments.take_by_the_clock(
                cause,
                development,
                DevelopmentAction.MOVE,
                organisation_id=organisation_id,
                division_code=place.division_code,
                bureau=place.bureau,
            )

    async def end(self, cause: Cause, member_id: UUID) -> None:
        """End what is under way about a member who is no longer there. Of a full member the papers are still filed."""
        held = await self.lock(cause.connection, member_id)
        await self.end_moves(cause, held)
        for development in held.developments:
            if development.state in _ON_PROBATION:
                await self.developments.take_by_the_clock(cause, development, DevelopmentAction.END)

    async def end_moves(self, cause: Cause, held: Held) -> None:
        """End the transfers and floatings of a member who is no longer there to be moved."""
        for transfer in held.transfers:
            await self.transfers.take_by_the_clock(cause, transfer, TransferAction.WITHDRAW)
        for floating in held.floatings:
            await self.floatings.take_by_the_clock(cause, floating, FloatingAction.END)

    async def erase(self, cause: Cause, person_id: UUID) -> list[DevelopmentMoved]:
        """Take whatever is about a person out of their developments, tell these without it, and return them."""
        told = []
        for known in await lock_of_person(cause.connection, person_id):
            forgotten = {"masked_name": None, "done_steps": (), "workplace_entity_id": None}
            counted = {"version": known.version + 1, "recorded_at": cause.clock.now()}
            erased = DevelopmentMoved.model_validate(known.model_dump() | forgotten | counted)
            await process_store.replace(
                cause.connection, erased, under_way=not self.developments.machine.is_over(erased.state)
            )
            await erase_steps(cause.connection, known.process_id)
            told.append(erased)
        await tell(cause.connection, [cause.told(one) for one in told])
        return told


def refuse_placing(held: Held, known: MemberRecorded, standing: MemberStanding, relation: UUID | None) -> None:
    """Refuse to change by hand what a process under way is about.

    Raises:
        Problem: `conflict`, where the relation is being transferred, or the standing follows from a development.
    """
    if held.transfers and relation != known.relation_organisation_id:
        process_id = held.transfers[0].process_id
        raise Problem(
            CONFLICT,
            f"The member's relation is being transferred: {process_id}. Go on, or withdraw that.",
            f"该党员的组织关系正在转接（{process_id}），请继续办理或先撤回。",
            {"processId": str(process_id)},
        )
    if standing is not known.standing:
        refuse_standing(held.developments[0].process_id if held.developments else None)


def refuse_standing(development: UUID | None) -> None:
    """Refuse to change a standing by hand that follows from a development, under way or at its end.

    Raises:
        Problem: `conflict`, where there is one.
    """
    if development is None:
        return
    raise Problem(
        CONFLICT,
        f"The member's standing follows from their development: {development}. Go on with that.",
        f"该党员的类别由发展党员流程（{development}）决定，请在该流程中办理。",
        {"processId": str(development)},
    )
