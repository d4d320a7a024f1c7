"""Tables of the read model: one a fact, filled from Kafka by the projection and read by the graph.

They carry no schema name: each build of the read model is a PostgreSQL schema of its own (`gateway.read_model`), so
that a new one grows beside the one that is read. There are no foreign keys: facts of different topics arrive in any
order. Text is compared by code point (`COLLATE "C"`), so that an order, and with it a cursor, is the same on every
machine, whatever its locale.
"""

from gateway.tables.annual_reports import AnnualReport, Discrepancy
from gateway.tables.assessment import Rating, Scheme
from gateway.tables.base import Access, ReadModelTable
from gateway.tables.contacts import Contact
from gateway.tables.entities import EARLIEST, LATEST, Entity, EntityLedger
from gateway.tables.ledgers import ERASED, Coverage, Member, Membership, Organisation, OrganisationEntity
from gateway.tables.life import Gathering, LifeRule, TrainingPlan
from gateway.tables.lines import Association, BureauUnit, Cadre, Division
from gateway.tables.markets import Market, Stall
from gateway.tables.pairing import Alliance, Assignment, Naming, Questionnaire, Suggestion, Visit
from gateway.tables.processes import (
    CreditCommitment,
    Development,
    Floating,
    HouseholdApplication,
    PartyBuildingForm,
    Reorganisation,
    Transfer,
)
from gateway.tables.records import Honour, Post, Quota

__all__ = [
    "EARLIEST",
    "ERASED",
    "LATEST",
    "Access",
    "Alliance",
    "AnnualReport",
    "Assignment",
    "Association",
    "BureauUnit",
    "Cadre",
    "Contact",
    "Coverage",
    "CreditCommitment",
    "Development",
    "Discrepancy",
    "Division",
    "Entity",
    "EntityLedger",
    "Floating",
    "Gathering",
    "Honour",
    "HouseholdApplication",
    "LifeRule",
    "Market",
    "Member",
    "Membership",
    "Naming",
    "Organisation",
    "OrganisationEntity",
    "PartyBuildingForm",
    "Post",
    "Questionnaire",
    "Quota",
    "Rating",
    "ReadModelTable",
    "Reorganisation",
    "Scheme",
    "Stall",
    "Suggestion",
    "TrainingPlan",
    "Transfer",
    "Visit",
]
