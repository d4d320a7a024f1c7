"""Tables of entities and their ledger records.

Indexes are what the projection pays for on every row, so each is here for a page that needs it. The server's work to
write a row of `entity` with its primary key alone is 8.3 µs (58,725 rows, batches of 500); what each index adds is
noted with it (`python -m tests.benchmarks.graph --indexes`). All of them make 34 µs, 29,000 rows/s.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Text, text
from sqlmodel import BigInteger, Field

from gateway.tables.base import CODE_POINTS, ReadModelTable

LATEST = text("(coalesce(registered_on, '-infinity'::date))")
"""Index expression of the order by 注册日期, newest first, unknown last."""
EARLIEST = text("(coalesce(registered_on, 'infinity'::date))")
"""Index expression of the order by 注册日期, oldest first, unknown last."""


class Entity(ReadModelTable, table=True):
    """A market entity 市场主体 as registration tells it (topic `registration-entity`)."""

    __tablename__ = "entity"
    __table_args__ = (
        # By code: one entity, many entities, and the list by code. 5.5 µs.
        Index("entity_uscc", "uscc", "entity_id"),
        # The list by name, in either direction. 5.3 µs.
        Index("entity_name", "name", "entity_id"),
        # A subtree of the divisions, which every scoped caller asks for, and the list by division. 6.0 µs.
        Index("entity_division_code", "division_code", "entity_id"),
        # Markets are 16 of 58,725: without it a page of them reads every entity. One key a kind, so 1.7 µs.
        Index("entity_kind", "kind"),
        # The two orders by date: unknown dates come last in both, so neither is the other backwards. 4.3 and 3.3 µs.
        Index("entity_latest", LATEST, "entity_id"),
        Index("entity_earliest", EARLIEST, "entity_id"),
    )

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    uscc: str = Field(sa_type=CODE_POINTS)
    name: str = Field(sa_type=CODE_POINTS)
    kind: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    registered_on: date | None = None
    legal_form: str | None = Field(default=None, sa_type=Text)
    capital_amount: Decimal | None = Field(default=None, sa_type=Numeric(20, 4))
    capital_currency: str | None = Field(default=None, sa_type=Text)
    business_scope: str | None = Field(default=None, sa_type=Text)
    address: str | None = Field(default=None, sa_type=Text)
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))


class EntityLedger(ReadModelTable, table=True):
    """An entity's record in the entity ledger 市场主体台账 (topic `ledgers-entity`).

    It is reached from its entity by the primary key alone, so it needs no other index.
    """

    __tablename__ = "entity_ledger"

    entity_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    registration_version: int = Field(sa_type=BigInteger)
    uscc: str = Field(sa_type=CODE_POINTS)
    name: str = Field(sa_type=CODE_POINTS)
    kind: str = Field(sa_type=CODE_POINTS)
    state: str = Field(sa_type=CODE_POINTS)
    division_code: str = Field(sa_type=CODE_POINTS)
    bureau: str = Field(sa_type=CODE_POINTS)
    registered_on: date | None = None
    effective_on: date
    recorded_at: datetime = Field(sa_type=DateTime(timezone=True))
