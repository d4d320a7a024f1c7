"""Merging and dissolving carried out: members, entities, organisations below, and all that is under way go elsewhere.

Locks are taken in the one order of the ledgers: processes, organisations, members, memberships, coverage. Whoever
places a member, or begins a process about one, holds the organisation meanwhile: behind its lock nobody comes any more.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.organisations import OrganisationChanged, OrganisationDissolved, RecordedOrganisation
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.vocabulary import FormationMode, OrganisationState
from kit.command_routes import Commanded
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.ledgers.domain.reorganisation import homes
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.handlers.coverage import recount_coverage
from services.ledgers.handlers.member_states import next_state, relocate_members
from services.ledgers.handlers.membership import recount_membership
from services.ledgers.handlers.redirection import Redirection, UnderWay
from services.ledgers.repository.members import write_members
from services.ledgers.repository.organisations import below, is_under, lock_organisations, write_organisation
from services.ledgers.repository.reorganisations import lock_belonging

SHOWN = 20
"""So many persons without a home a refusal names at the most."""


class Succession:
    """Carries out a merger, or a dissolution.

    Args:
        commanded: the command under way.
        about: the processes about members.
        moved: the reorganisation, locked; it is carried out by this.
    """

    def __init__(self, commanded: Commanded, about: AboutMembers, moved: ReorganisationMoved) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._moved = moved
        self._source_id = moved.organisation_id
        self._heir_id = moved.target_id or moved.successor_id
        self._redirection = Redirection(commanded, about, moved.organisation_id)

    async def carry_out(self) -> None:
        """Let everything go where it goes, and dissolve the organisation.

        Raises:
            Problem: `conflict` where somebody would be left without a home, an organisation is no longer active, or
                something began meanwhile.
        """
        under_way = await self._redirection.lock()
        lower = await below(self._connection, self._source_id)
        named = {one.organisation_id for one in self._moved.successors} | {self._source_id, *lower}
        organisations = await lock_organisations(
            self._connection, sorted(named if self._heir_id is None else {*named, self._heir_id})
        )
        await self._redirection.refuse_newcomers(under_way)
        self._refuse_inactive(organisations)
        members = await lock_belonging(self._connection, self._source_id)
        places = self._homes(members, under_way)
        entities = await self._write_organisations(organisations, lower)
        await self._move(members, places)
        await self._redirection.redirect(under_way, places, self._heir_id, organisations)
        await self._count(organisations, entities)

    def _refuse_inactive(self, organisations: dict[UUID, RecordedOrganisation]) -> None:
        gone = [key for key, one in organisations.items() if one.state is not OrganisationState.ACTIVE]
        if gone:
            raise Problem(
                CONFLICT,
                f"Dissolved meanwhile: {', '.join(map(str, sorted(gone)))}. Return this, and let it be amended.",
                f"以下党组织已撤销：{'、'.join(map(str, sorted(gone)))}。请退回后补正。",
            )

    def _homes(self, members: Sequence[MemberRecorded], under_way: UnderWay) -> dict[UUID, UUID]:
        persons = {one.member_id for one in members} | {one.person_id for one in under_way.developments}
        successors = {one.member_id: one.organisation_id for one in self._moved.successors}
        found, without = homes(persons, self._heir_id, successors)
        if without:
            raise Problem(
                CONFLICT,
                f"No successor is named for {len(without)} members, or persons being developed. Return this, and name "
                f"one for each: {', '.join(map(str, without[:SHOWN]))}.",
                f"有{len(without)}名党员或发展对象未指定接收党组织，请退回后补正："
                f"{'、'.join(map(str, without[:SHOWN]))}。",
            )
        return found

    async def _write_organisations(
        self, organisations: dict[UUID, RecordedOrganisation], lower: Sequence[UUID]
    ) -> set[UUID]:
        source = organisations[self._source_id]
        above = self._moved.target_id or source.superior_id
        await self._write(
            source, OrganisationDissolved, state=OrganisationState.DISSOLVED, entity_ids=(), committee=None
        )
        target = None if self._moved.target_id is None else organisations[self._moved.target_id]
        if target is not None:
            await self._take_over(source, target)
        for one in lower:
            if target is None or one != target.organisation_id:
                await self._write(organisations[one], OrganisationChanged, superior_id=above)
        return set(source.entity_ids)

    async def _take_over(self, source: RecordedOrganisation, target: RecordedOrganisation) -> None:
        entities = tuple(sorted({*target.entity_ids, *source.entity_ids}))
        changed: dict[str, object] = {}
        if entities != target.entity_ids:
            changed["entity_ids"] = entities
            if target.mode is FormationMode.SINGLE and len(entities) > 1:
                changed["mode"] = FormationMode.JOINT
        # it would come to stand below itself, where it stands below what it takes over
        if await is_under(self._connection, target.organisation_id, source.organisation_id):
            changed["superior_id"] = source.superior_id
        if changed:
            await self._write(target, OrganisationChanged, **changed)

    async def _write(self, known: RecordedOrganisation, model: type[RecordedOrganisation], **changed: object) -> None:
        moment = {
            "version": known.version + 1,
            "effective_on": max(self._moved.effective_on, known.effective_on),
            "recorded_at": self._commanded.clock.now(),
        }
        written = model.model_validate(known.model_dump() | moment | changed)
        await write_organisation(self._connection, written)
        await tell(self._connection, [self._commanded.told(written)])

    async def _move(self, members: Sequence[MemberRecorded], places: dict[UUID, UUID]) -> None:
        now, moved = self._commanded.clock.now(), []
        for known in members:
            day, home = max(self._moved.effective_on, known.effective_on), places[known.member_id]
            changed: dict[str, Any] = {}
            if known.relation_organisation_id == self._source_id:
                changed |= {"relation_organisation_id": home, "relation_since": day}
            if known.management_organisation_id == self._source_id:
                changed |= {"management_organisation_id": home, "management_since": day}
            moved.append(next_state(known, now, day, **changed))
        await write_members(self._connection, moved)
        await tell(self._connection, [self._commanded.told(one) for one in moved])

    async def _count(self, organisations: dict[UUID, RecordedOrganisation], entities: set[UUID]) -> None:
        day, now = self._moved.effective_on, self._commanded.clock.now()

        def since(member: MemberRecorded) -> date:
            return max(day, member.effective_on)

        await relocate_members(
            self._connection, organisations=sorted(organisations), day=since, now=now, told=self._commanded.told
        )
        await recount_membership(self._commanded, sorted(organisations), day=day)
        await recount_coverage(self._connection, dict.fromkeys(entities, day), now=now, told=self._commanded.told)
