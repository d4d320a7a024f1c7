"""Quotas of development 发展党员名额: set by 组织部, taken under the lock of their row, never exceeded."""

from typing import Final
from uuid import UUID

from contracts.events.ledgers.development import QuotaRecorded
from contracts.vocabulary import CallerRole
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.problems import CONFLICT, Problem
from kit.records import next_state
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.repository.organisations import hold_organisations
from services.ledgers.repository.records import QUOTAS, lock_quota_of

SETTERS: Final = frozenset({CallerRole.ORGANISATION_DEPARTMENT})
"""Who sets quotas: 组织部 alone."""


class Quotas:
    """Carries out commands about quotas.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def set_first(self, organisation_id: UUID, year: int, places: int) -> QuotaRecorded:
        """Set the quota of an organisation for a year.

        Raises:
            Problem: `forbidden`, `invalid` where there is no such organisation of ours, or `conflict` where the year
                has a quota.
        """
        place = (await hold_organisations(self._connection, [organisation_id])).get(organisation_id)
        if place is None or not place.active or place.external:
            refuse_misfits(
                [Misfit("/organisationId", "no organisation of ours that is active", "不是在用的本区党组织")]
            )
            raise LookupError(organisation_id)
        allow(self._commanded.caller, SETTERS, place.division_code)
        if known := await lock_quota_of(self._connection, organisation_id, year):
            raise Problem(
                CONFLICT,
                f"The organisation has a quota for {year}: {known.quota_id}. Change that one.",
                f"该党组织{year}年度名额已核定（{known.quota_id}），请对其调整。",
                {"quotaId": str(known.quota_id)},
            )
        quota = QuotaRecorded(
            quota_id=new_id(),
            version=1,
            organisation_id=organisation_id,
            year=year,
            places=places,
            taken=0,
            division_code=place.division_code,
            bureau=place.bureau,
            effective_on=today(self._commanded.clock),
            recorded_at=self._commanded.clock.now(),
        )
        return await self._store(quota)

    async def change(self, quota_id: UUID, expected_version: int, places: int) -> QuotaRecorded | None:
        """Change how many places a quota has; None where they are so many.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where more are taken.
        """
        known = await QUOTAS.lock(self._connection, quota_id)
        expect(known, expected_version, "quota", "名额")
        if known is None:
            raise LookupError(quota_id)
        allow(self._commanded.caller, SETTERS, known.division_code)
        if places < known.taken:
            raise Problem(
                CONFLICT,
                f"{known.taken} places of the quota are taken; it can't have fewer.",
                f"该名额已使用{known.taken}个，不能调整为更少。",
            )
        return None if places == known.places else await self._store(next_state(self._commanded, known, places=places))

    async def take(self, organisation_id: UUID, year: int) -> QuotaRecorded:
        """Take a place for a probationary member who is admitted.

        Raises:
            Problem: `conflict`, where the organisation has no quota for the year, or no place is left.
        """
        known = await lock_quota_of(self._connection, organisation_id, year)
        if known is None or known.taken >= known.places:
            places = known.places if known else 0
            raise Problem(
                CONFLICT,
                f"No place is left: the organisation's quota for {year} is {places}. 组织部 may raise it.",
                f"名额已用完：该党组织{year}年度发展党员名额为{places}个，可报组织部调整。",
                {"year": year, "places": places},
            )
        return await self._store(next_state(self._commanded, known, taken=known.taken + 1))

    async def _store(self, quota: QuotaRecorded) -> QuotaRecorded:
        await QUOTAS.store(self._commanded, [quota])
        return quota
