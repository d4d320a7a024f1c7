"""Reorganisations 党组织设置调整: proposed by the organisation's side, approved by the superior one, carried out.

Nothing about the organisations changes before a reorganisation is carried out, and then all of it at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic.alias_generators import to_camel

from contracts.events.ledgers.organisations import RecordedOrganisation
from contracts.events.ledgers.reorganisations import MemberSuccessor, ProposedOrganisation, ReorganisationMoved
from contracts.processes.reorganisation import REORGANISATION
from contracts.vocabulary import (
    UNASSIGNED_DIVISION,
    Bureau,
    OrganisationState,
    ReorganisationAction,
    ReorganisationKind,
)
from kit.command_routes import Commanded
from kit.ids import new_id
from kit.problems import CONFLICT, NOT_FOUND, Problem
from kit.processes import Given, Processes
from kit.sealing import Sealer
from services.ledgers.domain.misfit import Misfit
from services.ledgers.domain.organisation import OrganisationShape, misfits
from services.ledgers.domain.reorganisation import Proposal, proposal_misfits, superior_division
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.organisations import OrganisationFacts, Organisations
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.handlers.succession import Succession
from services.ledgers.repository.organisations import Place, find_organisation, hold_entities, hold_organisations
from services.ledgers.repository.reorganisations import taking_part


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reorganisation is to bring about.

    Attributes:
        kind: founding, renaming, merging or dissolution.
        organisation_id: which organisation; None where it is to be founded.
        target_id: with MERGE, which takes all over.
        name: with FOUND and RENAME.
        founding: with FOUND, what it will be.
        division_code: with FOUND, where it will be; that of its first entity where None.
        successor_id: with DISSOLVE, where all go who aren't named one by one.
        successors: with DISSOLVE, where persons go who are named one by one.
    """

    kind: ReorganisationKind
    organisation_id: UUID | None = None
    target_id: UUID | None = None
    name: str | None = None
    founding: ProposedOrganisation | None = None
    division_code: str | None = None
    successor_id: UUID | None = None
    successors: Sequence[MemberSuccessor] = ()

    @property
    def homes(self) -> Mapping[UUID, UUID]:
        """Where persons go who are named one by one."""
        return {one.member_id: one.organisation_id for one in self.successors}

    def proposal(self) -> Proposal:
        """Return it as the domain takes it."""
        return Proposal(
            self.kind,
            self.organisation_id,
            self.target_id,
            self.name,
            self.founding is not None,
            self.successor_id,
            self.homes,
        )


@dataclass(frozen=True, slots=True)
class Amended:
    """What AMEND changes of what was wanted; what is None stays."""

    name: str | None = None
    founding: ProposedOrganisation | None = None
    successor_id: UUID | None = None
    successors: Sequence[MemberSuccessor] | None = None

    def said(self) -> dict[str, object]:
        """Return what is changed, by its names in the event."""
        return {
            name: value
            for name in ("name", "founding", "successor_id", "successors")
            if (value := getattr(self, name)) is not None
        }


def reorganisations(sealer: Sealer) -> Processes[ReorganisationMoved]:
    """Return the processes of this kind."""
    return Processes(REORGANISATION, ReorganisationMoved, lambda moved: moved.organisation_id, sealer)


