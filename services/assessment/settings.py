"""Settings of assessment."""

from typing import ClassVar

from pydantic import Field

from kit.settings import DATABASE, CommandSettings, PostgresUrl


class AssessmentSettings(CommandSettings):
    """What assessment's processes need."""

    service: ClassVar[str] = "assessment"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_ASSESSMENT", description=DATABASE)
