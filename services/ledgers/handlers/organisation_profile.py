"""Commands about what an organisation is made of 党组织概况: posts, elections, people, funds, venues, what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.ledgers.organisations import (
    OrganisationChanged,
    PostHeld,
    RecordedOrganisation,
    Venue,
    YearFunds,
)
from contracts.rules.organisations import election_due
from contracts.vocabulary import Demonstration, Industry, OrganisationState, PartyPost
from kit.causes import Cause
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.ledgers.domain.organisation_profile import Election, Post, election_misfits, post_misfits
from services.ledgers.handlers.organisations import FOUNDERS
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.repository.organisations import (
    hold_members_of,
    lock_organisation,
    lock_with_posts,
    write_organisation,
)

_ORDER: Final = {post: place for place, post in enumerate(PartyPost)}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a command states of an organisation beside its facts; None and nothing is not known, or there is none."""

    industry: Industry | None
    committee: Sequence[Post]
    election: Election
    full_time_workers: int | None
    funds: Sequence[YearFunds]
    venues: Sequence[Venue]
    demonstration: Demonstration | None
    standardisation_pilot: bool


class Profiles:
    """Carries out commands about what organisations are made of.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def state(
        self, organisation_id: UUID, expected_version: int, profile: Profile, effective_on: date | None
    ) -> RecordedOrganisation | None:
        """Replace what an organisation is made of; None where it is so already.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `conflict` where it is dissolved, or `invalid` where
                facts don't fit together.
        """
        day = holds_from(effective_on, today(self._commanded.clock))
        known = await lock_organisation(self._connection, organisation_id)
        expect(known, expected_version, "organisation", "党组织")
        if known is None:
            raise LookupError(organisation_id)
        allow(self._commanded.caller, FOUNDERS, known.division_code)
        if known.state is OrganisationState.DISSOLVED:
            raise Problem(CONFLICT, "The organisation is dissolved.", "该党组织已撤销，不能再变更。")
        await self._refuse_misfits(known, profile, day)
        stated = _stated(profile, known)
        if all(getattr(known, name) == value for name, value in stated.items()):
            return None
        changed = OrganisationChanged.model_validate(
            known.model_dump()
            | stated
            | {"version": known.version + 1, "effective_on": day, "recorded_at": self._commanded.clock.now()}
        )
        await write_organisation(self._connection, changed)
        await tell(self._connection, [self._commanded.told(changed)])
        return changed

    async def _refuse_misfits(self, known: RecordedOrganisation, profile: Profile, day: date) -> None:
        members = await hold_members_of(self._connection, known.organisation_id, _ids(profile.committee))
        years = [one.year for one in profile.funds]
        refuse_misfits(
            [
                *post_misfits(profile.committee, members, day),
                *election_misfits(known.form, profile.election, day, external=known.external),
            ]
        )
        if len(set(years)) != len(years):
            raise_twice = [("/funds", "a year stands there twice", "年度重复")]
            refuse_misfits([_misfit(*one) for one in raise_twice])


async def end_posts(cause: Cause, member_id: UUID, day: date) -> None:
    """Take a member who leaves, or is erased, out of every post; their row is not locked yet.

    Args:
        cause: why.
        member_id: who leaves.
        day: from which they hold none, Asia/Shanghai.
    """
    for known in await lock_with_posts(cause.connection, member_id):
        kept = tuple(one for one in known.committee or () if one.member_id != member_id)
        changed = OrganisationChanged.model_validate(
            known.model_dump()
            | {
                "committee": kept or None,
                "version": known.version + 1,
                "effective_on": max(day, known.effective_on),
                "recorded_at": cause.clock.now(),
            }
        )
        await write_organisation(cause.connection, changed)
        await tell(cause.connection, [cause.told(changed)])
