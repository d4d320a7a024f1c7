"""Commands about what entities are named as 命名: name, withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.pairing import NamingRecorded
from contracts.vocabulary import AssignmentTarget, NamingKind, NamingState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.problems import CONFLICT, NOT_FOUND, Problem
from kit.records import next_state
from services.pairing.domain.assignment import Target
from services.pairing.domain.misfit import Misfit
from services.pairing.handlers.refusals import PAIRERS, holds_from, refuse_misfits
from services.pairing.repository.facts import find_targets
from services.pairing.repository.outreach import NAMINGS, named


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that names entities, from a day on; today where none is given."""

    kind: NamingKind
    entity_ids: Sequence[UUID]
    document: str | None
    named_on: date | None


class Namings:
    """Carries out commands about namings.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def name(self, stated: Decision) -> Sequence[NamingRecorded]:
        """Name entities: all of them, or none.

        Raises:
            Problem: `not-found` where one isn't known, `forbidden`, `invalid` where the day is in the future or one
                is there twice, or `conflict` where one is deregistered or named so already.
        """
        day = holds_from("/namedOn", stated.named_on, today=today(self._commanded.clock))
        already = await named(self._connection, stated.kind, stated.entity_ids)
        known = await find_targets(self._connection, AssignmentTarget.ENTITY, stated.entity_ids)
        self._refuse(stated, known, already)
        namings = [
            NamingRecorded(
                naming_id=new_id(),
                version=1,
                kind=stated.kind,
                entity_id=one,
                uscc=known[one].uscc or "",
                document=stated.document,
                named_on=day,
                state=NamingState.NAMED,
                division_code=known[one].division_code,
                bureau=known[one].bureau,
                effective_on=day,
                recorded_at=self._commanded.clock.now(),
            )
            for one in stated.entity_ids
        ]
        await NAMINGS.store(self._commanded, namings)
        return namings

    async def withdraw(self, naming_id: UUID, expected_version: int, day: date | None) -> NamingRecorded:
        """Take a name back. The record stays.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid` where the day is before the naming or in
                the future, or `conflict` where it was taken back already.
        """
        known = await NAMINGS.lock(self._connection, naming_id)
        expect(known, expected_version, "naming", "命名")
        if known is None:
            raise LookupError(naming_id)
        allow(self._commanded.caller, PAIRERS, known.division_code)
        if known.state is NamingState.WITHDRAWN:
            raise Problem(CONFLICT, "The name was taken back already.", "该命名已撤销。")
        now = today(self._commanded.clock)
        from_day = holds_from("/withdrawnOn", day, today=now, not_before=known.named_on)
        withdrawn = next_state(
            self._commanded, known, state=NamingState.WITHDRAWN, withdrawn_on=from_day, effective_on=from_day
        )
        await NAMINGS.store(self._commanded, [withdrawn])
        return withdrawn

    def _refuse(self, stated: Decision, known: dict[UUID, Target], already: frozenset[UUID]) -> None:
        places = [(f"/entityIds/{place}", one) for place, one in enumerate(stated.entity_ids)]
        first = {one: place for place, one in reversed(places)}
        refuse_misfits([Misfit(place, "is there twice", "重复填写") for place, one in places if first[one] != place])
        refuse_misfits(
            [
                Misfit(place, "names no entity that is known yet", "所指市场主体尚未收到或编号有误")
                for place, one in places
                if one not in known
            ],
            NOT_FOUND,
        )
        for target in known.values():
            allow(self._commanded.caller, PAIRERS, target.division_code)
        refuse_misfits(
            [Misfit(place, "is deregistered", "已注销") for place, one in places if not known[one].active]
            + [
                Misfit(place, f"is {stated.kind.value} already", f"已是{stated.kind.zh}")
                for place, one in places
                if one in already
            ],
            CONFLICT,
        )
