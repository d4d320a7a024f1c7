"""`lianhe settings`: what can be set, by which variable, and who reads it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

import orjson
import typer
from pydantic_core import PydanticUndefined
from rich.console import Console
from rich.table import Table

from gateway.settings import GatewaySettings
from kit.settings import FROM_FILE, CommandSettings, Settings
from services.assessment.settings import AssessmentSettings
from services.ledgers.settings import LedgersSettings
from services.pairing.settings import PairingSettings
from services.registration.settings import RegistrationSettings

PROCESSES: Final[tuple[type[CommandSettings], ...]] = (
    RegistrationSettings,
    LedgersSettings,
    AssessmentSettings,
    PairingSettings,
    GatewaySettings,
)
ALL: Final = "all"
LIANHE: Final = "lianhe"
"""The command line itself reads it."""


class Form(StrEnum):
    """How the settings are printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Described:
    """A setting: its variable, what it means, what holds without it, and who reads it."""

    name: str
    meaning: str
    default: str
    readers: tuple[str, ...]


OTHERS: Final = (
    Described("LIANHE_DATA", "Where `lianhe up` keeps data, logs and passwords 数据目录.", ".lianhe", (LIANHE,)),
    Described("LIANHE_CACHE", "Where downloaded jars are kept 下载缓存目录.", "the user's cache", (LIANHE,)),
    Described("LIANHE_MAVEN_REPOSITORY", "Where jars are downloaded from 软件仓库地址.", "Maven's own", (LIANHE,)),
    Described("LIANHE_MIN_FREE_MB", "So much disk must be free to start 最小可用磁盘空间.", "1024", (LIANHE,)),
    Described(
        "LIANHE_POSTGRES_ACCOUNT",
        "Account under which root runs PostgreSQL 数据库运行账户.",
        "postgres, else nobody",
        (LIANHE,),
    ),
    Described("LIANHE_SET_UP_STARTED", "When `make demo` began, in seconds since 1970.", "none", (LIANHE,)),
    Described("LIANHE_TOKEN", "The token that examples and commands send 令牌.", "none", (LIANHE,)),
    Described("LIANHE_TRACES", "`1`: as `lianhe up --traces` 启用链路查看.", "none", (LIANHE,)),
    Described("GATEWAY_URL", "Where `lianhe demo --running` finds the graph 网关地址.", "none", (LIANHE,)),
    Described(
        "POSTGRES_ADMIN_URL", "A superuser's address of a server that is there 管理员数据库地址.", "none", (LIANHE,)
    ),
    Described(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "Where spans are sent, and every other `OTEL_…` of the SDK 链路数据.",
        "none",
        (ALL,),
    ),
    Described(
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
        "The same for Zipkin, `http://host:9411/api/v2/spans` 发往 Zipkin 的链路数据.",
        "none",
        (ALL,),
    ),
)


def described() -> list[Described]:
    """Return every setting, in order of name."""
    readers: dict[str, list[str]] = {}
    fields: dict[str, tuple[str, str]] = {}
    for process in PROCESSES:
        for name, meaning, default in _fields(process):
            readers.setdefault(name, []).append(process.service)
            fields[name] = (meaning, default)
    everyone = len(PROCESSES)
    own = [
        Described(name, *fields[name], (ALL,) if len(who) == everyone else tuple(who)) for name, who in readers.items()
    ]
    return sorted([*own, *OTHERS], key=lambda one: one.name)


def settings(
    *, form: Annotated[Form, typer.Option(help="A table, Markdown, or a JSON object a line 输出格式.")] = Form.TABLE
) -> None:
    """List the settings: variable, meaning, default, who reads it. 列出全部配置项。

    Each can be given as NAME, or as NAME_FILE with the path of a file that holds it.

    Example 示例: lianhe settings --form json
    """
    found = described()
    if form is Form.MARKDOWN:
        print(markdown(found), end="")
    elif form is Form.JSON:
        for one in found:
            print(orjson.dumps(one).decode())
    else:
        table = Table("variable 变量", "meaning 含义", "default 默认值", "read by 读取者")
        for one in found:
            table.add_row(one.name, one.meaning, one.default, ", ".join(one.readers))
        Console(highlight=False, markup=False).print(table)


def markdown(found: Iterable[Described]) -> str:
    """Return the page of the settings."""
    rows = [f"| `{one.name}` | {one.meaning.rstrip('.')} | {one.default} | {', '.join(one.readers)} |" for one in found]
    return "\n".join(
        [
            "# Settings 配置",
            "",
            "Made by `lianhe settings --form markdown`. Read from the environment when a process starts; all problems",
            "are told at once, and a process with one does not start. Each can be given by a file as well, as secrets",
            f"are mounted: `<NAME>{FROM_FILE}` holds its path. A variable that begins as only ours do, or is all but",
            "the same as one of ours, and is none of these, is taken for a misspelt one and refused.",
            "",
            "| variable 变量 | meaning 含义 | default 默认值 | read by 读取者 |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _fields(process: type[Settings]) -> Iterator[tuple[str, str, str]]:
    for field, information in process.model_fields.items():
        alias = information.validation_alias
        default = information.default
        if default is PydanticUndefined:
            shown = "required 必填"
        else:
            shown = "none" if default in {None, "", ()} else str(default)
        yield alias if isinstance(alias, str) else field.upper(), information.description or "", shown
