"""Settings of the ledgers."""

from typing import ClassVar

from pydantic import Field

from kit.settings import DATABASE, CommandSettings, PostgresUrl


class LedgersSettings(CommandSettings):
    """What the ledgers' processes need."""

    service: ClassVar[str] = "ledgers"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_LEDGERS", description=DATABASE)
