"""Settings of the gateway."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_settings import NoDecode

from gateway.commands import Owner
from kit.settings import DATABASE, CommandSettings, PostgresUrl, separated

OWNER: Final = "Where the gateway sends commands of this owner; without it they are refused 归口服务地址."
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^/]+$")]


class GatewaySettings(CommandSettings):
    """What the gateway's process needs. Commands to an owner whose address isn't set are refused as unavailable."""

    service: ClassVar[str] = "gateway"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_GATEWAY", description=DATABASE)
    registration_url: Annotated[Address | None, Field(description=OWNER)] = None
    ledgers_url: Annotated[Address | None, Field(description=OWNER)] = None
    assessment_url: Annotated[Address | None, Field(description=OWNER)] = None
    pairing_url: Annotated[Address | None, Field(description=OWNER)] = None
    cors_origins: Annotated[
        tuple[Address, ...],
        NoDecode,
        BeforeValidator(separated),
        Field(
            description="Origins of pages that may ask the graph from a browser, comma separated; in development every "
            "page of this machine may 允许跨域访问的前端地址."
        ),
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