class Reorganisations:
    """Carries out commands about reorganisations.

    Args:
        commanded: the command under way.
        processes: of this kind.
        about: the processes about members, which go on where the members go.
    """

    def __init__(self, commanded: Commanded, processes: Processes[ReorganisationMoved], about: AboutMembers) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._processes = processes
        self._about = about

    async def propose(self, wanted: Wanted, given: Given) -> ReorganisationMoved:
        """Propose a reorganisation.

        Raises:
            Problem: `not-found`, `forbidden`, `invalid` where what is said doesn't go with the kind or names what isn't
                there, or `conflict` where one of the organisations takes part in another reorganisation.
        """
        refuse_misfits(proposal_misfits(wanted.proposal()))
        known = await self._known(wanted)
        organisation_id = new_id() if known is None else known.organisation_id
        await self._refuse_others(organisation_id, wanted.target_id)
        await self._refuse_unknown(wanted)
        stated = wanted.founding if known is None else known
        superior_id = None if stated is None else stated.superior_id
        place = await self._place(wanted, known)
        above = superior_division(place.division_code)
        if superior_id is not None:
            above = (await hold_organisations(self._connection, [superior_id]))[superior_id].division_code
        return await self._processes.begin(
            self._commanded,
            given,
            kind=wanted.kind,
            organisation_id=organisation_id,
            target_id=wanted.target_id,
            name=wanted.name,
            founding=wanted.founding,
            successor_id=wanted.successor_id,
            successors=tuple(wanted.successors),
            superior_division_code=above,
            division_code=place.division_code,
            bureau=place.bureau,
        )

    async def take(
        self,
        process_id: UUID,
        expected_version: int,
        action: ReorganisationAction,
        given: Given,
        amended: Amended,
    ) -> ReorganisationMoved:
        """Take a step of a reorganisation.

        Args:
            process_id: which one.
            expected_version: on which it was decided.
            action: the step.
            given: what comes with it.
            amended: what AMEND changes.

        Raises:
            Problem: `not-found`, `version-conflict`, `illegal-step`, `forbidden`, `invalid`, or `conflict` where
                members would be left without a home, or what it is about is no longer as it was.
        """
        known, step = await self._processes.expected(self._commanded, process_id, expected_version, action, given)
        said = amended.said()
        if action is ReorganisationAction.AMEND:
            await self._refuse_amended(known, said)
        elif said:
            refuse_misfits(
                [Misfit(f"/{to_camel(name)}", "is changed by AMEND alone", "仅可在“补正”时变更") for name in said]
            )
        moved = await self._processes.take(self._commanded, known, step, given, **said)
        if action is ReorganisationAction.CARRY_OUT:
            await self._carry_out(moved)
        return moved

    async def _refuse_amended(self, known: ReorganisationMoved, said: Mapping[str, object]) -> None:
        amended = known.model_copy(update=dict(said))
        founds = known.kind is ReorganisationKind.FOUND
        wanted = Wanted(
            kind=known.kind,
            organisation_id=None if founds else known.organisation_id,
            target_id=known.target_id,
            name=amended.name,
            founding=amended.founding,
            successor_id=amended.successor_id,
            successors=amended.successors,
        )
        refuse_misfits(proposal_misfits(wanted.proposal()))
        await self._refuse_unknown(wanted)

    async def _carry_out(self, moved: ReorganisationMoved) -> None:
        match moved.kind:
            case ReorganisationKind.FOUND:
                if moved.founding is None or moved.name is None:
                    raise LookupError(moved.process_id)
                await Organisations(self._commanded).found(
                    _facts(moved, moved.founding, moved.name), moved.effective_on, moved.organisation_id
                )
            case ReorganisationKind.RENAME:
                if moved.name is None:
                    raise LookupError(moved.process_id)
                await Organisations(self._commanded).rename(moved.organisation_id, moved.name, moved.effective_on)
            case ReorganisationKind.MERGE | ReorganisationKind.DISSOLVE:
                await Succession(self._commanded, self._about, moved).carry_out()

    async def _known(self, wanted: Wanted) -> RecordedOrganisation | None:
        if wanted.organisation_id is None:
            return None
        known = await find_organisation(self._connection, wanted.organisation_id)
        if known is None:
            raise Problem(NOT_FOUND, "There is no such organisation.", "没有该党组织。")
        if known.external or known.state is OrganisationState.DISSOLVED:
            raise Problem(
                CONFLICT,
                "The organisation is dissolved, or of another place: nothing is approved about it here.",
                "该党组织已撤销或为外部党组织，不在此办理设置调整。",
            )
        return known

    async def _place(self, wanted: Wanted, known: RecordedOrganisation | None) -> Place:
        """Return where the organisation is, or will be."""
        if known is not None:
            return Place(known.division_code, known.bureau, active=True)
        entities = wanted.founding.entity_ids if wanted.founding is not None else ()
        first = (await hold_entities(self._connection, entities[:1])).get(entities[0]) if entities else None
        if wanted.division_code is None:
            return first or Place(UNASSIGNED_DIVISION, Bureau.OTHER, active=True)
        return Place(wanted.division_code, first.bureau if first else Bureau.MARKET_REGULATION, active=True)

    async def _refuse_others(self, organisation_id: UUID, target_id: UUID | None) -> None:
        taking = [organisation_id] if target_id is None else [organisation_id, target_id]
        other = await taking_part(self._connection, taking)
        if other is not None:
            raise Problem(
                CONFLICT,
                f"The organisation, or the one it is to merge into, takes part in another reorganisation: {other}.",
                f"该党组织或并入的党组织正在办理其他设置调整（{other}）。",
                {"processId": str(other)},
            )

    async def _refuse_unknown(self, wanted: Wanted) -> None:
        """Refuse organisations and entities that aren't there."""
        named = {"/targetId": wanted.target_id, "/successorId": wanted.successor_id}
        named |= {f"/successors/{place}": one.organisation_id for place, one in enumerate(wanted.successors)}
        if wanted.founding is not None:
            named["/founding/superiorId"] = wanted.founding.superior_id
        places = await hold_organisations(self._connection, sorted({one for one in named.values() if one is not None}))
        found = [
            Misfit(pointer, "no organisation that is active", "不是在用的党组织")
            for pointer, one in named.items()
            if one is not None and (one not in places or not places[one].active)
        ]
        if wanted.target_id in places and places[wanted.target_id].external:
            found.append(Misfit("/targetId", "is of another place", "不能并入外部党组织"))
        if wanted.founding is not None:
            shape = OrganisationShape(
                wanted.founding.form, external=False, mode=wanted.founding.mode, entity_ids=wanted.founding.entity_ids
            )
            found += [Misfit(f"/founding{one.pointer}", one.reason, one.reason_zh) for one in misfits(shape)]
            entities = await hold_entities(self._connection, wanted.founding.entity_ids)
            found += [
                Misfit(f"/founding/entityIds/{place}", "no entity of the ledger that is active", "台账中没有该存续主体")
                for place, one in enumerate(wanted.founding.entity_ids)
                if one not in entities or not entities[one].active
            ]
        refuse_misfits(found)


def _facts(moved: ReorganisationMoved, founding: ProposedOrganisation, name: str) -> OrganisationFacts:
    return OrganisationFacts(
        name=name,
        form=founding.form,
        external=False,
        mode=founding.mode,
        entity_ids=founding.entity_ids,
        superior_id=founding.superior_id,
        association_id=founding.association_id,
        division_code=moved.division_code,
        bureau=moved.bureau,
        founded_on=founding.founded_on,
    )
