"""Tables of registration, a module an aggregate. Processes are in the kit's (`kit.schema.PROCESSES_V1`)."""

from services.registration.tables.annual_reports import AnnualReport, AnnualReportFiling, Coverage
from services.registration.tables.applications import ApplicantLook, HouseholdApplication
from services.registration.tables.base import RegistrationTable
from services.registration.tables.entities import Entity, ImportedFile
from services.registration.tables.markets import Market, Stall

__all__ = [
    "AnnualReport",
    "AnnualReportFiling",
    "ApplicantLook",
    "Coverage",
    "Entity",
    "HouseholdApplication",
    "ImportedFile",
    "Market",
    "RegistrationTable",
    "Stall",
]
