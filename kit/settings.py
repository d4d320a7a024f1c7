"""Settings from the environment. All problems are told at once, each with its variable, reason and way out."""

import base64
from typing import Annotated, ClassVar, Final, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

KEY_BYTES: Final = 32
MAKE_A_KEY: Final = 'python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'


class SettingsError(Exception):
    """Settings that can't be used; the text lists every problem, in English and Chinese."""


def _postgres_url(value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://")):
        raise ValueError("expected postgresql://user:password@host:port/database")
    return value


def _key(value: SecretStr) -> SecretStr:
    try:
        raw = base64.b64decode(value.get_secret_value(), validate=True)
    except ValueError as error:
        raise ValueError(f"expected base64 of {KEY_BYTES} bytes; make one: {MAKE_A_KEY}") from error
    if len(raw) != KEY_BYTES:
        raise ValueError(f"expected base64 of {KEY_BYTES} bytes, got {len(raw)} bytes; make one: {MAKE_A_KEY}")
    return value


def _bootstrap(value: str) -> str:
    for address in value.split(","):
        host, _, port = address.strip().rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:  # noqa: PLR2004 - the end of the port range
            raise ValueError(f"expected host:port[,host:port…], got {address.strip()!r}")
    return value


PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]
Key = Annotated[SecretStr, AfterValidator(_key)]
BootstrapServers = Annotated[str, AfterValidator(_bootstrap)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Settings that every process has. A service adds its own in its `settings.py`."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, populate_by_name=True, case_sensitive=False)

    service: ClassVar[str]

    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    trace_sample_ratio: Annotated[float, Field(ge=0, le=1, description="Share of imported rows that are traced.")] = (
        0.01
    )


class BrokerSettings(Settings):
    """Where Kafka is."""

    kafka_bootstrap_servers: BootstrapServers
    kafka_topic_prefix: Annotated[str, Field(pattern=r"^([a-z0-9]+-)*$")] = ""


class ServiceSettings(BrokerSettings):
    """What a service's process needs beside its database."""

    http_host: str = "127.0.0.1"
    http_port: Port = 8080
    dead_letter_key: Key
    instance_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,60}$", description="Names a replica.")] = "0"
    batch_size: Annotated[int, Field(ge=1, le=5000)] = 500


AnySettings = TypeVar("AnySettings", bound=Settings)


def load(settings: type[AnySettings]) -> AnySettings:
    """Read the settings from the environment.

    Raises:
        SettingsError: with every problem found, a line each.
    """
    try:
        return settings()
    except ValidationError as error:
        lines = [f"{len(error.errors())} setting(s) can't be used 配置有误:"]
        for problem in error.errors(include_input=False, include_url=False):
            name = ".".join(str(part) for part in problem["loc"]).upper()
            if problem["type"] == "missing":
                lines.append(f"  {name}: is not set; set this environment variable 未设置，请设置该环境变量")
            else:
                lines.append(f"  {name}: {problem['msg']} 值无效，请更正该环境变量")
        raise SettingsError("\n".join(lines)) from None
