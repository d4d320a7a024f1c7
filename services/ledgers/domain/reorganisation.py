"""Reorganisations of organisations 党组织设置调整: what each kind must say, and where members go."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.vocabulary import DIVISION_WIDTH, UNASSIGNED_DIVISION, ReorganisationKind
from services.ledgers.domain.misfit import Misfit

_DISTRICT_DIGITS: Final = 6
_TOWNSHIP_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a reorganisation says. Successors are by the id of the person, a member or one who is being developed."""

    kind: ReorganisationKind
    organisation_id: UUID | None
    target_id: UUID | None
    name: str | None
    founds: bool
    successor_id: UUID | None
    successors: Mapping[UUID, UUID]


def proposal_misfits(proposal: Proposal) -> list[Misfit]:
    """Return what a proposal lacks for its kind, or says beyond it."""
    kind = proposal.kind
    said = {
        "/organisationId": (proposal.organisation_id is not None, kind is not ReorganisationKind.FOUND, True),
        "/targetId": (proposal.target_id is not None, kind is ReorganisationKind.MERGE, True),
        "/name": (proposal.name is not None, kind in {ReorganisationKind.FOUND, ReorganisationKind.RENAME}, True),
        "/founding": (proposal.founds, kind is ReorganisationKind.FOUND, True),
        "/successorId": (proposal.successor_id is not None, kind is ReorganisationKind.DISSOLVE, False),
        "/successors": (bool(proposal.successors), kind is ReorganisationKind.DISSOLVE, False),
    }
    found = []
    for pointer, (there, fits, needed) in said.items():
        if there and not fits:
            found.append(Misfit(pointer, f"doesn't go with {kind}", f"“{kind.zh}”不填此项"))
        elif needed and fits and not there:
            found.append(Misfit(pointer, f"is needed with {kind}", f"“{kind.zh}”须填此项"))
    if proposal.organisation_id is not None:
        if proposal.target_id == proposal.organisation_id:
            found.append(Misfit("/targetId", "is the organisation itself", "不能并入自身"))
        if proposal.successor_id == proposal.organisation_id:
            found.append(Misfit("/successorId", "is the organisation itself", "接收党组织不能是其自身"))
        if proposal.organisation_id in proposal.successors.values():
            found.append(Misfit("/successors", "names the organisation itself", "接收党组织不能是其自身"))
    return found


def homes(
    persons: Collection[UUID], successor_id: UUID | None, successors: Mapping[UUID, UUID]
) -> tuple[dict[UUID, UUID], list[UUID]]:
    """Return where each person of an organisation goes that is no more, and those for whom nothing is named."""
    found = {one: successors.get(one, successor_id) for one in persons}
    return (
        {one: home for one, home in found.items() if home is not None},
        sorted(one for one, home in found.items() if home is None),
    )


def superior_division(division_code: str) -> str:
    """Return the division that approves: for a grid its township, for a township and the district the district."""
    if division_code == UNASSIGNED_DIVISION:
        return division_code
    digits = _TOWNSHIP_DIGITS if division_code[_TOWNSHIP_DIGITS:].strip("0") else _DISTRICT_DIGITS
    return division_code[:digits].ljust(DIVISION_WIDTH, "0")
