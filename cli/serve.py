"""`lianhe serve`: one process of a service, in the foreground."""

from enum import StrEnum
from typing import Annotated

import typer

from cli.errors import told
from cli.settings_known import KNOWN
from kit import process
from kit.roles import Role
from kit.settings import load


class Service(StrEnum):
    """The services that run as processes."""

    REGISTRATION = "registration"
    LEDGERS = "ledgers"
    ASSESSMENT = "assessment"
    PAIRING = "pairing"
    GATEWAY = "gateway"


def serve(
    service: Annotated[Service, typer.Argument(help="Which service 服务.")],
    role: Annotated[
        Role, typer.Option(help="Everything (all), all but the relay (service), or one part of it 进程角色.")
    ] = Role.ALL,
) -> None:
    """Run a service in the foreground until Ctrl-C. 在前台运行一个服务。

    Reads its settings from the environment: KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL_<SERVICE>, HTTP_PORT and others.

    A service can be run in parts: `api` answers requests, `consumer` hears events and fires timers, `relay` moves
    the outbox.

    Example 示例: lianhe serve ledgers --role relay
    """
    name = service.value if role is Role.ALL else f"{service.value}-{role.value}"
    with told():
        match service:
            case Service.REGISTRATION:
                from services.registration import main as registration  # noqa: PLC0415 - a process loads one service
                from services.registration.settings import RegistrationSettings  # noqa: PLC0415

                registration_settings = load(RegistrationSettings, KNOWN)
                process.run(name, registration_settings, registration.components(registration_settings, role))
            case Service.LEDGERS:
                from services.ledgers import main as ledgers  # noqa: PLC0415
                from services.ledgers.settings import LedgersSettings  # noqa: PLC0415

                ledgers_settings = load(LedgersSettings, KNOWN)
                process.run(name, ledgers_settings, ledgers.components(ledgers_settings, role))
            case Service.ASSESSMENT:
                from services.assessment import main as assessment  # noqa: PLC0415
                from services.assessment.settings import AssessmentSettings  # noqa: PLC0415

                assessment_settings = load(AssessmentSettings, KNOWN)
                process.run(name, assessment_settings, assessment.components(assessment_settings, role))
            case Service.PAIRING:
                from services.pairing import main as pairing  # noqa: PLC0415
                from services.pairing.settings import PairingSettings  # noqa: PLC0415

                pairing_settings = load(PairingSettings, KNOWN)
                process.run(name, pairing_settings, pairing.components(pairing_settings, role))
            case Service.GATEWAY:
                from gateway import main as gateway  # noqa: PLC0415
                from gateway.settings import GatewaySettings  # noqa: PLC0415

                gateway_settings = load(GatewaySettings, KNOWN)
                process.run(name, gateway_settings, gateway.components(gateway_settings, role))
