"""Tables of the ledgers, a module an aggregate."""

from services.ledgers.tables.base import LedgersTable
from services.ledgers.tables.coverage import Coverage
from services.ledgers.tables.entities import Entity, EntityHistory
from services.ledgers.tables.lines import Assignment, LineHistory
from services.ledgers.tables.members import Member, MemberHistory, Person
from services.ledgers.tables.organisations import Membership, Organisation, OrganisationEntity, OrganisationHistory
from services.ledgers.tables.records import Honour, Post, Quota

__all__ = [
    "Assignment",
    "Coverage",
    "Entity",
    "EntityHistory",
    "Honour",
    "LedgersTable",
    "LineHistory",
    "Member",
    "MemberHistory",
    "Membership",
    "Organisation",
    "OrganisationEntity",
    "OrganisationHistory",
    "Person",
    "Post",
    "Quota",
]
