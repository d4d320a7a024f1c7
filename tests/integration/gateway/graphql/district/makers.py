"""Makes the facts of a made-up district, each with what a test looks at and nothing more to say."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from contracts.events.assessment import Evidence, RatingGiven, RatingWithdrawn, SchemeBand, SchemePart, SchemePublished
from contracts.events.assessment import Seen as SeenFact
from contracts.events.base import EventData
from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired
from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.organisations import (
    MembershipCounted,
    OrganisationDissolved,
    OrganisationFounded,
    PostHeld,
)
from contracts.events.registration import EntityRegistered
from contracts.rules.organisations import founding_due
from contracts.vocabulary import (
    AssessedPart,
    Bureau,
    CoverageDuty,
    EntityKind,
    EntityState,
    FormationMode,
    LeavingReason,
    MemberStanding,
    MemberState,
    OrganisationCoverage,
    OrganisationForm,
    OrganisationState,
    PartyPost,
    RatingBand,
    RatingState,
)
from tests.integration.gateway.hearing import NOW

_NAMESPACE: Final = UUID("5b4f7a52-0000-4000-8000-000000000001")
DISTRICT, LONGSHUI, WANGU, GRID = "500111000000", "500111001000", "500111002000", "500111001001"
DAY: Final = date(2024, 2, 28)
MARKET, CIVIL = Bureau.MARKET_REGULATION, Bureau.CIVIL_AFFAIRS


def id_of(name: str) -> UUID:
    """Return the id of what has this name in the district."""
    return uuid5(_NAMESPACE, name)


def code_of(name: str) -> str:
    """Return the code of an entity."""
    return f"91500111MA{int(name[1:]):08d}"


def entity(
    name: str, kind: EntityKind, division: str, state: EntityState = EntityState.ACTIVE, bureau: Bureau = MARKET
) -> EventData:
    """An entity, named by a letter and a number."""
    return EntityRegistered(
        entity_id=id_of(name),
        version=1,
        uscc=code_of(name),
        name=f"主体{name}",
        kind=kind,
        state=state,
        division_code=division,
        bureau=bureau,
        effective_on=DAY,
        recorded_at=NOW,
    )


def coverage(
    name: str,
    kind: EntityKind,
    division: str,
    members: tuple[int, int],
    coverage: OrganisationCoverage,
    duty: CoverageDuty,
    *,
    by: Sequence[str] = (),
    work: bool = False,
    since: date | None = None,
    state: EntityState = EntityState.ACTIVE,
    bureau: Bureau = MARKET,
) -> EventData:
    """The coverage of an entity; `members` are its full and its probationary ones."""
    model = FoundingRequired if duty is CoverageDuty.MUST_FOUND else CoverageChanged
    return model(
        entity_id=id_of(name),
        uscc=code_of(name),
        version=1,
        kind=kind,
        state=state,
        full_members=members[0],
        probationary_members=members[1],
        organisation_coverage=coverage,
        organisation_ids=tuple(map(id_of, by)),
        work_coverage=work,
        duty=duty,
        must_found_since=since,
        must_found_due=since and founding_due(since),
        division_code=division,
        bureau=bureau,
        effective_on=DAY,
        recorded_at=NOW,
    )


def organisation(
    name: str,
    form: OrganisationForm,
    division: str,
    *covers: str,
    mode: FormationMode | None = None,
    founded_on: date | None = None,
    superior: str | None = None,
    association: str | None = None,
    dissolved: bool = False,
    **profile: Any,
) -> EventData:
    """An organisation; without a mode it is an external one. `profile` is what it is made of."""
    model = OrganisationDissolved if dissolved else OrganisationFounded
    return model(
        organisation_id=id_of(name),
        version=2 if dissolved else 1,
        name=f"组织{name}",
        form=form,
        external=mode is None,
        mode=mode,
        entity_ids=tuple(map(id_of, covers)),
        superior_id=superior and id_of(superior),
        association_id=association and id_of(association),
        division_code=division,
        bureau=MARKET,
        state=OrganisationState.DISSOLVED if dissolved else OrganisationState.ACTIVE,
        founded_on=founded_on,
        effective_on=DAY,
        recorded_at=NOW,
        **profile,
    )


def seat(name: str, post: PartyPost) -> PostHeld:
    """A post of a member."""
    return PostHeld(member_id=id_of(name), post=post, since=date(2021, 7, 1))


def membership(name: str, division: str, *, related: int, managed: int, both: int, full: tuple[int, int]) -> EventData:
    """The counts of an organisation; `full` are those related and those managed."""
    return MembershipCounted(
        organisation_id=id_of(name),
        version=1,
        related=related,
        managed=managed,
        related_and_managed=both,
        full_related=full[0],
        full_managed=full[1],
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def member(
    name: str,
    workplace: str | None,
    relation: str | None,
    management: str | None,
    division: str,
    standing: MemberStanding = MemberStanding.FULL,
    state: MemberState = MemberState.ACTIVE,
    *,
    merged_into: str | None = None,
    born_in: str | None = "1985-03",
) -> EventData:
    """A member with up to three places."""
    return MemberRecorded(
        member_id=id_of(name),
        version=1,
        masked_name="王*",
        born_in=born_in,
        standing=standing,
        state=state,
        leaving_reason=LeavingReason.RESIGNED if state is MemberState.LEFT else None,
        merged_into=merged_into and id_of(merged_into),
        workplace_entity_id=workplace and id_of(workplace),
        workplace_since=date(2020, 1, 1) if workplace else None,
        relation_organisation_id=relation and id_of(relation),
        relation_since=date(2010, 7, 1) if relation else None,
        management_organisation_id=management and id_of(management),
        management_since=date(2021, 5, 1) if management else None,
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def scheme(name: str, first: date, last: date | None) -> EventData:
    """A scheme of two parts and two bands."""
    return SchemePublished(
        scheme_id=id_of(name),
        version=1,
        name=f"Scheme {name}",
        name_zh=f"办法{name}",
        source="Study of district X, 2024",
        parts=(
            SchemePart(part=AssessedPart.COVERAGE, points=Decimal("40.00"), rule="By share.", rule_zh="按比例。"),
            SchemePart(part=AssessedPart.SIZE, points=Decimal("60.50"), rule="By size.", rule_zh="按规模。"),
        ),
        bands=(
            SchemeBand(band=RatingBand.A, at_least=Decimal(85)),
            SchemeBand(band=RatingBand.D, at_least=Decimal(0)),
        ),
        valid_from=first,
        valid_until=last,
        recorded_at=NOW,
    )


def rating(
    name: str,
    organisation: str,
    scheme: str,
    points: str,
    band: RatingBand,
    division: str,
    *,
    day: date = DAY,
    withdrawn: bool = False,
) -> EventData:
    """A rating of two parts, the first with two facts seen."""
    model = RatingWithdrawn if withdrawn else RatingGiven
    seen = tuple(SeenFact(aggregate="ledgers-coverage", id=str(id_of(one)), version=1) for one in ("E1", "E3"))
    return model(
        rating_id=id_of(name),
        version=1,
        organisation_id=id_of(organisation),
        scheme_id=id_of(scheme),
        scheme_version=1,
        points=Decimal(points),
        band=band,
        evidence=(
            Evidence(
                part=AssessedPart.SIZE,
                points=Decimal(points),
                of=Decimal("60.50"),
                reason="Large.",
                reason_zh="规模大。",
                seen=seen,
            ),
            Evidence(
                part=AssessedPart.COVERAGE,
                points=Decimal(0),
                of=Decimal(40),
                reason="None.",
                reason_zh="无。",
                seen=(),
            ),
        ),
        state=RatingState.WITHDRAWN if withdrawn else RatingState.CURRENT,
        division_code=division,
        bureau=MARKET,
        effective_on=day,
        recorded_at=NOW,
    )
