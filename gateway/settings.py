"""Settings of the gateway."""

from typing import ClassVar

from pydantic import Field

from kit.settings import PostgresUrl, ServiceSettings


class GatewaySettings(ServiceSettings):
    """What the gateway's process needs."""

    service: ClassVar[str] = "gateway"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_GATEWAY")
