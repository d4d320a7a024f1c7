"""Who asks: the caller that a JWT names, and for which divisions it may speak."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Annotated, Final, Self

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from contracts.vocabulary import UNASSIGNED_DIVISION, Bureau, CallerRole, divisions_under
from kit.problems import UNAUTHENTICATED, UNAVAILABLE, Problem
from kit.settings import DEVELOPMENT_ISSUER

AUDIENCE: Final = "lianhe"
ALGORITHMS: Final = ("ES256", "RS256", "PS256")
LEEWAY_SECONDS: Final = 30
KEYS_SECONDS: Final = 600
RETRY_SECONDS: Final = 10
_COUNTY_DIGITS: Final = 6


def _somewhere(code: str) -> str:
    if code == UNASSIGNED_DIVISION:
        raise ValueError("unassigned is no division that anybody speaks for")
    return code


Division = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$"), AfterValidator(_somewhere)]


class Caller(BaseModel):
    """Who asks. Claims of a token: `sub`, `role`, `division` and `bureau`.

    Attributes:
        subject: id of the person or system at its issuer.
        role: what it acts as.
        division_code: it speaks for this division and everything under it.
        bureau: the line it belongs to, where it belongs to one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    subject: Annotated[str, StringConstraints(min_length=1, max_length=200), Field(alias="sub")]
    role: CallerRole
    division_code: Annotated[Division, Field(alias="division")]
    bureau: Bureau | None = None

    def speaks_for(self, division_code: str) -> bool:
        """Tell whether a division is the caller's own or under it. Unassigned rows are owned by the district."""
        if division_code == UNASSIGNED_DIVISION:
            return not self.division_code[_COUNTY_DIGITS:].strip("0")
        first, last = divisions_under(self.division_code)
        return first <= division_code <= last


class Keys:
    """The keys of an issuer, from a file or from its JWKS address.

    Args:
        place: a path, or an `https://` (on this machine also `http://`) address.
        client: how to fetch; a new client a fetch where none is given.
    """

    def __init__(self, place: str, client: httpx.AsyncClient | None = None) -> None:
        self._place = place
        self._client = client
        self._keys: KeySet | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()

    async def holding(self, key_id: str | None) -> KeySet:
        """Return the keys, fetched anew where they are old or lack the one asked for.

        Raises:
            Problem: `unavailable`, where they can't be had and none are known.
        """
        async with self._lock:
            lacks = self._keys is None or (key_id is not None and all(one.kid != key_id for one in self._keys.keys))
            # An issuer that hangs costs one request its time, not each of those behind it.
            if self._tried_at is None or monotonic() - self._tried_at > (RETRY_SECONDS if lacks else KEYS_SECONDS):
                await self._renew()
        if self._keys is None:
            raise Problem(
                UNAVAILABLE,
                "The issuer's keys can't be had at the moment. Try again.",
                "暂时无法获取身份签发方的公钥，请稍后重试。",
            )
        return self._keys

    async def _renew(self) -> None:
        self._tried_at = monotonic()
        try:
            self._keys = _KEYS.validate_json(await self._read()).key_set()
        except (OSError, httpx.HTTPError, ValidationError, JoseError):
            return  # those known so far stay: an issuer that is away must not lock everybody out

    async def _read(self) -> bytes:
        if "://" not in self._place:
            return await asyncio.to_thread(Path(self._place).read_bytes)
        if self._client is not None:
            return (await self._client.get(self._place)).raise_for_status().content
        async with httpx.AsyncClient(timeout=10) as client:
            return (await client.get(self._place)).raise_for_status().content


class _KeySet(BaseModel):
    keys: list[dict[str, str | list[str]]]

    def key_set(self) -> KeySet:
        return KeySet.import_key_set({"keys": [*self.keys]})


_KEYS: Final = TypeAdapter(_KeySet)


class Verifier:
    """Checks tokens. Each service does it by itself: it trusts no gateway.

    Args:
        issuer: who must have issued a token.
        keys: the issuer's.
    """

    def __init__(self, issuer: str, keys: Keys) -> None:
        self._issuer = issuer
        self._keys = keys

    @classmethod
    def of(cls, issuer: str, place: str) -> Self:
        """Return a verifier for an issuer whose keys are at a path or an address."""
        return cls(issuer, Keys(place))

    async def caller(self, headers: Mapping[str, str]) -> Caller:
        """Return who asks, by the header `Authorization: Bearer <JWT>`.

        Raises:
            Problem: `unauthenticated`, with what is wrong with the token, or `unavailable`.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthenticated("the header Authorization: Bearer <token> is missing", "缺少 Authorization 请求头")
        try:
            key_id = _key_id(token)
            if key_id == DEVELOPMENT_ISSUER and self._issuer != DEVELOPMENT_ISSUER:
                raise _unauthenticated("a development key signed it", "令牌由开发密钥签发")
            keys = await self._keys.holding(key_id)
            read = jwt.decode(token.strip(), keys, algorithms=ALGORITHMS)
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": AUDIENCE},
                exp={"essential": True},
            ).validate(read.claims)
            return Caller.model_validate(read.claims)
        except ValidationError as error:
            places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors(include_input=False))
            raise _unauthenticated(f"claims that can't be used: {places}", f"令牌声明无效：{places}") from None
        except (JoseError, ValueError) as error:
            reason = str(error) if isinstance(error, JoseError) else "it is no JWT"
            raise _unauthenticated(reason, f"令牌无效：{reason}") from None


def _key_id(token: str) -> str | None:
    found = extract_compact(token.strip().encode()).headers().get("kid")
    return found if isinstance(found, str) else None


def _unauthenticated(reason: str, reason_zh: str) -> Problem:
    return Problem(
        UNAUTHENTICATED,
        f"The token can't be used: {reason}. Get a new one; in development, by `lianhe token`.",
        f"{reason_zh}。请重新获取令牌；开发环境可运行 `lianhe token`。",
    )
