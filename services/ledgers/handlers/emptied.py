"""Organisations whose entities are all deregistered 主体已全部注销: the system proposes to dissolve them.

Founded for an entity 单独, or for some 联合, such an organisation has nothing left that it was founded for. Its side
and the superior one decide: the proposal is theirs to amend, approve, return or withdraw, with the deadline of every
reorganisation (contracts/processes). It is made once: who withdraws it has decided.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.vocabulary import ReorganisationKind
from kit.causes import Cause
from kit.database import Connection
from kit.processes import Processes
from services.ledgers.domain.reorganisation import superior_division
from services.ledgers.repository.emptied import emptied_organisations, founded_for
from services.ledgers.repository.organisations import hold_organisations
from services.ledgers.repository.reorganisations import taking_part


async def hold_founded_for(connection: Connection, entities: Sequence[UUID]) -> None:
    """Let nobody else reorganise what is founded for some entities that are about to go, until the transaction ends.

    Of two batches in which one entity each of a joint organisation goes, the later sees what the earlier wrote.
    """
    if entities:
        await taking_part(connection, await founded_for(connection, entities))


async def propose_dissolutions(causes: Mapping[UUID, Cause], processes: Processes[ReorganisationMoved]) -> None:
    """Propose to dissolve what is founded for entities that are deregistered, where none of its entities is left.

    Args:
        causes: why, for each entity that was deregistered; in one transaction, in which that was written.
        processes: of reorganisations.
    """
    if not causes:
        return
    connection = next(iter(causes.values())).connection
    for one in await emptied_organisations(connection, sorted(causes)):
        if await taking_part(connection, [one.organisation_id]) is not None:
            continue
        above = superior_division(one.division_code)
        if one.superior_id is not None:
            above = (await hold_organisations(connection, [one.superior_id]))[one.superior_id].division_code
        await processes.begin_by_the_clock(
            causes[one.entity_id],
            kind=ReorganisationKind.DISSOLVE,
            organisation_id=one.organisation_id,
            target_id=None,
            name=None,
            founding=None,
            successor_id=None,
            successors=(),
            superior_division_code=above,
            division_code=one.division_code,
            bureau=one.bureau,
        )
