"""What an application to register a household online is for, and who applies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Identity, Text
from sqlmodel import BigInteger, Field, LargeBinary

from services.registration.tables.base import MOMENT, RegistrationTable


class HouseholdApplication(RegistrationTable, table=True):
    """The papers of an application 网上登记. The applicant's name and telephone number are sealed, and never told."""

    __tablename__ = "household_application"

    process_id: UUID = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    business_scope: str | None = Field(default=None, sa_type=Text)
    address: str | None = Field(default=None, sa_type=Text)
    sealed_applicant: bytes = Field(sa_type=LargeBinary)


class ApplicantLook(RegistrationTable, table=True):
    """That somebody looked at who applies: who, why and when."""

    __tablename__ = "applicant_look"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),))
    process_id: UUID
    looked_by: str = Field(sa_type=Text)
    purpose: str = Field(sa_type=Text)
    looked_at: datetime = Field(sa_type=MOMENT)
