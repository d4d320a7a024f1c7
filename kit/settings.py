"""Settings from the environment. All problems are told at once, each with its variable, reason and way out."""

import base64
import os
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kit.broker_security import Tls
from kit.sealing import KeyRing

KEY_BYTES: Final = 32
DEVELOPMENT_ISSUER: Final = "lianhe-development"
"""Issuer of the tokens that `lianhe token` makes, and id of its key; refused in production."""
MAKE_A_KEY: Final = 'python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'


NOT_SET: Final = "is not set; set this environment variable 未设置，请设置该环境变量"
OURS: Final = ("LIANHE_", "DATABASE_URL_", "PERSONAL_DATA_", "DEAD_LETTER_", "EVIDENCE_", "TRACE_SAMPLE_", "CORS_")
"""How only settings of ours begin. `KAFKA_` and `AUTH_` don't: other programs have variables that begin so."""
ALIKE: Final = 0.92
"""From so much likeness (`difflib`) on a variable is taken for a misspelt setting; a letter too few or too many is."""
FROM_FILE: Final = "_FILE"
"""After a setting's name: the value is what the named file holds, as secrets are mounted in containers."""


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
    addresses = [address.strip() for address in value.split(",")]
    for address in addresses:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:  # noqa: PLR2004 - the end of the port range
            raise ValueError(f"expected host:port[,host:port…], got {address!r}")
    return ",".join(addresses)


def _certificates(value: Path) -> Path:
    if missing := Tls(value).missing():
        raise ValueError(f"expected a directory with ca.crt, user.crt and user.key; it lacks {', '.join(missing)}")
    return value


def separated(value: object) -> object:
    """Return the parts of a text between commas; anything else as it is."""
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value


PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]
DATABASE: Final = "The service's database, `postgresql://role:password@host:port/database` 数据库地址."
Key = Annotated[SecretStr, AfterValidator(_key)]
Keys = Annotated[tuple[Key, ...], NoDecode, BeforeValidator(separated)]
Certificates = Annotated[Path, AfterValidator(_certificates)]
BootstrapServers = Annotated[str, AfterValidator(_bootstrap)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Settings that every process has. A service adds its own in its `settings.py`."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, populate_by_name=True, case_sensitive=False)

    service: ClassVar[str]

    log_level: Annotated[
        str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR 日志级别.")
    ] = "INFO"
    trace_sample_ratio: Annotated[
        float, Field(ge=0, le=1, description="Share of imported rows that are traced, 0 to 1 链路采样比例.")
    ] = 0.01


class BrokerSettings(Settings):
    """Where Kafka is."""

    kafka_bootstrap_servers: Annotated[
        BootstrapServers, Field(description="The brokers, `host:port[,host:port…]` 消息代理地址.")
    ]
    kafka_topic_prefix: Annotated[
        str,
        Field(
            pattern=r"^([a-z0-9]+-)*$",
            description="Put before every topic, group and transactional id, as `x-district-` 主题前缀.",
        ),
    ] = ""
    kafka_tls_directory: Annotated[
        Certificates | None,
        Field(
            description="Holds `ca.crt`, `user.crt` and `user.key`; without it the broker is spoken to in plain text "
            "证书目录."
        ),
    ] = None

    @property
    def kafka_tls(self) -> Tls | None:
        """The certificates for the broker; None where it is spoken to in plain text."""
        return None if self.kafka_tls_directory is None else Tls(self.kafka_tls_directory)


class KeySettings(Settings):
    """The keys that seal what names people."""

    personal_data_key: Annotated[
        Key | None,
        Field(
            description="Base64 of 32 bytes; seals what names people, free text and files. For the ledgers and "
            "registration alone, required where they take commands. Keep it: without it none can be read 个人信息密钥."
        ),
    ] = None
    personal_data_keys_former: Annotated[
        Keys, Field(description="Keys that open what they sealed, until all is sealed anew; comma separated 旧密钥.")
    ] = ()

    def master_key(self) -> KeyRing:
        """Return the keys that seal what names people. There is no default: who loses them loses all names.

        Raises:
            SettingsError: none is set; only a process that takes commands needs it.
        """
        if self.personal_data_key is None:
            raise SettingsError(f"1 setting(s) can't be used 配置有误:\n  PERSONAL_DATA_KEY: {NOT_SET}")
        return KeyRing(self.personal_data_key, self.personal_data_keys_former)


class ServiceSettings(BrokerSettings):
    """What a service's process needs beside its database."""

    http_host: Annotated[str, Field(description="Where the process answers 监听地址.")] = "127.0.0.1"
    http_port: Annotated[Port, Field(description="On which port 监听端口.")] = 8080
    dead_letter_key: Annotated[
        Key,
        Field(description="Base64 of 32 bytes; seals dead letters. Keep it: without it they can't be opened 死信密钥."),
    ]
    instance_id: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9._-]{1,60}$",
            description="Names a replica in its consumer groups, where it is a static member 副本编号.",
        ),
    ] = "0"
    batch_size: Annotated[int, Field(ge=1, le=5000, description="Records a batch at the most 每批记录数.")] = 500


