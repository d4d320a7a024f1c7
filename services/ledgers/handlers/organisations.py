"""Commands about Party organisations: found, change, dissolve.

Locks are taken in one order everywhere: entities, organisations, members, memberships, coverage; each in order of id.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.ledgers.organisations import (
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
    RecordedOrganisation,
)
from contracts.vocabulary import (
    UNASSIGNED_DIVISION,
    Bureau,
    CallerRole,
    FormationMode,
    OrganisationForm,
    OrganisationState,
)
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.ledgers.domain.election import Standing, standing
from services.ledgers.domain.misfit import Misfit
from services.ledgers.domain.organisation import OrganisationShape, code_misfits, compared_code, misfits
from services.ledgers.handlers.coverage import recount_coverage
from services.ledgers.handlers.elections import election_facts
from services.ledgers.handlers.member_states import relocate_members
from services.ledgers.handlers.membership import recount_membership
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.repository.coverage import lock_coverage
from services.ledgers.repository.coverage_dates import ever_covered
from services.ledgers.repository.developments import has_developments
from services.ledgers.repository.elections import election_held, election_stated
from services.ledgers.repository.lines import is_active
from services.ledgers.repository.organisations import (
    Place,
    has_members,
    hold_entities,
    hold_organisations,
    holder_of_code,
    lock_organisation,
    with_own,
    write_organisation,
)
from services.ledgers.repository.reorganisations import taking_part

FOUNDERS: Final = frozenset(
    {
        CallerRole.DISTRICT,
        CallerRole.ORGANISATION_DEPARTMENT,
        CallerRole.NON_PUBLIC_COMMITTEE,
        CallerRole.TOWNSHIP,
        CallerRole.ASSOCIATION,
        CallerRole.SYSTEM,
    }
)
"""Who may found, change and dissolve organisations: 组织部, 非公工委, townships, associations, and systems for them."""


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What a command states of an organisation. Without a division it has that of its only or first entity.

    Attributes:
        has_committee: whether it has a committee 支委会; None where that follows from its full members.
        groups: how many groups 党小组 it has; None where unknown.
        code: 组织编码 in the books of 组织部; None where unknown.
    """

    name: str
    form: OrganisationForm
    external: bool
    mode: FormationMode | None
    entity_ids: Sequence[UUID]
    superior_id: UUID | None
    association_id: UUID | None
    division_code: str | None
    bureau: Bureau
    founded_on: date | None
    has_committee: bool | None = None
    groups: int | None = None
    code: str | None = None


