"""Tables of the ledgers, a module an aggregate."""

from services.ledgers.tables.base import LedgersTable
from services.ledgers.tables.contacts import Contact, ContactHistory
from services.ledgers.tables.coverage import Coverage, CoverageHistory
from services.ledgers.tables.entities import Entity, EntityHistory
from services.ledgers.tables.imports import ImportedRow
from services.ledgers.tables.life import Gathering, GatheringHistory, LifeHistory, LifeRule, TrainingPlan
from services.ledgers.tables.lines import Assignment, LineHistory
from services.ledgers.tables.members import Member, MemberHistory
from services.ledgers.tables.organisations import (
    Membership,
    Organisation,
    OrganisationEntity,
    OrganisationHistory,
    StatedElection,
)
from services.ledgers.tables.persons import Erasure, Person, PersonIndex, PersonLook
from services.ledgers.tables.records import Honour, Post, Quota

__all__ = [
    "Assignment",
    "Contact",
    "ContactHistory",
    "Coverage",
    "CoverageHistory",
    "Entity",
    "EntityHistory",
    "Erasure",
    "Gathering",
    "GatheringHistory",
    "Honour",
    "ImportedRow",
    "LedgersTable",
    "LifeHistory",
    "LifeRule",
    "LineHistory",
    "Member",
    "MemberHistory",
    "Membership",
    "Organisation",
    "OrganisationEntity",
    "OrganisationHistory",
    "Person",
    "PersonIndex",
    "PersonLook",
    "Post",
    "Quota",
    "StatedElection",
    "TrainingPlan",
]
