"""Development 发展党员: from an application to a full member; nothing skips a stage (domain rule 5).

Locks: processes, entities, organisations, the quota, members, memberships, coverage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.events.ledgers.development import DevelopmentMoved, DoneStep
from contracts.events.ledgers.members import MemberRecorded
from contracts.processes.development_steps import RegulatedStep
from contracts.vocabulary import (
    MEMBER_KEEPERS,
    DevelopmentAction,
    LeavingReason,
    MemberStanding,
    MemberState,
)
from kit import process_store
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.problems import CONFLICT, ILLEGAL_STEP, Problem
from kit.processes import Given
from services.ledgers.domain import development
from services.ledgers.domain.misfit import Misfit
from services.ledgers.domain.names import masked
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.leaving import left
from services.ledgers.handlers.member_states import next_state, store_member
from services.ledgers.handlers.quotas import Quotas
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.persons import Persons
from services.ledgers.repository.members import lock_member
from services.ledgers.repository.organisations import Place, hold_entities, hold_organisations


@dataclass(frozen=True, slots=True)
class Stated:
    """What a step of a development states beyond what every step does.

    Attributes:
        steps: of the regulation, by number with their days, done since.
        workplace_entity_id: where the person works, stated anew.
        organisation_id: where MOVE leads to.
        prolonged_by_months: by how much PROLONG prolongs probation.
    """

    steps: Sequence[tuple[int, date]] = ()
    workplace_entity_id: UUID | None = None
    organisation_id: UUID | None = None
    prolonged_by_months: int | None = None


class Developments:
    """Carries out commands about developments.

    Args:
        commanded: the command under way.
        persons: keeps names.
        about: the processes about members.
    """

    def __init__(self, commanded: Commanded, persons: Persons, about: AboutMembers) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._persons = persons
        self._about = about
        self._processes = about.developments

    async def apply(
        self, name: str, organisation_id: UUID, workplace_entity_id: UUID | None, given: Given
    ) -> DevelopmentMoved:
        """Record that a person applied for membership.

        Raises:
            Problem: `forbidden`, or `invalid` where the organisation or the workplace isn't there.
        """
        await self._hold_workplace(workplace_entity_id)
        place = await self._hold_organisation(organisation_id)
        person_id = new_id()
        applied = given.effective_on or today(self._commanded.clock)
        begun = await self._processes.begin(
            self._commanded,
            given,
            person_id=person_id,
            masked_name=masked(name),
            organisation_id=organisation_id,
            workplace_entity_id=workplace_entity_id,
            done_steps=(DoneStep(number=1, done_on=applied),),
            division_code=place.division_code,
            bureau=place.bureau,
        )
        await self._persons.keep_name(self._connection, person_id, name, self._commanded.clock.now())
        return begun

    async def take(
        self, process_id: UUID, expected_version: int, action: DevelopmentAction, given: Given, stated: Stated
    ) -> DevelopmentMoved:
        """Take a step of a development.

        Raises:
            Problem: `not-found`, `version-conflict`, `illegal-step` with the missing steps and the earliest day,
                `forbidden`, `invalid`, or `conflict` where no place is left, or the member is no longer as they were.
        """
        await self._lock_moves(process_id, action)
        known, step = await self._processes.expected(self._commanded, process_id, expected_version, action, given)
        done = self._done(known, stated, action)
        day = given.effective_on or today(self._commanded.clock)
        if given.effective_on is None and action in development.REGULATED:
            day = max([*done.values(), known.effective_on])
            given = replace(given, effective_on=day)
        if action is development.next_action(known.state):
            _refuse_lacking(action, development.lacking(action, done, day, known.prolonged_by_months or 0), day)
        facts = await self._facts(known, action, stated, done, day)
        moved = await self._processes.take(self._commanded, known, step, given, **facts)
        await self._follow(moved, action)
        return moved

    async def erase(self, process_id: UUID, expected_version: int) -> DevelopmentMoved:
        """Erase all that is kept of a person who is no member; what is under way ends.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where the person is or was a member.
        """
        known = await self._processes.find(self._connection, process_id)
        held = [] if known is None else await self._processes.under_way(self._connection, [known.person_id])
        known = await self._processes.find(self._connection, process_id)
        expect(known, expected_version, "development", "发展党员流程")
        if known is None:
            raise LookupError(process_id)
        allow(self._commanded.caller, MEMBER_KEEPERS, known.division_code)
        if known.quota_year is not None:
            raise Problem(
                CONFLICT,
                "The person is in the ledger of members. Erase the member; this follows.",
                "该人员已在党员台账中，请删除其党员信息，本流程随之删除。",
            )
        for one in held:
            await self._processes.take_by_the_clock(self._commanded, one, DevelopmentAction.END)
        await self._persons.forget(self._connection, known.person_id)
        await process_store.forget(self._connection, str(known.person_id))
        [erased] = await self._about.erase(self._commanded, known.person_id)
        return erased

    async def _lock_moves(self, process_id: UUID, action: DevelopmentAction) -> None:
        """Lock what ends with a member before the development is, in the one order of locks."""
        if action is not DevelopmentAction.END:
            return
        known = await self._processes.find(self._connection, process_id)
        if known is not None and known.quota_year is not None:
            await self._about.lock(self._connection, known.person_id)

    def _done(self, known: DevelopmentMoved, stated: Stated, action: DevelopmentAction) -> dict[int, date]:
        done = {one.number: one.done_on for one in known.done_steps}
        if action is DevelopmentAction.RECORD and not stated.steps:
            refuse_misfits([Misfit("/steps", "give the steps that were done", "须填写已完成的步骤")])
        now, prolonged_by = today(self._commanded.clock), known.prolonged_by_months or 0
        refuse_misfits(development.misfits(known.state, done, stated.steps, prolonged_by, now))
        return done | dict(stated.steps)

    async def _facts(
        self,
        known: DevelopmentMoved,
        action: DevelopmentAction,
        stated: Stated,
        done: dict[int, date],
        day: date,
    ) -> dict[str, object]:
        prolonged_by = known.prolonged_by_months
        facts: dict[str, object] = {}
        if action is DevelopmentAction.PROLONG:
            prolonged_by = stated.prolonged_by_months
            refuse_misfits(development.prolongation_misfits(prolonged_by, done, day))
            done = development.before_the_vote(done)
        workplace = stated.workplace_entity_id or known.workplace_entity_id
        if action is DevelopmentAction.ADMIT or stated.workplace_entity_id is not None:
            await self._hold_workplace(workplace)
        if action is DevelopmentAction.ADMIT:
            await self._hold_organisation(known.organisation_id)
            facts["quota_year"] = development.quota_year(done)
        if action is DevelopmentAction.MOVE:
            facts |= await self._moved(known, stated)
        target = self._processes.machine.step(known.state, action)
        state = known.state if target is None else target.target
        return facts | {
            "done_steps": [DoneStep(number=number, done_on=done[number]) for number in sorted(done)],
            "workplace_entity_id": workplace,
            "prolonged_by_months": prolonged_by,
            "next_from": development.next_from(state, done, day, prolonged_by or 0),
        }

    async def _moved(self, known: DevelopmentMoved, stated: Stated) -> dict[str, object]:
        if known.quota_year is not None:
            raise Problem(
                CONFLICT,
                "The person is a member. Transfer the member; the development follows.",
                "该人员已是党员，请办理组织关系转接，培养关系随之转接。",
            )
        if stated.organisation_id is None or stated.organisation_id == known.organisation_id:
            refuse_misfits([Misfit("/organisationId", "give another organisation", "须填其他党组织")])
            raise LookupError(known.process_id)
        place = await self._hold_organisation(stated.organisation_id)
        return {
            "organisation_id": stated.organisation_id,
            "division_code": place.division_code,
            "bureau": place.bureau,
        }

    async def _follow(self, moved: DevelopmentMoved, action: DevelopmentAction) -> None:
        if action is DevelopmentAction.ADMIT:
            await self._admit(moved)
        elif action is DevelopmentAction.CONFIRM:
            member = await self._member(moved)
            confirmed = next_state(
                member,
                self._commanded.clock.now(),
                max(moved.effective_on, member.effective_on),
                standing=MemberStanding.FULL,
            )
            await store_member(self._commanded, confirmed, member, confirmed.effective_on)
        elif action is DevelopmentAction.END and moved.quota_year is not None:
            held = await self._about.lock(self._connection, moved.person_id)
            await self._about.end_moves(self._commanded, held)
            member = await self._member(moved)
            day = max(moved.effective_on, member.effective_on)
            await left(self._commanded, member, LeavingReason.DISQUALIFIED, day)

    async def _admit(self, moved: DevelopmentMoved) -> None:
        if moved.quota_year is None:
            raise LookupError(moved.process_id)
        await Quotas(self._commanded).take(moved.organisation_id, moved.quota_year)
        workplace, day = moved.workplace_entity_id, moved.effective_on
        where = await self._hold_workplace(workplace) or await self._hold_organisation(moved.organisation_id)
        member = MemberRecorded.model_validate(
            {
                "member_id": moved.person_id,
                "version": 1,
                "masked_name": moved.masked_name,
                "standing": MemberStanding.PROBATIONARY,
                "state": MemberState.ACTIVE,
                "workplace_entity_id": workplace,
                "workplace_since": None if workplace is None else day,
                "relation_organisation_id": moved.organisation_id,
                "relation_since": day,
                "management_organisation_id": moved.organisation_id,
                "management_since": day,
                "division_code": where.division_code,
                "bureau": where.bureau,
                "effective_on": day,
                "recorded_at": self._commanded.clock.now(),
            }
        )
        await store_member(self._commanded, member, None, day)
        facts = await self._persons.facts(self._connection, member.member_id)
        if facts is None:
            raise LookupError("a person who was not erased has a name")
        # An applicant is found by nothing; a member is found by their name.
        await self._persons.keep(self._connection, member.member_id, facts, self._commanded.clock.now())

    async def _member(self, moved: DevelopmentMoved) -> MemberRecorded:
        member = await lock_member(self._connection, moved.person_id)
        if member is None or member.state is MemberState.LEFT:
            raise Problem(
                CONFLICT,
                "The member is no longer in the ledger. End this development.",
                "该党员已出册，请终止本流程。",
            )
        return member

    async def _hold_workplace(self, entity_id: UUID | None) -> Place | None:
        if entity_id is None:
            return None
        place = (await hold_entities(self._connection, [entity_id])).get(entity_id)
        if place is None or not place.active:
            refuse_misfits([Misfit("/workplaceEntityId", "no entity that is active", "台账中没有该存续主体")])
        return place

    async def _hold_organisation(self, organisation_id: UUID) -> Place:
        place = (await hold_organisations(self._connection, [organisation_id])).get(organisation_id)
        if place is None or not place.active or place.external:
            refuse_misfits(
                [Misfit("/organisationId", "no organisation of ours that is active", "不是在用的本区党组织")]
            )
            raise LookupError(organisation_id)
        return place


def _refuse_lacking(action: DevelopmentAction, found: development.Lacking, day: date) -> None:
    early = found.earliest is not None and day < found.earliest
    if not found.missing and not early:
        return
    parts, parts_zh = [], []
    if found.missing:
        parts.append("Missing steps: " + ", ".join(f"{one.number} {one.text}" for one in found.missing))
        parts_zh.append("尚缺步骤：" + "、".join(f"{one.number}.{one.text_zh}" for one in found.missing))
    if found.earliest is not None:
        parts.append(f"First legal day: {found.earliest}")
        parts_zh.append(f"最早可办理日期：{found.earliest}")
    raise Problem(
        ILLEGAL_STEP,
        f"{action} is not possible yet. {'. '.join(parts)}. Record what is done, and take it then.",
        f"尚不能“{action.zh}”。{'；'.join(parts_zh)}。请登记后再办理。",
        {
            "missingSteps": [_shown(one) for one in found.missing],
            "earliestOn": None if found.earliest is None else found.earliest.isoformat(),
        },
    )


def _shown(step: RegulatedStep) -> Mapping[str, str | int]:
    return {"number": step.number, "text": step.text, "textZh": step.text_zh}
