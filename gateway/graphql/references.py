"""The types that other types refer to, by name: relations go round, modules can't."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from gateway.graphql.annual_reports.types import AnnualReport, Discrepancy
    from gateway.graphql.assessment.types import Rating, Scheme
    from gateway.graphql.contacts.types import Contact
    from gateway.graphql.coverage.types import Coverage
    from gateway.graphql.developments.types import Development, Quota
    from gateway.graphql.entities.types import Entity
    from gateway.graphql.floatings.types import Floating
    from gateway.graphql.life.types import Gathering, Owed
    from gateway.graphql.lines.types import Association, BureauUnit, Cadre, Division
    from gateway.graphql.markets.types import Market, Stall
    from gateway.graphql.members.types import Member
    from gateway.graphql.organisations.types import Organisation
    from gateway.graphql.outreach.types import Naming, Questionnaire, Visit
    from gateway.graphql.pairing.types import Assignment, Suggestion
    from gateway.graphql.posts.types import Honour, Post
    from gateway.graphql.registration.types import CreditCommitment, HouseholdApplication, PartyBuildingForm
    from gateway.graphql.reorganisations.types import Reorganisation
    from gateway.graphql.transfers.types import Transfer

LazyAnnualReport: TypeAlias = Annotated["AnnualReport", strawberry.lazy("gateway.graphql.annual_reports.types")]
LazyDiscrepancy: TypeAlias = Annotated["Discrepancy", strawberry.lazy("gateway.graphql.annual_reports.types")]
LazyAssignment: TypeAlias = Annotated["Assignment", strawberry.lazy("gateway.graphql.pairing.types")]
LazyAssociation: TypeAlias = Annotated["Association", strawberry.lazy("gateway.graphql.lines.types")]
LazyBureauUnit: TypeAlias = Annotated["BureauUnit", strawberry.lazy("gateway.graphql.lines.types")]
LazyCadre: TypeAlias = Annotated["Cadre", strawberry.lazy("gateway.graphql.lines.types")]
LazyContact: TypeAlias = Annotated["Contact", strawberry.lazy("gateway.graphql.contacts.types")]
LazyCoverage: TypeAlias = Annotated["Coverage", strawberry.lazy("gateway.graphql.coverage.types")]
LazyDevelopment: TypeAlias = Annotated["Development", strawberry.lazy("gateway.graphql.developments.types")]
LazyDivision: TypeAlias = Annotated["Division", strawberry.lazy("gateway.graphql.lines.types")]
LazyEntity: TypeAlias = Annotated["Entity", strawberry.lazy("gateway.graphql.entities.types")]
LazyFloating: TypeAlias = Annotated["Floating", strawberry.lazy("gateway.graphql.floatings.types")]
LazyGathering: TypeAlias = Annotated["Gathering", strawberry.lazy("gateway.graphql.life.types")]
LazyHonour: TypeAlias = Annotated["Honour", strawberry.lazy("gateway.graphql.posts.types")]
LazyMember: TypeAlias = Annotated["Member", strawberry.lazy("gateway.graphql.members.types")]
LazyNaming: TypeAlias = Annotated["Naming", strawberry.lazy("gateway.graphql.outreach.types")]
LazyOrganisation: TypeAlias = Annotated["Organisation", strawberry.lazy("gateway.graphql.organisations.types")]
LazyOwed: TypeAlias = Annotated["Owed", strawberry.lazy("gateway.graphql.life.types")]
LazyPost: TypeAlias = Annotated["Post", strawberry.lazy("gateway.graphql.posts.types")]
LazyQuota: TypeAlias = Annotated["Quota", strawberry.lazy("gateway.graphql.developments.types")]
LazyQuestionnaire: TypeAlias = Annotated["Questionnaire", strawberry.lazy("gateway.graphql.outreach.types")]
LazyRating: TypeAlias = Annotated["Rating", strawberry.lazy("gateway.graphql.assessment.types")]
LazyReorganisation: TypeAlias = Annotated["Reorganisation", strawberry.lazy("gateway.graphql.reorganisations.types")]
LazyScheme: TypeAlias = Annotated["Scheme", strawberry.lazy("gateway.graphql.assessment.types")]
LazySuggestion: TypeAlias = Annotated["Suggestion", strawberry.lazy("gateway.graphql.pairing.types")]
LazyTransfer: TypeAlias = Annotated["Transfer", strawberry.lazy("gateway.graphql.transfers.types")]
LazyVisit: TypeAlias = Annotated["Visit", strawberry.lazy("gateway.graphql.outreach.types")]
LazyCreditCommitment: TypeAlias = Annotated["CreditCommitment", strawberry.lazy("gateway.graphql.registration.types")]
LazyHouseholdApplication: TypeAlias = Annotated[
    "HouseholdApplication", strawberry.lazy("gateway.graphql.registration.types")
]
LazyPartyBuildingForm: TypeAlias = Annotated["PartyBuildingForm", strawberry.lazy("gateway.graphql.registration.types")]
LazyMarket: TypeAlias = Annotated["Market", strawberry.lazy("gateway.graphql.markets.types")]
LazyStall: TypeAlias = Annotated["Stall", strawberry.lazy("gateway.graphql.markets.types")]
