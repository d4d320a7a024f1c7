"""Settings of the gateway."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_settings import NoDecode

from gateway.commands import Owner
from kit.settings import CommandSettings, PostgresUrl, separated

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/]+$")]


class GatewaySettings(CommandSettings):
    """What the gateway's process needs. Commands to an owner whose address isn't set are refused as unavailable."""

    service: ClassVar[str] = "gateway"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_GATEWAY")
    registration_url: Address | None = None
    ledgers_url: Address | None = None
    assessment_url: Address | None = None
    pairing_url: Address | None = None
    cors_origins: Annotated[
        tuple[Address, ...],
        NoDecode,
        BeforeValidator(separated),
        Field(description="Origins of pages that may ask the graph from a browser, comma separated."),
    ] = ()

    def owners(self) -> Mapping[Owner, str]:
        """Return the addresses of the services that take commands."""
        addresses = {
            Owner.REGISTRATION: self.registration_url,
            Owner.LEDGERS: self.ledgers_url,
            Owner.ASSESSMENT: self.assessment_url,
            Owner.PAIRING: self.pairing_url,
        }
        return {owner: address for owner, address in addresses.items() if address is not None}
