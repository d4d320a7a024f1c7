"""Settings of registration."""

from typing import ClassVar

from pydantic import Field

from kit.settings import DATABASE, CommandSettings, PostgresUrl, Settings


class ImportSettings(Settings):
    """What the import needs: registration's database, no broker."""

    service: ClassVar[str] = "registration"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_REGISTRATION", description=DATABASE)


class RegistrationSettings(CommandSettings):
    """What registration's processes need."""

    service: ClassVar[str] = "registration"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_REGISTRATION", description=DATABASE)
