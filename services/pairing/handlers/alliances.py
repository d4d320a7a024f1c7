"""Commands about alliances: form, dissolve."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.vocabulary import AllianceState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, NOT_FOUND, Problem
from services.pairing.domain.alliance import (
    Alliance,
    Party,
    dissolve,
    gone,
    line_of,
    misfits,
    no_townships,
    unknown,
)
from services.pairing.domain.misfit import Misfit
from services.pairing.handlers.refusals import PAIRERS, holds_from, refuse_misfits
from services.pairing.publish import alliance_event
from services.pairing.repository.alliances import add_alliance, lock_alliance, replace_alliance
from services.pairing.repository.facts import find_division, find_parties


@dataclass(frozen=True, slots=True)
class Stated:
    """What a command states about a new alliance; without a first day it is today."""

    name: str
    division_code: str
    parties: tuple[Party, ...]
    formed_on: date | None


class Alliances:
    """Carries out commands about alliances.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._clock = commanded.clock

    async def form(self, stated: Stated) -> Alliance:
        """Form an alliance.

        Raises:
            Problem: `forbidden`, `invalid` where the parties don't fit (the sides that have none are named) or it is
                formed in the future, `not-found` where a party isn't known, or `conflict` where one is active no more.
        """
        allow(self._commanded.caller, PAIRERS, stated.division_code)
        refuse_misfits(misfits(stated.parties))
        formed_on = holds_from("/formedOn", stated.formed_on, today=today(self._clock))
        await self._refuse_no_division(stated.division_code)
        known = await find_parties(self._connection, stated.parties)
        refuse_misfits(unknown(stated.parties, known), NOT_FOUND)
        refuse_misfits(no_townships(stated.parties, known))
        refuse_misfits(gone(stated.parties, known), CONFLICT)
        alliance = Alliance(
            alliance_id=new_id(),
            version=1,
            name=stated.name,
            parties=stated.parties,
            state=AllianceState.FORMED,
            formed_on=formed_on,
            division_code=stated.division_code,
            bureau=line_of(stated.parties, known),
            effective_on=formed_on,
            recorded_at=self._clock.now(),
        )
        await add_alliance(self._connection, alliance)
        return await self._tell(alliance)

    async def dissolve(self, alliance_id: UUID, expected_version: int, effective_on: date | None) -> Alliance:
        """Dissolve an alliance. Its record stays.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid` where the day is in the future or before it
                was formed, or `conflict` where it is dissolved already.
        """
        known = await lock_alliance(self._connection, alliance_id)
        expect(known, expected_version, "alliance", "党建联合体")
        if known is None:
            raise LookupError(alliance_id)
        allow(self._commanded.caller, PAIRERS, known.division_code)
        if known.state is AllianceState.DISSOLVED:
            raise Problem(
                CONFLICT,
                f"The alliance is dissolved since {known.effective_on}; form a new one.",
                f"该党建联合体已于{known.effective_on}解散，请重新组建。",
            )
        day = holds_from("/effectiveOn", effective_on, today=today(self._clock), not_before=known.formed_on)
        dissolved = dissolve(known, effective_on=day, now=self._clock.now())
        await replace_alliance(self._connection, dissolved)
        return await self._tell(dissolved)

    async def _refuse_no_division(self, division_code: str) -> None:
        division = await find_division(self._connection, division_code)
        if division is None:
            missing = Misfit("/divisionCode", "names no division that is known yet", "所指行政区划尚未收到或编号有误")
            refuse_misfits([missing], NOT_FOUND)
        elif not division.active:
            refuse_misfits(
                [Misfit("/divisionCode", "names a division that was abolished", "所指行政区划已撤销")], CONFLICT
            )

    async def _tell(self, alliance: Alliance) -> Alliance:
        await tell(self._connection, [self._commanded.told(alliance_event(alliance))])
        return alliance
