"""What an organisation is made of: which facts fit together (domain rules 2, 6 and 13)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.rules.organisations import election_due, latest_election
from contracts.vocabulary import OrganisationForm, PartyPost
from services.ledgers.domain.misfit import Misfit


@dataclass(frozen=True, slots=True)
class Post:
    """A post that a member holds."""

    member_id: UUID
    post: PartyPost
    since: date


@dataclass(frozen=True, slots=True)
class Election:
    """The last election 换届选举 that an organisation held, and how far the next was put off."""

    last_on: date | None
    put_off_to: date | None = None


def post_misfits(posts: Sequence[Post], members: Collection[UUID], day: date) -> list[Misfit]:
    """Return what doesn't fit about the posts of an organisation.

    Args:
        posts: as they are stated.
        members: those who belong to it, by relation or by management.
        day: from which they hold.
    """
    found = []
    if sum(one.post is PartyPost.SECRETARY for one in posts) > 1:
        found.append(Misfit("/committee", "there is one secretary", "书记只能有一人"))
    if len({one.member_id for one in posts}) != len(posts):
        found.append(Misfit("/committee", "a member holds one post", "同一党员只能任一个职务"))
    for place, one in enumerate(posts):
        if one.member_id not in members:
            reason = "no member who is related to the organisation or managed by it"
            found.append(Misfit(f"/committee/{place}/memberId", reason, "不是组织关系或管理在本组织的党员"))
        if one.since > day:
            found.append(Misfit(f"/committee/{place}/since", "is after the day from which this holds", "晚于生效日期"))
    return found


def election_misfits(form: OrganisationForm, election: Election, day: date, *, external: bool) -> list[Misfit]:
    """Return what doesn't fit about an election (domain rule 6).

    Args:
        form: of the organisation.
        election: as it is stated.
        day: from which it holds.
        external: whether the organisation is of another place, where its elections are kept.
    """
    if election.last_on is None:
        if election.put_off_to is None:
            return []
        return [Misfit("/electionPutOffTo", "needs the day of the last election", "须先填上次换届日期")]
    found = []
    if external:
        found.append(
            Misfit("/lastElectedOn", "elections of external organisations aren't kept", "外部党组织不登记换届")
        )
    if election.last_on > day:
        found.append(Misfit("/lastElectedOn", "is after the day from which this holds", "晚于生效日期"))
    if election.put_off_to is not None:
        due, latest = election_due(form, election.last_on), latest_election(form, election.last_on)
        if not due < election.put_off_to <= latest:
            reason = f"is put off beyond {due}, and to {latest} at the latest"
            found.append(Misfit("/electionPutOffTo", reason, f"延期换届应在{due}之后，最迟至{latest}"))
    return found


def fund_misfits(years: Sequence[int]) -> list[Misfit]:
    """Return what doesn't fit about the years of funds."""
    if len(set(years)) == len(years):
        return []
    return [Misfit("/funds", "a year stands there twice", "年度重复")]


def kept_election(form: OrganisationForm, election: Election) -> Election:
    """Return what stays of an election when the form of its organisation changes: only what fits."""
    if election.last_on is None:
        return Election(None)
    put_off = election.put_off_to
    fits = put_off is not None and (
        election_due(form, election.last_on) < put_off <= latest_election(form, election.last_on)
    )
    return Election(election.last_on, put_off if fits else None)
