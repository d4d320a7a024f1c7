"""The closed word lists of the domain, each word with its Chinese term.

One word stands for one thing in code, topic, schema, SQL and graph. Sources: the study of district X (2024), and
GB 32100-2015 for the registering authority. Only the standard library is imported, so that every service's
`domain` may use this package.
"""

from contracts.vocabulary.annual_reports import (
    AnnualReportState,
    DiscrepancyAction,
    DiscrepancyField,
    DiscrepancyState,
    ReportingState,
)
from contracts.vocabulary.assessment import AssessedPart, RatingBand, RatingState
from contracts.vocabulary.contacts import ContactRole, ContactState, PartyMembership
from contracts.vocabulary.development import DevelopmentAction, DevelopmentStage, DevelopmentState
from contracts.vocabulary.divisions import DIVISION_WIDTH, UNASSIGNED_DIVISION, divisions_under
from contracts.vocabulary.entities import EntityKind, EntityState
from contracts.vocabulary.floatings import FloatingAction, FloatingReason, FloatingState
from contracts.vocabulary.life import (
    Audience,
    GatheringKind,
    GatheringPlace,
    GatheringState,
    GatheringTopic,
    LifeDuty,
    LifePeriod,
    LifeState,
)
from contracts.vocabulary.lines import (
    MEMBER_KEEPERS,
    Bureau,
    BureauKind,
    CadreState,
    CallerRole,
    DivisionLevel,
    MandateState,
    UnitState,
)
from contracts.vocabulary.members import LeavingReason, MemberStanding, MemberState
from contracts.vocabulary.organisation_facts import Demonstration, Industry, PartyPost, VenueKind
from contracts.vocabulary.organisations import (
    CoverageDuty,
    FormationMode,
    OrganisationCoverage,
    OrganisationForm,
    OrganisationState,
)
from contracts.vocabulary.outreach import (
    NamingKind,
    NamingState,
    QuestionnaireState,
    VisitPurpose,
    VisitState,
)
from contracts.vocabulary.pairing import (
    AllianceSide,
    AllianceState,
    AssignmentRole,
    AssignmentState,
    AssignmentTarget,
    SuggestionState,
)
from contracts.vocabulary.persons import DuplicateReason, LookKind, LookPurpose, PersonField
from contracts.vocabulary.posts import HonourKind, HonourLevel, HonourState, PostKind, PostState
from contracts.vocabulary.registration import (
    FORM_KEEPERS,
    INTAKE,
    REGISTRARS,
    ApplicationAction,
    ApplicationState,
    CommitmentAction,
    CommitmentKind,
    CommitmentState,
    FormAction,
    FormOccasion,
    FormState,
    MarketState,
    StallState,
)
from contracts.vocabulary.reorganisations import ReorganisationAction, ReorganisationKind, ReorganisationState
from contracts.vocabulary.transfers import TransferAction, TransferState

__all__ = [
    "DIVISION_WIDTH",
    "FORM_KEEPERS",
    "INTAKE",
    "MEMBER_KEEPERS",
    "REGISTRARS",
    "UNASSIGNED_DIVISION",
    "AllianceSide",
    "AllianceState",
    "AnnualReportState",
    "ApplicationAction",
    "ApplicationState",
    "AssessedPart",
    "AssignmentRole",
    "AssignmentState",
    "AssignmentTarget",
    "Audience",
    "Bureau",
    "BureauKind",
    "CadreState",
    "CallerRole",
    "CommitmentAction",
    "CommitmentKind",
    "CommitmentState",
    "ContactRole",
    "ContactState",
    "CoverageDuty",
    "Demonstration",
    "DevelopmentAction",
    "DevelopmentStage",
    "DevelopmentState",
    "DiscrepancyAction",
    "DiscrepancyField",
    "DiscrepancyState",
    "DivisionLevel",
    "DuplicateReason",
    "EntityKind",
    "EntityState",
    "FloatingAction",
    "FloatingReason",
    "FloatingState",
    "FormAction",
    "FormOccasion",
    "FormState",
    "FormationMode",
    "GatheringKind",
    "GatheringPlace",
    "GatheringState",
    "GatheringTopic",
    "HonourKind",
    "HonourLevel",
    "HonourState",
    "Industry",
    "LeavingReason",
    "LifeDuty",
    "LifePeriod",
    "LifeState",
    "LookKind",
    "LookPurpose",
    "MandateState",
    "MarketState",
    "MemberStanding",
    "MemberState",
    "NamingKind",
    "NamingState",
    "OrganisationCoverage",
    "OrganisationForm",
    "OrganisationState",
    "PartyMembership",
    "PartyPost",
    "PersonField",
    "PostKind",
    "PostState",
    "QuestionnaireState",
    "RatingBand",
    "RatingState",
    "ReorganisationAction",
    "ReorganisationKind",
    "ReorganisationState",
    "ReportingState",
    "StallState",
    "SuggestionState",
    "TransferAction",
    "TransferState",
    "UnitState",
    "VenueKind",
    "VisitPurpose",
    "VisitState",
    "divisions_under",
]
