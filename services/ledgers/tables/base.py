"""What the ledgers' tables have in common."""

from typing import Final

from sqlalchemy import DateTime, text
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

MOMENT: Final = DateTime(timezone=True)
ACTIVE: Final = text("state = 'ACTIVE'")


class LedgersTable(SQLModel, registry=registry()):
    """Base of the ledgers' tables: a registry and metadata of their own."""
