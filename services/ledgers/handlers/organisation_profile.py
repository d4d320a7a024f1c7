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
from contracts.vocabulary import MEMBER_KEEPERS, Demonstration, Industry, OrganisationState, PartyPost
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.ledgers.domain.election import HeldElection, contradictions, repeats, standing
from services.ledgers.domain.organisation_profile import Election, Post, election_misfits, fund_misfits, post_misfits
from services.ledgers.handlers.elections import election_facts
from services.ledgers.handlers.organisations import FOUNDERS
from services.ledgers.handlers.refusals import holds_from, refuse_misfits
from services.ledgers.repository.elections import election_held, state_election
from services.ledgers.repository.organisations import (
    hold_members_of,
    lock_organisation,
    write_organisation,
)

_ORDER: Final = {post: place for place, post in enumerate(PartyPost)}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a command states of an organisation beside its facts; None and nothing is not known, or there is none.

    A committee of None stays as it is: who may not see members doesn't know it.
    """

    industry: Industry | None
    committee: Sequence[Post] | None
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
        if profile.committee is not None:
            allow(self._commanded.caller, MEMBER_KEEPERS, known.division_code)
        if known.state is OrganisationState.DISSOLVED:
            raise Problem(CONFLICT, "The organisation is dissolved.", "该党组织已撤销，不能再变更。")
        held = await election_held(self._connection, organisation_id)
        await self._refuse_misfits(known, profile, held, day)
        if not repeats(profile.election, held):
            await state_election(self._connection, organisation_id, profile.election)
        stated = _stated(profile, known) | election_facts(standing(known.form, profile.election, held))
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

    async def _refuse_misfits(
        self, known: RecordedOrganisation, profile: Profile, held: HeldElection | None, day: date
    ) -> None:
        posts = profile.committee or ()
        named = [one.member_id for one in posts]
        members = await hold_members_of(self._connection, known.organisation_id, named)
        refuse_misfits(
            [
                *post_misfits(posts, members, day),
                *contradictions(profile.election, held),
                *(
                    []
                    if repeats(profile.election, held)
                    else election_misfits(known.form, profile.election, day, external=known.external)
                ),
                *fund_misfits([one.year for one in profile.funds]),
            ]
        )


def _stated(profile: Profile, known: RecordedOrganisation) -> dict[str, object]:
    """Return what a profile says beside elections, by its names in the event; a list without items says nothing."""
    return {
        "industry": profile.industry,
        "committee": known.committee if profile.committee is None else _committee(profile.committee),
        "full_time_workers": profile.full_time_workers,
        "funds": tuple(sorted(profile.funds, key=lambda one: one.year)) or None,
        "venues": tuple(profile.venues) or None,
        "demonstration": profile.demonstration,
        "standardisation_pilot": profile.standardisation_pilot,
    }


def _committee(posts: Sequence[Post]) -> tuple[PostHeld, ...] | None:
    """Return posts in their order, the secretary first."""
    ordered = sorted(posts, key=lambda one: (_ORDER[one.post], one.since, one.member_id))
    return tuple(PostHeld(member_id=one.member_id, post=one.post, since=one.since) for one in ordered) or None