class CommandSettings(ServiceSettings, KeySettings):
    """What a service needs that takes commands: whose tokens it trusts."""

    environment: Annotated[
        Literal["development", "production"],
        Field(
            validation_alias="LIANHE_ENVIRONMENT",
            description="`development` or `production`; production refuses the development issuer and its key "
            "运行环境.",
        ),
    ] = "production"
    auth_issuer: Annotated[
        str | None,
        Field(description="The `iss` of tokens, exactly; required where commands are taken 令牌签发方."),
    ] = None
    auth_jwks: Annotated[
        str | None,
        Field(description="The issuer's keys: an `https://` address, or a file; goes with AUTH_ISSUER 签发方公钥."),
    ] = None
    evidence_max_bytes: Annotated[
        int, Field(ge=1, le=2**30, description="Bytes of an evidence file at the most 佐证材料大小上限.")
    ] = 10 * 2**20

    @model_validator(mode="after")
    def _fit_each_other(self) -> Self:
        if (self.auth_issuer is None) != (self.auth_jwks is None):
            there, missing = ("AUTH_ISSUER", "AUTH_JWKS") if self.auth_jwks is None else ("AUTH_JWKS", "AUTH_ISSUER")
            raise ValueError(f"{missing}: goes with {there}, which is set; set both 须与 {there} 同时设置")
        if self.personal_data_key is not None and self.personal_data_key in self.personal_data_keys_former:
            raise ValueError(
                "PERSONAL_DATA_KEYS_FORMER: holds PERSONAL_DATA_KEY itself; take it out 旧密钥中包含当前密钥，请移除"
            )
        if self.environment == "production" and self.auth_issuer == DEVELOPMENT_ISSUER:
            raise ValueError(
                f"AUTH_ISSUER: {DEVELOPMENT_ISSUER} is refused in production; set your OIDC issuer and AUTH_JWKS "
                "生产环境不接受开发签发方，请设置 OIDC 签发方"
            )
        if self.auth_jwks and self.auth_jwks.startswith("http://") and self.environment == "production":
            raise ValueError("AUTH_JWKS: keys fetched without TLS can be forged; use https:// 公钥地址须为 https://")
        return self

    def issuer(self) -> tuple[str, str]:
        """Return the issuer and where its keys are.

        Raises:
            SettingsError: one of them is not set; only a process that takes commands needs them.
        """
        missing = [name for name in ("AUTH_ISSUER", "AUTH_JWKS") if getattr(self, name.lower()) is None]
        if self.auth_issuer is None or self.auth_jwks is None:
            lines = [f"  {name}: {NOT_SET}" for name in missing]
            raise SettingsError("\n".join([f"{len(missing)} setting(s) can't be used 配置有误:", *lines]))
        return self.auth_issuer, self.auth_jwks


AnySettings = TypeVar("AnySettings", bound=Settings)


def load(settings: type[AnySettings], known: Collection[str] = ()) -> AnySettings:
    """Read the settings from the environment, or from the files that `<NAME>_FILE` names there.

    Args:
        settings: which.
        known: every setting that there is; where given, one that seems to be of ours and isn't among them is refused.

    Raises:
        SettingsError: with every problem found, a line each.
    """
    given: dict[str, str] = {}
    problems = unknown(os.environ, known) if known else {}
    for field, information in settings.model_fields.items():
        name = information.validation_alias if isinstance(information.validation_alias, str) else field.upper()
        try:
            if (value := _from_file(name, os.environ)) is not None:
                given[name if information.validation_alias else field] = value
        except SettingsError as error:
            problems[name] = str(error)
    lines = list(problems.values())
    try:
        found = settings.model_validate(given)
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = ".".join(str(part) for part in problem["loc"]).upper()
            if name in problems:
                continue
            if problem["type"] == "missing":
                lines.append(f"{name}: {NOT_SET}")
            elif name:
                lines.append(f"{name}: {problem['msg']} 值无效，请更正该环境变量")
            else:  # several that don't fit each other: the message names them
                lines.append(problem["msg"].removeprefix("Value error, "))
        raise _told(lines) from None
    if lines:
        raise _told(lines)
    return found


def unknown(environ: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Return what is wrong with each variable that seems to be a setting of ours and is none: a misspelt one.

    It seems so where it begins as only ours do, or is all but the same as one of ours.
    """
    found: dict[str, str] = {}
    for name in sorted(environ):
        if name in known or name.removesuffix(FROM_FILE) in known:
            continue
        alike = get_close_matches(name.removesuffix(FROM_FILE), known, 1, ALIKE)
        if alike or name.startswith(OURS):
            meant = get_close_matches(name, known, 1, ALIKE / 2)
            hint = f"; is {meant[0]} meant? 是否应为 {meant[0]}？" if meant else " "
            found[name] = f"{name}: there is no such setting{hint}没有该配置项，请更正或移除"
    return found


def setting(name: str) -> str | None:
    """Return one setting, from the environment or from the file that `<NAME>_FILE` names; None where it isn't set.

    Raises:
        SettingsError: it is set twice, or the file can't be read.
    """
    try:
        return _from_file(name, os.environ) or os.environ.get(name) or None
    except SettingsError as error:
        raise _told([str(error)]) from None


def _from_file(name: str, environ: Mapping[str, str]) -> str | None:
    variable = name + FROM_FILE
    path = environ.get(variable)
    if not path:
        return None
    if environ.get(name):
        raise SettingsError(f"{variable}: {name} is set too; set one of the two 与 {name} 同时设置，请只保留其一")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no UTF-8 text 不是 UTF-8 文本"
        raise SettingsError(
            f"{variable}: {path} can't be read: {why}; name a file that this process may read "
            "无法读取该文件，请指定本进程可读的文件"
        ) from None


def _told(lines: list[str]) -> SettingsError:
    return SettingsError("\n  ".join([f"{len(lines)} setting(s) can't be used 配置有误:", *lines]))
