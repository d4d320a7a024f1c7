"""What registration's tables have in common."""

from typing import Final

from sqlalchemy import DateTime
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

MOMENT: Final = DateTime(timezone=True)


class RegistrationTable(SQLModel, registry=registry()):
    """Base of registration's tables: a registry and metadata of their own."""
