"""Who is registered, and which files were taken in how far."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric, SmallInteger, Text
from sqlmodel import BigInteger, Field, LargeBinary

from services.registration.tables.base import MOMENT, RegistrationTable


class Entity(RegistrationTable, table=True):
    """A market entity 市场主体: its state now. The USCC is unique and may be corrected; the id never changes.

    `content_hash` is of the facts as they were stated, `kind` among them as it follows from the code. What the entity
    was classified as by somebody, or by a market that it operates, goes before that.
    """

    __tablename__ = "entity"

    id: UUID = Field(primary_key=True)
    uscc: str = Field(sa_type=Text, unique=True)
    version: int = Field(sa_type=BigInteger)
    content_hash: bytes = Field(sa_type=LargeBinary)
    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    division_code: str = Field(sa_type=Text)
    bureau: str = Field(sa_type=Text)
    registered_on: date | None = None
    legal_form: str | None = Field(default=None, sa_type=Text)
    capital_amount: Decimal | None = Field(default=None, sa_type=Numeric(20, 4))
    capital_currency: str | None = Field(default=None, sa_type=Text)
    business_scope: str | None = Field(default=None, sa_type=Text)
    address: str | None = Field(default=None, sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=MOMENT)
    classified_as: str | None = Field(default=None, sa_type=Text)


class ImportedFile(RegistrationTable, table=True):
    """A file by its content, and how far it was taken in. The row moves in the transaction of each batch."""

    __tablename__ = "imported_file"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    reader: int = Field(primary_key=True, sa_type=SmallInteger)
    name: str = Field(sa_type=Text)
    done: int = Field(sa_type=BigInteger)
    new: int = Field(sa_type=BigInteger)
    changed: int = Field(sa_type=BigInteger)
    unchanged: int = Field(sa_type=BigInteger)
    rejected: int = Field(sa_type=BigInteger)
    started_at: datetime = Field(sa_type=MOMENT)
    finished_at: datetime | None = Field(default=None, sa_type=MOMENT)
