"""Tables of registration, a module an aggregate. Processes are in the kit's (`kit.schema.PROCESSES_V1`)."""

from services.registration.tables.applications import ApplicantLook, HouseholdApplication
from services.registration.tables.base import RegistrationTable
from services.registration.tables.entities import Entity, ImportedFile
from services.registration.tables.markets import Market, Stall

__all__ = ["ApplicantLook", "Entity", "HouseholdApplication", "ImportedFile", "Market", "RegistrationTable", "Stall"]
