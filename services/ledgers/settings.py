"""Settings of the ledgers."""

from typing import Annotated, ClassVar

from pydantic import Field, SecretStr

from kit.settings import NOT_SET, CommandSettings, Key, PostgresUrl, SettingsError


class LedgersSettings(CommandSettings):
    """What the ledgers' processes need."""

    service: ClassVar[str] = "ledgers"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_LEDGERS")
    personal_data_key: Annotated[Key | None, Field(description="Wraps the key of each person: base64 of 32 bytes.")] = (
        None
    )

    def master_key(self) -> SecretStr:
        """Return the key that wraps the keys of persons. There is no default: who loses it loses all names.

        Raises:
            SettingsError: it is not set; only a process that takes commands needs it.
        """
        if self.personal_data_key is None:
            raise SettingsError(f"1 setting(s) can't be used 配置有误:\n  PERSONAL_DATA_KEY: {NOT_SET}")
        return self.personal_data_key
