"""Settings of the gateway."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from kit.settings import PostgresUrl, ServiceSettings


class GatewaySettings(ServiceSettings):
    """What the gateway's process needs."""

    service: ClassVar[str] = "gateway"
    registration_url: Annotated[
        str | None, StringConstraints(pattern=r"^https?://[^/]+$"), Field(description="Registration, for commands.")
    ] = None
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_GATEWAY")
