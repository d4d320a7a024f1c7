"""Makes the facts of a made-up district, each with what a test looks at and nothing more to say."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from contracts.events.assessment import Evidence, RatingGiven, RatingWithdrawn, SchemeBand, SchemePart, SchemePublished
from contracts.events.assessment import Seen as SeenFact
from contracts.events.base import EventData, Explained
from contracts.events.ledgers.coverage import CoverageChanged, FoundingRequired
from contracts.events.ledgers.development import DevelopmentMoved, DoneStep, QuotaRecorded
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.organisations import (
    MembershipCounted,
    OrganisationDissolved,
    OrganisationFounded,
    PostHeld,
)
from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from contracts.events.ledgers.reorganisations import ProposedOrganisation, ReorganisationMoved
from contracts.events.ledgers.transfers import TransferMoved
from contracts.events.pairing import (
    AssignmentEnded,
    AssignmentMade,
    NamingRecorded,
    QuestionnaireRecorded,
    SuggestionMade,
    SuggestionSettled,
    VisitRecorded,
)
from contracts.events.registration import EntityRegistered
from contracts.rules.organisations import founding_due
from contracts.vocabulary import (
    AssessedPart,
    AssignmentRole,
    AssignmentState,
    AssignmentTarget,
    Bureau,
    CoverageDuty,
    DevelopmentAction,
    DevelopmentState,
    EntityKind,
    EntityState,
    FloatingAction,
    FloatingReason,
    FloatingState,
    FormationMode,
    HonourKind,
    HonourLevel,
    HonourState,
    LeavingReason,
    MemberStanding,
    MemberState,
    NamingKind,
    NamingState,
    OrganisationCoverage,
    OrganisationForm,
    OrganisationState,
    PartyPost,
    PostKind,
    PostState,
    QuestionnaireState,
    RatingBand,
    RatingState,
    ReorganisationAction,
    ReorganisationKind,
    ReorganisationState,
    SuggestionState,
    TransferAction,
    TransferState,
    VisitPurpose,
    VisitState,
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
    born_in: str | None = None,
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


def assignment(
    name: str,
    cadre: str,
    role: AssignmentRole,
    target: str,
    starts_on: date,
    division: str,
    ended_on: date | None = None,
) -> EventData:
    """An assignment to an entity (E…) or an organisation."""
    model = AssignmentEnded if ended_on else AssignmentMade
    to_entity = target.startswith("E")
    return model(
        assignment_id=id_of(name),
        version=1,
        cadre_id=id_of(cadre),
        role=role,
        target=AssignmentTarget.ENTITY if to_entity else AssignmentTarget.ORGANISATION,
        target_id=id_of(target),
        uscc=code_of(target) if to_entity else None,
        state=AssignmentState.ENDED if ended_on else AssignmentState.ACTIVE,
        starts_on=starts_on,
        ended_on=ended_on,
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def suggestion(name: str, entity: str, partner: str | None, division: str, day: date, *, open_: bool) -> EventData:
    """A suggestion for an entity; without a partner none is fit."""
    model = SuggestionMade if open_ else SuggestionSettled
    return model(
        suggestion_id=id_of(name),
        version=1,
        entity_id=id_of(entity),
        uscc=code_of(entity),
        partner_organisation_id=partner and id_of(partner),
        reasons=(
            Explained(reason="SAME_TOWNSHIP", text='It\'s near "here".', text_zh="同镇。"),
            Explained(reason="RATED_WELL", text="It is rated A.", text_zh="A级。"),
        )
        if partner
        else (Explained(reason="NONE_FIT", text="None is fit.", text_zh="暂无。"),),
        state=SuggestionState.OPEN if open_ else SuggestionState.SETTLED,
        division_code=division,
        bureau=MARKET,
        effective_on=day,
        recorded_at=NOW,
    )


def transfer(
    name: str, who: str, giving: str, receiving: str, sides: tuple[str, str], state: TransferState
) -> EventData:
    """A transfer between two organisations; `sides` are the divisions that give and receive."""
    return TransferMoved(
        process_id=id_of(name),
        version=2,
        state=state,
        action=TransferAction.RELEASE if state is TransferState.RELEASED else TransferAction.WITHDRAW,
        due_at=NOW if state is TransferState.RELEASED else None,
        evidence_ids=(),
        member_id=id_of(who),
        from_organisation_id=id_of(giving),
        to_organisation_id=id_of(receiving),
        with_management=True,
        division_code=sides[0],
        to_division_code=sides[1],
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def visit(name: str, cadre: str, target: str, day: date, division: str, *, withdrawn: bool = False) -> EventData:
    """A visit to an entity (E…) or an organisation."""
    to_entity = target.startswith("E")
    return VisitRecorded(
        visit_id=id_of(name),
        version=2 if withdrawn else 1,
        cadre_id=id_of(cadre),
        target=AssignmentTarget.ENTITY if to_entity else AssignmentTarget.ORGANISATION,
        target_id=id_of(target),
        uscc=code_of(target) if to_entity else None,
        purpose=VisitPurpose.SURVEY if to_entity else VisitPurpose.PARTY_BUILDING,
        visited_on=day,
        state=VisitState.WITHDRAWN if withdrawn else VisitState.RECORDED,
        division_code=division,
        bureau=MARKET,
        effective_on=day,
        recorded_at=NOW,
    )


def naming(name: str, entity: str, kind: NamingKind, named_on: date, division: str) -> EventData:
    """What an entity is named as."""
    return NamingRecorded(
        naming_id=id_of(name),
        version=1,
        kind=kind,
        entity_id=id_of(entity),
        uscc=code_of(entity),
        named_on=named_on,
        state=NamingState.NAMED,
        division_code=division,
        bureau=MARKET,
        effective_on=named_on,
        recorded_at=NOW,
    )


def questionnaire(name: str, association: str, handed_out: int, returned: int | None, division: str) -> EventData:
    """A questionnaire of an association."""
    return QuestionnaireRecorded(
        questionnaire_id=id_of(name),
        version=1,
        association_id=id_of(association),
        subject=f"问卷{name}",
        handed_out=handed_out,
        handed_out_on=DAY,
        returned=returned,
        state=QuestionnaireState.HANDED_OUT if returned is None else QuestionnaireState.COUNTED,
        division_code=division,
        bureau=CIVIL,
        effective_on=DAY,
        recorded_at=NOW,
    )


def floating(
    name: str, who: str, home: str, away: str | None, ends: tuple[str, str], out_since: date, state: FloatingState
) -> EventData:
    """A member's being out; `ends` are the divisions at home and away."""
    over = state is FloatingState.RETURNED
    return FloatingMoved(
        process_id=id_of(name),
        version=2,
        state=state,
        action=FloatingAction.RETURN if over else FloatingAction.RECEIVE,
        due_at=None if over else datetime(2024, 3, 1, 16, tzinfo=UTC),
        evidence_ids=(),
        member_id=id_of(who),
        organisation_id=id_of(home),
        to_organisation_id=away and id_of(away),
        to_division_code=ends[1],
        out_since=out_since,
        reason=FloatingReason.WORK if over else FloatingReason.BUSINESS,
        division_code=ends[0],
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def development(
    name: str, who: str, organisation: str, division: str, state: DevelopmentState, *, done: int, workplace: str | None
) -> EventData:
    """A development of somebody who has done the first so many steps, one a month."""
    admitted = state is DevelopmentState.PROBATIONARY
    return DevelopmentMoved(
        process_id=id_of(name),
        version=3,
        state=state,
        action=DevelopmentAction.ADMIT if admitted else DevelopmentAction.NAME_ACTIVIST,
        evidence_ids=(),
        person_id=id_of(who),
        masked_name="李*",
        organisation_id=id_of(organisation),
        workplace_entity_id=workplace and id_of(workplace),
        done_steps=tuple(
            DoneStep(number=one, done_on=date(2021 + one // 12, one % 12 + 1, 1)) for one in range(1, done + 1)
        ),
        quota_year=2022 if admitted else None,
        next_from=date(2023, 4, 1) if admitted else date(2022, 4, 1),
        division_code=division,
        bureau=MARKET,
        effective_on=DAY if admitted else date(2024, 1, 1),
        recorded_at=NOW,
    )


def quota(name: str, organisation: str, division: str, year: int, *, places: int, taken: int) -> EventData:
    """The quota of an organisation for a year."""
    return QuotaRecorded(
        quota_id=id_of(name),
        version=1 + taken,
        organisation_id=id_of(organisation),
        year=year,
        places=places,
        taken=taken,
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def post(name: str, who: str | None, place: str, division: str, kind: PostKind, since: date) -> EventData:
    """A post at an entity (E…) or an organisation; without anybody it is that of an erased member."""
    return PostRecorded(
        post_id=id_of(name),
        version=1,
        member_id=who and id_of(who),
        kind=kind,
        organisation_id=None if place.startswith("E") else id_of(place),
        entity_id=id_of(place) if place.startswith("E") else None,
        since=since,
        state=PostState.HELD if who else PostState.ERASED,
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def honour(name: str, who: str | None, division: str, kind: HonourKind, level: HonourLevel, year: int) -> EventData:
    """An honour; without anybody it is that of an erased member."""
    return HonourRecorded(
        honour_id=id_of(name),
        version=1,
        member_id=who and id_of(who),
        kind=kind,
        level=level,
        year=year,
        awarded_by="区委组织部",
        state=HonourState.AWARDED if who else HonourState.ERASED,
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


def reorganisation(
    name: str,
    kind: ReorganisationKind,
    organisation: str,
    divisions: tuple[str, str],
    state: ReorganisationState,
    *,
    target: str | None = None,
    founding: ProposedOrganisation | None = None,
) -> EventData:
    """A reorganisation; `divisions` are that of the organisation and that of the superior side."""
    action = {
        ReorganisationState.PROPOSED: ReorganisationAction.PROPOSE,
        ReorganisationState.APPROVED: ReorganisationAction.APPROVE,
    }
    return ReorganisationMoved(
        process_id=id_of(name),
        version=1,
        kind=kind,
        organisation_id=id_of(organisation),
        target_id=target and id_of(target),
        name="新名称" if kind is ReorganisationKind.FOUND else None,
        founding=founding,
        successors=(),
        state=state,
        action=action[state],
        due_at=NOW,
        evidence_ids=(),
        division_code=divisions[0],
        superior_division_code=divisions[1],
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )
