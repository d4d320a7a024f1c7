"""Commands about who does the work: divisions, bureaus, associations, cadres and mandates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.ledgers.lines import (
    AssociationRecorded,
    BureauRecorded,
    CadreRecorded,
    DivisionRecorded,
    MandateRecorded,
)
from contracts.vocabulary import BureauKind, CallerRole, MandateState, UnitState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.ledgers.domain.divisions import level_of, parent_of
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.repository.lines import (
    active_divisions,
    is_active,
    lock_lines,
    write_lines,
)

KEEPERS: Final = frozenset({CallerRole.DISTRICT, CallerRole.ORGANISATION_DEPARTMENT, CallerRole.SYSTEM})
"""Who may say who does the work: the district, its 组织部, and systems that act for them."""

Unit = TypeVar("Unit", BureauRecorded, AssociationRecorded, CadreRecorded)
_UNSAID: Final = {"version", "effective_on", "recorded_at"}


@dataclass(frozen=True, slots=True)
class StatedDivision:
    """What a source states of a division: its name, or that it was abolished."""

    code: str
    name: str
    state: UnitState = UnitState.ACTIVE


@dataclass(frozen=True, slots=True)
class Called:
    """What an aggregate is called in messages, and in which column its id is."""

    key: str
    name: str
    name_zh: str


BUREAU: Final = Called("bureau_id", "bureau", "部门")
ASSOCIATION: Final = Called("association_id", "association", "协会")
CADRE: Final = Called("cadre_id", "cadre", "干部")


class Lines:
    """Carries out commands about who does the work.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def divisions(self, stated: Sequence[StatedDivision], effective_on: date | None) -> list[DivisionRecorded]:
        """Take in divisions together: new, renamed, abolished ones. Those that aren't stated stay as they are.

        Returns:
            Those that changed.

        Raises:
            Problem: `invalid`, naming each place: a code that is none of a district's, one that stands twice, one whose
                division above isn't there, or an abolished one with others under it; or `forbidden`.
        """
        day = self._holds_from(effective_on)
        _refuse_wrong_codes(stated)
        codes = sorted(one.code for one in stated)
        for code in codes:
            allow(self._commanded.caller, KEEPERS, code)
        known = await lock_lines(self._connection, DivisionRecorded, codes)
        await self._refuse_misplaced(stated)
        changed = []
        for one in stated:
            before = known.get(one.code)
            now = DivisionRecorded(
                division_code=one.code,
                version=1 if before is None else before.version + 1,
                name=one.name,
                level=level_of(one.code),
                parent_code=parent_of(one.code),
                state=one.state,
                effective_on=day,
                recorded_at=self._commanded.clock.now(),
            )
            if before is None or before.model_dump(exclude=_UNSAID) != now.model_dump(exclude=_UNSAID):
                changed.append(now)
        await write_lines(self._connection, DivisionRecorded, changed)
        await tell(self._connection, [self._commanded.told(one) for one in changed])
        return changed

    async def _refuse_misplaced(self, stated: Sequence[StatedDivision]) -> None:
        found = []
        active = await active_divisions(self._connection, sorted({one.code[:6] for one in stated}))
        active -= {one.code for one in stated}
        active |= {one.code for one in stated if one.state is UnitState.ACTIVE}
        above = {parent_of(code) for code in active}
        for place, one in enumerate(stated):
            parent = parent_of(one.code)
            if one.state is UnitState.ACTIVE and parent is not None and parent not in active:
                found.append(
                    Misfit(f"/divisions/{place}/divisionCode", f"{parent} above it isn't there", f"上级{parent}不存在")
                )
            if one.state is UnitState.CLOSED and one.code in above:
                found.append(Misfit(f"/divisions/{place}/state", "others under it are active", "其下仍有在用的区划"))
        refuse_misfits(found)

    async def bureau(
        self, facts: Mapping[str, object], effective_on: date | None, known: tuple[UUID, int] | None = None
    ) -> BureauRecorded | None:
        """Set up a bureau or a station, or replace its facts; None where they are so already.

        Args:
            facts: by their names in the event.
            effective_on: day from which they hold.
            known: id and expected version, to replace.

        Raises:
            Problem: `invalid`, `forbidden`, `not-found`, `version-conflict`.
        """
        parent = facts["parent_id"]
        if (facts["kind"] is BureauKind.STATION) != (parent is not None):
            refuse_misfits([Misfit("/parentId", "a station has a bureau above it, a bureau has none", "所须有主管局")])
        await self._refuse_absent("bureau", "/parentId", parent, known)
        return await self._put(BureauRecorded, BUREAU, facts, effective_on, known)

    async def association(
        self, facts: Mapping[str, object], effective_on: date | None, known: tuple[UUID, int] | None = None
    ) -> AssociationRecorded | None:
        """Set up an association or a sub-association, or replace its facts; as for `bureau`."""
        await self._refuse_absent("association", "/parentId", facts["parent_id"], known)
        return await self._put(AssociationRecorded, ASSOCIATION, facts, effective_on, known)

    async def cadre(
        self, facts: Mapping[str, object], effective_on: date | None, known: tuple[UUID, int] | None = None
    ) -> CadreRecorded | None:
        """Note that a cadre took up their work, or replace their facts; as for `bureau`."""
        await self._refuse_absent("bureau", "/bureauId", facts["bureau_id"], None)
        await self._refuse_absent("association", "/associationId", facts["association_id"], None)
        return await self._put(CadreRecorded, CADRE, facts, effective_on, known)

    async def mandate(self, facts: Mapping[str, object]) -> MandateRecorded:
        """Give a mandate.

        Raises:
            Problem: `invalid` where the cadre isn't there or the last day is before the first; `forbidden`.
        """
        await self._refuse_absent("cadre", "/cadreId", facts["cadre_id"], None)
        day = self._holds_from(None)
        mandate = MandateRecorded.model_validate(
            {
                **facts,
                "mandate_id": new_id(),
                "version": 1,
                "valid_from": facts["valid_from"] or day,
                "state": MandateState.IN_FORCE,
                "effective_on": day,
                "recorded_at": self._commanded.clock.now(),
            }
        )
        if mandate.valid_until is not None and mandate.valid_until < mandate.valid_from:
            refuse_misfits([Misfit("/validUntil", "is before the first day", "早于起始日期")])
        allow(self._commanded.caller, KEEPERS, mandate.division_code)
        await write_lines(self._connection, MandateRecorded, [mandate])
        await tell(self._connection, [self._commanded.told(mandate)])
        return mandate

    async def revoke(self, mandate_id: UUID, expected_version: int) -> MandateRecorded:
        """Revoke a mandate, from now on.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where it is revoked already.
        """
        known = (await lock_lines(self._connection, MandateRecorded, [mandate_id])).get(str(mandate_id))
        expect(known, expected_version, "mandate", "授权")
        if known is None:
            raise LookupError(mandate_id)
        allow(self._commanded.caller, KEEPERS, known.division_code)
        if known.state is MandateState.REVOKED:
            raise Problem(CONFLICT, "The mandate is revoked already.", "该授权已撤销。")
        revoked = known.model_copy(
            update={
                "version": known.version + 1,
                "state": MandateState.REVOKED,
                "effective_on": self._holds_from(None),
                "recorded_at": self._commanded.clock.now(),
            }
        )
        await write_lines(self._connection, MandateRecorded, [revoked])
        await tell(self._connection, [self._commanded.told(revoked)])
        return revoked

    async def _put(
        self,
        model: type[Unit],
        called: Called,
        facts: Mapping[str, object],
        effective_on: date | None,
        known: tuple[UUID, int] | None,
    ) -> Unit | None:
        allow(self._commanded.caller, KEEPERS, str(facts["division_code"]))
        before = None
        if known is not None:
            before = (await lock_lines(self._connection, model, [known[0]])).get(str(known[0]))
            expect(before, known[1], called.name, called.name_zh)
            if before is not None:
                allow(self._commanded.caller, KEEPERS, before.division_code)
        now = model.model_validate(
            {
                **facts,
                called.key: new_id() if known is None else known[0],
                "version": 1 if before is None else before.version + 1,
                "effective_on": self._holds_from(effective_on),
                "recorded_at": self._commanded.clock.now(),
            }
        )
        if before is not None and before.model_dump(exclude=_UNSAID) == now.model_dump(exclude=_UNSAID):
            return None
        await write_lines(self._connection, model, [now])
        await tell(self._connection, [self._commanded.told(now)])
        return now

    async def _refuse_absent(self, table: str, pointer: str, wanted: object, known: tuple[UUID, int] | None) -> None:
        if wanted is None:
            return
        itself = known is not None and wanted == known[0]
        if itself or not await is_active(self._connection, table, UUID(str(wanted))):
            refuse_misfits([Misfit(pointer, f"no {table} that is active", "不是在用的记录")])

    def _holds_from(self, effective_on: date | None) -> date:
        return holds_from(effective_on, today(self._commanded.clock))


def _refuse_wrong_codes(stated: Sequence[StatedDivision]) -> None:
    found = []
    seen = set()
    for place, one in enumerate(stated):
        if one.code in seen:
            found.append(Misfit(f"/divisions/{place}/divisionCode", "stands there twice", "区划代码重复"))
        seen.add(one.code)
        try:
            level_of(one.code)
        except ValueError as error:
            found.append(Misfit(f"/divisions/{place}/divisionCode", str(error), "不是区县、镇街或网格的代码"))
    refuse_misfits(found)
