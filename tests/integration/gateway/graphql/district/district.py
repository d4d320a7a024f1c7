"""A made-up district, small enough to count by hand: two townships, ten entities, five organisations."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from contracts.events.base import EventData
from contracts.events.ledgers.contacts import ContactErased
from contracts.events.ledgers.life import LifeRulePublished, TrainingPlanRecorded
from contracts.events.ledgers.lines import AssociationRecorded, BureauRecorded, CadreRecorded, DivisionRecorded
from contracts.events.ledgers.members import MemberErased
from contracts.events.ledgers.organisations import Venue, YearFunds
from contracts.events.ledgers.reorganisations import ProposedOrganisation
from contracts.events.pairing import AllianceFormed, AllianceParty
from contracts.vocabulary import (
    AllianceSide,
    AllianceState,
    AssignmentRole,
    Audience,
    Bureau,
    BureauKind,
    CadreState,
    ContactRole,
    CoverageDuty,
    Demonstration,
    DevelopmentState,
    DivisionLevel,
    EntityKind,
    EntityState,
    FloatingState,
    FormationMode,
    GatheringKind,
    HonourKind,
    HonourLevel,
    Industry,
    LifeDuty,
    LifePeriod,
    MemberStanding,
    MemberState,
    NamingKind,
    OrganisationCoverage,
    OrganisationForm,
    PartyMembership,
    PartyPost,
    PostKind,
    RatingBand,
    ReorganisationKind,
    ReorganisationState,
    TransferState,
    UnitState,
    VenueKind,
)
from tests.integration.gateway.graphql.district.annual_makers import ANNUAL
from tests.integration.gateway.graphql.district.makers import (
    CIVIL,
    DAY,
    DISTRICT,
    GRID,
    LONGSHUI,
    MARKET,
    WANGU,
    coverage,
    entity,
    id_of,
    member,
    membership,
    organisation,
    rating,
    scheme,
    seat,
)
from tests.integration.gateway.graphql.district.records import (
    assignment,
    contact,
    development,
    floating,
    gathering,
    honour,
    naming,
    post,
    questionnaire,
    quota,
    reorganisation,
    suggestion,
    transfer,
    visit,
)
from tests.integration.gateway.graphql.district.registration_makers import REGISTRATION
from tests.integration.gateway.hearing import NOW

MICRO, HOUSEHOLD = EntityKind.MICRO_SMALL_ENTERPRISE, EntityKind.INDIVIDUAL_HOUSEHOLD
PLACE, OTHER = EntityKind.SPECIALISED_MARKET, EntityKind.OTHER
NONE, COVERED, OWN = OrganisationCoverage.NONE, OrganisationCoverage.COVERED, OrganisationCoverage.OWN
MET, MUST_FOUND, OUTSIDE = CoverageDuty.MET, CoverageDuty.MUST_FOUND, CoverageDuty.OUTSIDE
GONE: Final = EntityState.DEREGISTERED


def _division(code: str, name: str, level: DivisionLevel, parent: str | None) -> EventData:
    return DivisionRecorded(
        division_code=code,
        version=1,
        name=name,
        level=level,
        parent_code=parent,
        state=UnitState.ACTIVE,
        effective_on=DAY,
        recorded_at=NOW,
    )


def _bureau(name: str, kind: BureauKind, parent: str | None, line: Bureau, division: str) -> EventData:
    return BureauRecorded(
        bureau_id=id_of(name),
        version=1,
        name=f"部门{name}",
        kind=kind,
        parent_id=parent and id_of(parent),
        bureau=line,
        division_code=division,
        state=UnitState.ACTIVE,
        effective_on=DAY,
        recorded_at=NOW,
    )


def _association(name: str, parent: str | None, division: str) -> EventData:
    return AssociationRecorded(
        association_id=id_of(name),
        version=1,
        name=f"协会{name}",
        parent_id=parent and id_of(parent),
        bureau=MARKET,
        division_code=division,
        state=UnitState.ACTIVE,
        effective_on=DAY,
        recorded_at=NOW,
    )


def _cadre(name: str, bureau: str | None, association: str | None, line: Bureau, division: str) -> EventData:
    return CadreRecorded(
        cadre_id=id_of(name),
        version=1,
        bureau_id=bureau and id_of(bureau),
        association_id=association and id_of(association),
        bureau=line,
        division_code=division,
        state=CadreState.ACTIVE if bureau or association else CadreState.LEFT,
        effective_on=DAY,
        recorded_at=NOW,
    )


def _alliance(name: str, division: str, *parties: AllianceParty) -> EventData:
    return AllianceFormed(
        alliance_id=id_of(name),
        version=1,
        name=f"联合体{name}",
        parties=parties,
        state=AllianceState.FORMED,
        formed_on=DAY,
        division_code=division,
        bureau=MARKET,
        effective_on=DAY,
        recorded_at=NOW,
    )


LINES: Final[Sequence[EventData]] = (
    _division(DISTRICT, "X区", DivisionLevel.DISTRICT, None),
    _division(LONGSHUI, "龙水镇", DivisionLevel.TOWNSHIP, DISTRICT),
    _division(WANGU, "万古镇", DivisionLevel.TOWNSHIP, DISTRICT),
    _division(GRID, "一网格", DivisionLevel.GRID, LONGSHUI),
    _bureau("B0", BureauKind.BUREAU, None, MARKET, DISTRICT),
    _bureau("B1", BureauKind.STATION, "B0", MARKET, LONGSHUI),
    _bureau("B2", BureauKind.BUREAU, None, CIVIL, DISTRICT),
    _association("A0", None, DISTRICT),
    _association("A1", "A0", LONGSHUI),
    _cadre("C1", "B1", None, MARKET, LONGSHUI),
    _cadre("C2", None, "A1", MARKET, LONGSHUI),
    _cadre("C3", None, None, CIVIL, WANGU),
)

ENTITIES: Final[Sequence[EventData]] = (
    entity("E1", MICRO, LONGSHUI),
    entity("E2", MICRO, GRID),
    entity("E3", PLACE, LONGSHUI),
    entity("E4", HOUSEHOLD, LONGSHUI),
    entity("E5", HOUSEHOLD, LONGSHUI),
    entity("E6", HOUSEHOLD, LONGSHUI, GONE),
    entity("E7", OTHER, LONGSHUI),
    entity("E8", MICRO, WANGU),
    entity("E9", MICRO, WANGU, bureau=CIVIL),
    entity("E10", HOUSEHOLD, WANGU),
)
COVERAGES: Final[Sequence[EventData]] = (
    coverage("E1", MICRO, LONGSHUI, (4, 1), OWN, MET, by=["O1"], work=True),
    coverage("E2", MICRO, GRID, (1, 1), COVERED, MET, by=["O2"]),
    coverage("E3", PLACE, LONGSHUI, (3, 0), NONE, MUST_FOUND, work=True, since=date(2024, 1, 10)),
    coverage("E4", HOUSEHOLD, LONGSHUI, (1, 0), COVERED, MET, by=["O2"]),
    coverage("E6", HOUSEHOLD, LONGSHUI, (3, 0), NONE, OUTSIDE, state=GONE),
    coverage("E7", OTHER, LONGSHUI, (3, 0), OWN, OUTSIDE, work=True),
    coverage("E8", MICRO, WANGU, (3, 0), NONE, MUST_FOUND, since=date(2023, 12, 1)),
    # its entity has moved, and the ledgers have not heard of it yet
    coverage("E10", HOUSEHOLD, LONGSHUI, (0, 0), NONE, MET, work=True),
)

ORGANISATIONS: Final[Sequence[EventData]] = (
    organisation(
        "O1",
        OrganisationForm.BRANCH,
        LONGSHUI,
        "E1",
        mode=FormationMode.SINGLE,
        founded_on=date(2020, 7, 1),
        superior="O3",
        association="A1",
        industry=Industry.HARDWARE,
        committee=(seat("M1", PartyPost.SECRETARY), seat("M2", PartyPost.COMMITTEE_MEMBER)),
        last_elected_on=date(2021, 7, 1),
        election_due_on=date(2024, 7, 1),
        election_put_off_to=date(2024, 12, 31),
        full_time_workers=2,
        funds=(YearFunds(year=2023, amount=Decimal(18600)), YearFunds(year=2024, amount=Decimal("20000.50"))),
        venues=(Venue(kind=VenueKind.ACTIVITY_ROOM, area=Decimal("86.5")),),
        demonstration=Demonstration.MUNICIPAL,
        standardisation_pilot=True,
        code="500111-0417",
    ),
    organisation(
        "O2",
        OrganisationForm.JOINT_BRANCH,
        GRID,
        "E2",
        "E4",
        mode=FormationMode.JOINT,
        superior="O3",
        industry=Industry.VEHICLES,
        committee=(seat("M3", PartyPost.SECRETARY),),
        last_elected_on=date(2020, 9, 1),
        election_due_on=date(2023, 9, 1),
        standardisation_pilot=False,
    ),
    organisation(
        "O3", OrganisationForm.GENERAL_BRANCH, DISTRICT, mode=FormationMode.CATCH_ALL, founded_on=date(2015, 1, 1)
    ),
    organisation("O4", OrganisationForm.BRANCH, WANGU),
    organisation("O5", OrganisationForm.COMMITTEE, WANGU, mode=FormationMode.SINGLE, dissolved=True),
    membership("O1", LONGSHUI, related=4, managed=5, both=3, full=(3, 5)),
    membership("O2", GRID, related=0, managed=80, both=0, full=(0, 76)),
    membership("O3", DISTRICT, related=6, managed=6, both=6, full=(6, 3)),
    membership("O4", WANGU, related=2, managed=0, both=0, full=(1, 0)),
)
MEMBERS: Final[Sequence[EventData]] = (
    member("M1", "E1", "O1", "O1", LONGSHUI, born_in="1964-02"),
    member("M2", "E1", "O4", "O1", LONGSHUI, born_in=None),
    member("M3", "E2", None, "O2", GRID, MemberStanding.PROBATIONARY, born_in="1969-03"),
    member("M4", None, "O1", "O2", GRID, state=MemberState.LEFT, merged_into="M6"),
    member("M5", "E1", "O1", "O1", LONGSHUI),
    MemberErased(member_id=id_of("M5"), version=2, recorded_at=NOW),
    member("M6", "E8", "O4", "O4", WANGU),
)

TRANSFERS: Final[Sequence[EventData]] = (
    transfer("X1", "M1", "O1", "O4", (LONGSHUI, WANGU), TransferState.RELEASED),
    transfer("X2", "M6", "O4", "O1", (WANGU, WANGU), TransferState.WITHDRAWN),
)

FLOATINGS: Final[Sequence[EventData]] = (
    floating("F1", "M1", "O1", "O4", (LONGSHUI, WANGU), date(2023, 9, 1), FloatingState.RECEIVED),
    floating("F2", "M6", "O4", None, (WANGU, "440300000000"), date(2023, 1, 1), FloatingState.RETURNED),
)
DEVELOPMENTS: Final[Sequence[EventData]] = (
    development("D1", "M3", "O2", GRID, DevelopmentState.PROBATIONARY, done=17, workplace="E2"),
    development("D2", "P1", "O1", LONGSHUI, DevelopmentState.ACTIVIST, done=3, workplace=None),
    quota("Q1", "O2", GRID, 2022, places=5, taken=1),
    quota("Q2", "O1", LONGSHUI, 2023, places=4, taken=3),
    quota("Q3", "O1", LONGSHUI, 2024, places=2, taken=0),
)
POSTS: Final[Sequence[EventData]] = (
    post("W1", "M1", "E1", LONGSHUI, PostKind.QUALITY_POST, date(2023, 1, 1)),
    post("W2", "M6", "O4", WANGU, PostKind.QC_CIRCLE, date(2022, 1, 1)),
    post("W3", None, "O1", LONGSHUI, PostKind.VOLUNTEER_TEAM, date(2021, 1, 1)),
    honour("H1", "M1", LONGSHUI, HonourKind.GOOD_MEMBER, HonourLevel.DISTRICT, 2022),
    honour("H2", "M6", WANGU, HonourKind.MODEL_WORKER, HonourLevel.MUNICIPAL, 2019),
    honour("H3", None, LONGSHUI, HonourKind.GOOD_MEMBER, HonourLevel.DISTRICT, 2021),
)

REORGANISATIONS: Final[Sequence[EventData]] = (
    reorganisation("Z1", ReorganisationKind.MERGE, "O2", (GRID, LONGSHUI), ReorganisationState.PROPOSED, target="O1"),
    reorganisation(
        "Z2",
        ReorganisationKind.FOUND,
        "O9",
        (WANGU, DISTRICT),
        ReorganisationState.APPROVED,
        founding=ProposedOrganisation(form=OrganisationForm.BRANCH, mode=FormationMode.CATCH_ALL, entity_ids=()),
    ),
)

ASSESSMENT: Final[Sequence[EventData]] = (
    scheme("S1", date(2024, 1, 1), date(2024, 12, 31)),
    scheme("S2", date(2025, 1, 1), None),
    scheme("S3", date(2024, 6, 1), date(2024, 6, 30)),
    rating("R1", "O1", "S1", "86.67", RatingBand.A, LONGSHUI),
    rating("R2", "O2", "S1", "0", RatingBand.D, GRID, withdrawn=True),
    rating("R3", "O1", "S3", "70.50", RatingBand.B, LONGSHUI, day=date(2024, 7, 1)),
    rating("R4", "O4", "S1", "60", RatingBand.C, WANGU),
)
PAIRING: Final[Sequence[EventData]] = (
    assignment("T1", "C1", AssignmentRole.CONTACT_CADRE, "E1", date(2024, 2, 20), LONGSHUI),
    assignment("T2", "C1", AssignmentRole.INSTRUCTOR, "O2", date(2024, 2, 21), GRID),
    assignment("T3", "C2", AssignmentRole.FIRST_SECRETARY, "E3", date(2024, 1, 1), LONGSHUI),
    assignment("T4", "C1", AssignmentRole.CONTACT_CADRE, "E8", date(2023, 1, 1), WANGU, date(2023, 12, 31)),
    suggestion("G0", "E3", "O2", LONGSHUI, date(2024, 1, 1), open_=False),
    suggestion("G1", "E3", "O1", LONGSHUI, date(2024, 2, 26), open_=True),
    suggestion("G2", "E8", None, WANGU, date(2024, 2, 27), open_=True),
    _alliance(
        "L1",
        LONGSHUI,
        AllianceParty(side=AllianceSide.SUBDISTRICT, division_code=LONGSHUI),
        AllianceParty(side=AllianceSide.MASSES, association_id=id_of("A1")),
        AllianceParty(side=AllianceSide.ENTERPRISE, entity_id=id_of("E1")),
        AllianceParty(side=AllianceSide.ENTERPRISE, organisation_id=id_of("O1")),
    ),
    _alliance(
        "L2",
        WANGU,
        AllianceParty(side=AllianceSide.MASSES, association_id=id_of("A0")),
        AllianceParty(side=AllianceSide.ENTERPRISE, entity_id=id_of("E8")),
        AllianceParty(side=AllianceSide.SUBDISTRICT, division_code=WANGU),
    ),
)
OUTREACH: Final[Sequence[EventData]] = (
    visit("V1", "C1", "E1", date(2024, 2, 19), LONGSHUI),
    visit("V2", "C1", "E1", date(2024, 2, 26), LONGSHUI),
    visit("V3", "C2", "O1", date(2024, 2, 20), LONGSHUI),
    visit("V4", "C1", "E8", date(2024, 2, 21), WANGU, withdrawn=True),
    naming("N1", "E1", NamingKind.THREE_DISPLAYS, date(2024, 1, 5), LONGSHUI),
    naming("N2", "E8", NamingKind.PERFORMANCE_EXCELLENCE, date(2023, 1, 5), WANGU),
    questionnaire("Q1", "A1", 12_000, None, LONGSHUI),
    questionnaire("Q2", "A0", 300, 220, DISTRICT),
)


def _plan(name: str, year: int, sessions: int) -> EventData:
    return TrainingPlanRecorded(
        plan_id=id_of(name), version=1, division_code=DISTRICT, year=year, sessions=sessions, recorded_at=NOW
    )


LIFE: Final[Sequence[EventData]] = (
    gathering("H1", "O1", GatheringKind.MEMBERS_MEETING, date(2024, 1, 10), LONGSHUI),
    gathering("H2", "O1", GatheringKind.LECTURE, date(2024, 2, 10), LONGSHUI, withdrawn=True),
    gathering("H3", "O2", GatheringKind.MEMBERS_MEETING, date(2023, 12, 31), GRID),
    gathering("H4", "O3", GatheringKind.ELECTION, date(2021, 3, 1), DISTRICT, term_until=date(2024, 2, 29)),
    gathering("H5", "O3", GatheringKind.TRAINING, date(2024, 2, 1), DISTRICT, audience=Audience.SECRETARIES),
    LifeRulePublished(
        rule_id=id_of("P1"),
        version=1,
        duty=LifeDuty.LECTURE,
        forms=(OrganisationForm.BRANCH,),
        period=LifePeriod.HALF_YEAR,
        times=2,
        source="District notice",
        source_zh="区委通知",
        valid_from=date(2023, 7, 1),
        recorded_at=NOW,
    ),
    _plan("P2", 2024, 2),
    _plan("P3", 2025, 1),
)
CONTACTS: Final[Sequence[EventData]] = (
    contact("K1", "E1", ContactRole.INVESTOR, LONGSHUI, PartyMembership.YES),
    contact("K2", "E1", ContactRole.PERSON_IN_CHARGE, LONGSHUI, PartyMembership.NO, until=date(2024, 1, 1)),
    contact("K3", "E8", ContactRole.INVESTOR, WANGU, PartyMembership.UNKNOWN),
    contact("K4", "E8", ContactRole.INVESTOR, WANGU, PartyMembership.YES),
    ContactErased(contact_id=id_of("K4"), version=2, recorded_at=NOW),
)

ALL: Final = (
    *LINES,
    *ENTITIES,
    *REGISTRATION,
    *ANNUAL,
    *COVERAGES,
    *ORGANISATIONS,
    *MEMBERS,
    *TRANSFERS,
    *REORGANISATIONS,
    *FLOATINGS,
    *DEVELOPMENTS,
    *POSTS,
    *ASSESSMENT,
    *PAIRING,
    *LIFE,
    *CONTACTS,
    *OUTREACH,
)
