"""What an application to register a household online is for, and who applies."""

from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field, LargeBinary

from services.registration.tables.base import RegistrationTable


class HouseholdApplication(RegistrationTable, table=True):
    """The papers of an application 网上登记. The applicant's name and telephone number are sealed, and never told."""

    __tablename__ = "household_application"

    process_id: UUID = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    business_scope: str | None = Field(default=None, sa_type=Text)
    address: str | None = Field(default=None, sa_type=Text)
    sealed_applicant: bytes = Field(sa_type=LargeBinary)
