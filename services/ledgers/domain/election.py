"""Elections 换届选举 of an organisation: which of those known is its last, and when the next is due (rule 6)."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.rules.organisations import election_due
from contracts.vocabulary import OrganisationForm
from services.ledgers.domain.misfit import Misfit
from services.ledgers.domain.organisation_profile import Election, kept_election

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HeldElection:
    """An election that is recorded as a gathering, the term that it began, and to when the next may be late."""

    held_on: date
    term_until: date
    postponed_until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What an organisation's elections come to: the last one, when the next is due, and to when that was put off."""

    last_on: date | None
    due_on: date | None = None
    put_off_to: date | None = None


def standing(form: OrganisationForm, stated: Election, held: HeldElection | None) -> Standing:
    """Return what the elections of an organisation come to: the later of what was stated and what was held.

    Args:
        form: of the organisation; of what was stated it decides the term.
        stated: as the profile of the organisation says; of the same day, the gathering goes before it.
        held: the last that is recorded as a gathering, whose term is its own.
    """
    if held is not None and (stated.last_on is None or held.held_on >= stated.last_on):
        return Standing(held.held_on, held.term_until + _DAY, held.postponed_until)
    kept = kept_election(form, stated)
    if kept.last_on is None:
        return Standing(None)
    return Standing(kept.last_on, election_due(form, kept.last_on), kept.put_off_to)


def repeats(stated: Election, held: HeldElection | None) -> bool:
    """Tell whether a profile says again what a gathering told: who sends back what they read states nothing."""
    return held is not None and stated.last_on == held.held_on and stated.put_off_to in {None, held.postponed_until}


def contradictions(stated: Election, held: HeldElection | None) -> list[Misfit]:
    """Return where a profile says other than the gathering that tells of the last election."""
    if held is None or stated.last_on is None or stated.last_on > held.held_on or repeats(stated, held):
        return []
    day = held.held_on
    if stated.last_on < day:
        reason = f"is before the election of {day}, which is recorded as a gathering: correct or withdraw that one"
        return [Misfit("/lastElectedOn", reason, f"早于{day}的换届记录，请更正或撤回该记录")]
    reason = f"is told by the gathering that records the election of {day}: correct that one"
    return [Misfit("/electionPutOffTo", reason, f"以{day}的换届记录为准，请更正该记录")]
