"""Makes what hangs on the district's entities, organisations and members: processes, posts, gatherings, visits."""

from datetime import UTC, date, datetime

from contracts.events.base import EventData, Explained
from contracts.events.ledgers.contacts import ContactRecorded
from contracts.events.ledgers.development import DevelopmentMoved, DoneStep, QuotaRecorded
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.life import GatheringRecorded, GatheringWithdrawn
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
from contracts.vocabulary import (
    AssignmentRole,
    AssignmentState,
    AssignmentTarget,
    Audience,
    ContactRole,
    ContactState,
    DevelopmentAction,
    DevelopmentState,
    FloatingAction,
    FloatingReason,
    FloatingState,
    GatheringKind,
    GatheringPlace,
    GatheringState,
    GatheringTopic,
    HonourKind,
    HonourLevel,
    HonourState,
    NamingKind,
    NamingState,
    PartyMembership,
    PostKind,
    PostState,
    QuestionnaireState,
    ReorganisationAction,
    ReorganisationKind,
    ReorganisationState,
    SuggestionState,
    TransferAction,
    TransferState,
    VisitPurpose,
    VisitState,
)
from tests.integration.gateway.graphql.district.makers import CIVIL, DAY, MARKET, code_of, id_of
from tests.integration.gateway.hearing import NOW


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


def gathering(
    name: str,
    organisation: str,
    kind: GatheringKind,
    held_on: date,
    division: str,
    *,
    audience: Audience | None = None,
    term_until: date | None = None,
    withdrawn: bool = False,
) -> EventData:
    """A gathering of an organisation, of four who came."""
    model = GatheringWithdrawn if withdrawn else GatheringRecorded
    return model(
        gathering_id=id_of(name),
        version=2 if withdrawn else 1,
        organisation_id=id_of(organisation),
        kind=kind,
        audience=audience,
        held_on=held_on,
        place=GatheringPlace.ACTIVITY_ROOM,
        topics=(GatheringTopic.STUDY, GatheringTopic.DECISION),
        expected=5,
        present=4,
        term_until=term_until,
        evidence_ids=(),
        state=GatheringState.WITHDRAWN if withdrawn else GatheringState.RECORDED,
        division_code=division,
        bureau=MARKET,
        effective_on=held_on,
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


def contact(
    name: str, entity: str, role: ContactRole, division: str, member: PartyMembership, until: date | None = None
) -> EventData:
    """A contact of an entity, since 2020 but for those who ended."""
    return ContactRecorded(
        contact_id=id_of(name),
        version=1,
        masked_name="欧**",
        entity_id=id_of(entity),
        role=role,
        party_member=member,
        since=None if until else date(2020, 1, 1),
        until=until,
        state=ContactState.ENDED if until else ContactState.ACTIVE,
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
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