class Organisations:
    """Carries out commands about organisations.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def found(
        self, facts: OrganisationFacts, effective_on: date | None, organisation_id: UUID | None = None
    ) -> RecordedOrganisation:
        """Found an organisation, or make one known; under an id of its own, or one that it was given before.

        Raises:
            Problem: `invalid` where facts don't fit together or refer to what isn't there, `forbidden`, or `conflict`
                where an entity has an organisation of its own already.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        organisation_id = organisation_id or new_id()
        facts = await self._checked(facts, organisation_id)
        organisation = self._state(OrganisationFounded, organisation_id, 1, facts, day)
        await self._write(organisation, organisation.entity_ids, day)
        return organisation

    async def change(
        self, organisation_id: UUID, expected_version: int, facts: OrganisationFacts, effective_on: date | None
    ) -> RecordedOrganisation | None:
        """Replace the facts of an organisation; None where they are so already.

        Raises:
            Problem: as for `found`; `not-found`, `version-conflict`, or `conflict` where it is dissolved.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        facts = await self._checked(facts, organisation_id)
        known = await self._expected(organisation_id, expected_version)
        stated = self._state(OrganisationChanged, organisation_id, known.version + 1, facts, day)
        kept = {name: getattr(known, name) for name in _PROFILE} | await self._elections(organisation_id, facts)
        organisation = stated.model_copy(update=kept)
        if _content(organisation) == _content(known):
            return None
        await self._write(organisation, {*known.entity_ids, *organisation.entity_ids}, day)
        return organisation

    async def _elections(self, organisation_id: UUID, facts: OrganisationFacts) -> dict[str, object]:
        """Return what the elections of a locked organisation come to by its form; an external one has none."""
        if facts.external:
            return election_facts(Standing(None))
        stated = await election_stated(self._connection, organisation_id)
        return election_facts(standing(facts.form, stated, await election_held(self._connection, organisation_id)))

    async def rename(self, organisation_id: UUID, name: str, effective_on: date) -> None:
        """Give an organisation another name, as it was approved.

        Raises:
            Problem: `forbidden`, or `conflict` where it is dissolved meanwhile.
        """
        known = await lock_organisation(self._connection, organisation_id)
        if known is None:
            raise LookupError(organisation_id)
        await self._expected(organisation_id, known.version)
        renamed = OrganisationChanged.model_validate(
            known.model_dump()
            | {
                "name": name,
                "version": known.version + 1,
                "effective_on": max(effective_on, known.effective_on),
                "recorded_at": self._commanded.clock.now(),
            }
        )
        await write_organisation(self._connection, renamed)
        await tell(self._connection, [self._commanded.told(renamed)])

    async def dissolve(
        self, organisation_id: UUID, expected_version: int, effective_on: date | None
    ) -> RecordedOrganisation:
        """Dissolve an organisation. It stays, with its history; it covers no entity any more.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where it is dissolved, or has members.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        other = await taking_part(self._connection, [organisation_id])
        if other is not None:
            raise Problem(
                CONFLICT,
                f"The organisation takes part in a reorganisation: {other}. Go on with that, or withdraw it.",
                f"该党组织正在办理设置调整（{other}），请继续办理或先撤回。",
                {"processId": str(other)},
            )
        known = await self._expected(organisation_id, expected_version)
        if await has_members(self._connection, organisation_id):
            raise Problem(
                CONFLICT,
                "Members are related to this organisation or managed by it. Give them another place first.",
                "该党组织仍有组织关系或受其管理的党员，请先办理转接。",
            )
        if await has_developments(self._connection, organisation_id):
            raise Problem(
                CONFLICT,
                "Persons are being developed at this organisation. Move or end their developments first.",
                "该党组织仍有正在培养发展的人员，请先转接或终止。",
            )
        state = {
            "state": OrganisationState.DISSOLVED,
            "entity_ids": (),
            "committee": None,
            "version": known.version + 1,
        }
        moment = {"effective_on": day, "recorded_at": self._commanded.clock.now()}
        dissolved = OrganisationDissolved.model_validate(known.model_dump() | state | moment)
        await self._write(dissolved, known.entity_ids, day)
        return dissolved

    async def _expected(self, organisation_id: UUID, expected_version: int) -> RecordedOrganisation:
        known = await lock_organisation(self._connection, organisation_id)
        expect(known, expected_version, "organisation", "党组织")
        if known is None:
            raise LookupError(organisation_id)
        allow(self._commanded.caller, FOUNDERS, known.division_code)
        if known.state is OrganisationState.DISSOLVED:
            raise Problem(
                CONFLICT,
                "The organisation is dissolved; nothing about it can be changed.",
                "该党组织已撤销，不能再变更。",
            )
        return known

    async def _checked(self, facts: OrganisationFacts, organisation_id: UUID) -> OrganisationFacts:
        shape = OrganisationShape(facts.form, facts.external, facts.mode, facts.entity_ids)
        code = compared_code(facts.code) if facts.code else None
        refuse_misfits([*misfits(shape), *code_misfits(code)])
        allow(self._commanded.caller, FOUNDERS, self._commanded.caller.division_code)
        await self._refuse_taken_code(code, organisation_id)
        entities = await hold_entities(self._connection, facts.entity_ids)
        refuse_misfits([*_unknown(facts.entity_ids, entities), *await self._unknown_above(facts, organisation_id)])
        if facts.mode is FormationMode.SINGLE:
            await lock_coverage(self._connection, facts.entity_ids)
            if await with_own(self._connection, facts.entity_ids, organisation_id):
                raise Problem(
                    CONFLICT,
                    "The entity has an organisation of its own already. Change that one.",
                    "该市场主体已单独组建党组织，请对其办理变更。",
                )
        division = facts.division_code
        if division is None:
            division = entities[facts.entity_ids[0]].division_code if facts.entity_ids else UNASSIGNED_DIVISION
        allow(self._commanded.caller, FOUNDERS, division)
        return replace(facts, division_code=division, entity_ids=sorted(facts.entity_ids), code=code)

    async def _refuse_taken_code(self, code: str | None, organisation_id: UUID) -> None:
        if code is None:
            return
        holder = await holder_of_code(self._connection, code)
        if holder is None or holder.organisation_id == organisation_id:
            return
        seen = self._commanded.caller.speaks_for(holder.division_code)
        raise Problem(
            CONFLICT,
            "Another organisation has this code. Correct the code, or change that organisation.",
            "该组织编码已用于另一党组织。请更正编码，或对该党组织办理变更。",
            {"organisationId": str(holder.organisation_id)} if seen else None,
        )

    async def _unknown_above(self, facts: OrganisationFacts, organisation_id: UUID) -> list[Misfit]:
        found = []
        if facts.superior_id is not None:
            above = (await hold_organisations(self._connection, [facts.superior_id])).get(facts.superior_id)
            if above is None or not above.active or facts.superior_id == organisation_id:
                found.append(Misfit("/superiorId", "no other organisation that is active", "不是其他在用的党组织"))
        if facts.association_id is not None and not await is_active(
            self._connection, "association", facts.association_id
        ):
            found.append(Misfit("/associationId", "no association that is active", "不是在用的协会"))
        return found

    def _state(
        self,
        model: type[RecordedOrganisation],
        organisation_id: UUID,
        version: int,
        facts: OrganisationFacts,
        day: date,
    ) -> RecordedOrganisation:
        return model(
            organisation_id=organisation_id,
            version=version,
            code=facts.code,
            name=facts.name,
            form=facts.form,
            external=facts.external,
            mode=facts.mode,
            entity_ids=tuple(facts.entity_ids),
            superior_id=facts.superior_id,
            association_id=facts.association_id,
            has_committee=facts.has_committee,
            groups=facts.groups,
            division_code=facts.division_code or UNASSIGNED_DIVISION,
            bureau=facts.bureau,
            state=OrganisationState.ACTIVE,
            founded_on=facts.founded_on,
            effective_on=day,
            recorded_at=self._commanded.clock.now(),
        )

    async def _write(self, organisation: RecordedOrganisation, entities: Sequence[UUID] | set[UUID], day: date) -> None:
        await write_organisation(self._connection, organisation)
        await tell(self._connection, [self._commanded.told(organisation)])
        await relocate_members(
            self._connection,
            organisations=[organisation.organisation_id],
            day=lambda _: day,
            now=self._commanded.clock.now(),
            told=self._commanded.told,
        )
        await recount_membership(self._commanded, [organisation.organisation_id], day=day)
        # What it is now may correct the days of what it was: the periods of all that it ever covered follow.
        ever = await ever_covered(self._connection, organisation.organisation_id)
        await recount_coverage(
            self._connection,
            dict.fromkeys({*entities, *ever}, day),
            now=self._commanded.clock.now(),
            told=self._commanded.told,
        )


def _unknown(entity_ids: Sequence[UUID], entities: dict[UUID, Place]) -> list[Misfit]:
    return [
        Misfit(f"/entityIds/{place}", "no entity of the ledger that is active", "台账中没有该存续主体")
        for place, one in enumerate(entity_ids)
        if one not in entities or not entities[one].active
    ]


_PROFILE: Final = (
    "industry",
    "committee",
    "full_time_workers",
    "funds",
    "venues",
    "demonstration",
    "standardisation_pilot",
)


def _content(organisation: RecordedOrganisation) -> dict[str, object]:
    return organisation.model_dump(exclude={"version", "effective_on", "recorded_at"})
