"""`lianhe token`: a token of the development issuer, for whoever tries commands on this machine."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from joserfc import jwt

from cli.errors import told
from cli.up import DEFAULT_DIRECTORY, DataDirectory
from contracts.vocabulary import Bureau, CallerRole
from embedded.development_key import ISSUER, load
from embedded.errors import EmbeddedError
from kit.callers import AUDIENCE

_DIVISION_DIGITS: Final = (6, 9, 12)


def _division(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) in _DIVISION_DIGITS and value.strip("0")):
        raise typer.BadParameter("expected 6, 9 or 12 digits of a division 应为6、9或12位数字的行政区划代码")
    return value.ljust(12, "0")


def token(
    *,
    role: Annotated[CallerRole, typer.Option(help="What the bearer acts as 角色.", case_sensitive=False)],
    division: Annotated[str, typer.Option(callback=_division, help="Code of 6, 9 or 12 digits 行政区划代码.")],
    bureau: Annotated[Bureau | None, typer.Option(help="The line it belongs to 条线.", case_sensitive=False)] = None,
    subject: Annotated[str, typer.Option(help="Id of the person or system 用户标识.")] = "developer",
    hours: Annotated[float, typer.Option(min=0.01, max=720, help="How long it holds 有效小时数.")] = 8,
    as_json: Annotated[bool, typer.Option("--json", help="Print token and end as one line of JSON.")] = False,
    data_dir: DataDirectory = DEFAULT_DIRECTORY,
) -> None:
    """Print a token that the services on this machine accept; production refuses it. 签发开发用令牌。

    Example 示例: lianhe token --role station --division 500111101 --bureau market_regulation
    """
    with told(EmbeddedError):
        made, ends = signed(data_dir, role=role, division=division, bureau=bureau, subject=subject, hours=hours)
    print(orjson.dumps({"token": made, "expiresAt": ends}).decode() if as_json else made)


def signed(
    data_dir: Path, *, role: CallerRole, division: str, subject: str, hours: float, bureau: Bureau | None = None
) -> tuple[str, datetime]:
    """Return a token of the development issuer, and when it ends.

    Args:
        data_dir: of what was started here.
        role: what the bearer acts as.
        division: 12 digits.
        subject: id of the person or system.
        hours: how long it holds.
        bureau: the line it belongs to.

    Raises:
        EmbeddedError: nothing was started here.
    """
    key = load(data_dir.expanduser().absolute())
    now = datetime.now(UTC)
    ends = now + timedelta(hours=hours)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "iat": int(now.timestamp()),
        "exp": int(ends.timestamp()),
        "role": role.value,
        "division": division,
        **({"bureau": bureau.value} if bureau else {}),
    }
    return jwt.encode({"alg": "ES256", "kid": ISSUER}, claims, key), ends
