"""Settings of pairing."""

from typing import ClassVar

from pydantic import Field

from kit.settings import DATABASE, CommandSettings, PostgresUrl


class PairingSettings(CommandSettings):
    """What pairing's processes need."""

    service: ClassVar[str] = "pairing"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_PAIRING", description=DATABASE)
