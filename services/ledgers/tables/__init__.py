"""Tables of the ledgers, a module an aggregate."""

from services.ledgers.tables.base import LedgersTable
from services.ledgers.tables.contacts import Contact, ContactHistory
from services.ledgers.tables.coverage import Coverage
from services.ledgers.tables.entities import Entity, EntityHistory
from services.ledgers.tables.life import Gathering, GatheringHistory, LifeHistory, LifeRule, TrainingPlan
from services.ledgers.tables.lines import Assignment, LineHistory
from services.ledgers.tables.members import Member, MemberHistory, Person
from services.ledgers.tables.organisations import Membership, Organisation, OrganisationEntity, OrganisationHistory

__all__ = [
    "Assignment",
    "Contact",
    "ContactHistory",
    "Coverage",
    "Entity",
    "EntityHistory",
    "Gathering",
    "GatheringHistory",
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
    "TrainingPlan",
]
