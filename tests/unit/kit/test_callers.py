"""Who asks: a token is taken at its issuer's word and nobody else's."""

import time
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from contracts.vocabulary import UNASSIGNED_DIVISION, Bureau, CallerRole
from kit import callers
from kit.callers import Caller, Keys, Verifier
from kit.problems import Problem
from kit.settings import DEVELOPMENT_ISSUER
from tests.tokens import ISSUER, Issuer


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def verifier(issuer: Issuer, tmp_path: Path) -> Verifier:
    return Verifier.of(ISSUER, str(issuer.publish(tmp_path)))


async def refusal(verifier: Verifier, headers: dict[str, str]) -> str:
    with pytest.raises(Problem) as caught:
        await verifier.caller(headers)
    return f"{caught.value.kind.name}: {caught.value.detail}"


async def asked(verifier: Verifier, token: str) -> str:
    return await refusal(verifier, {"authorization": f"Bearer {token}"})


async def test_a_good_token_names_its_bearer(issuer: Issuer, verifier: Verifier) -> None:
    token = issuer.token("STATION", "500111101000", bureau="MARKET_REGULATION", email="somebody@example.test")
    assert await verifier.caller({"authorization": f"bearer {token}"}) == Caller(
        subject="clerk-17",
        role=CallerRole.STATION,
        division_code="500111101000",
        bureau=Bureau.MARKET_REGULATION,
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exp": int(time.time()) - 60}, "expired"),
        ({"exp": None}, "exp"),
        ({"iss": "https://somebody.test"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "another-platform"}, "aud"),
        ({"aud": None}, "aud"),
        ({"nbf": int(time.time()) + 600}, "not yet valid"),
        ({"sub": None}, "sub"),
        ({"role": "EMPEROR"}, "role"),
        ({"division": "500111"}, "division"),
        ({"division": "000000000000"}, "division"),
        ({"bureau": "NONE"}, "bureau"),
    ],
)
async def test_a_claim_that_does_not_hold_is_named(
    issuer: Issuer, verifier: Verifier, changed: dict[str, object], reason: str
) -> None:
    answer = await asked(verifier, issuer.token(**({"role": "DISTRICT"} | changed)))  # type: ignore[arg-type]
    assert answer.startswith("unauthenticated: ")
    assert reason in answer


async def test_what_is_no_token_is_refused(verifier: Verifier) -> None:
    for headers in ({}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer "}, {"authorization": "Bearer a.b"}):
        assert (await refusal(verifier, headers)).startswith("unauthenticated: ")


async def test_a_token_of_another_key_is_refused(verifier: Verifier) -> None:
    assert "signature" in await asked(verifier, Issuer().token())


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(issuer: Issuer, verifier: Verifier) -> None:
    secret = OctKey.import_key(issuer.jwks())
    forged = jwt.encode(
        {"alg": "HS256", "kid": "first"}, {"iss": ISSUER, "aud": "lianhe"}, secret, algorithms=["HS256"]
    )
    assert (await asked(verifier, forged)).startswith("unauthenticated: ")


async def test_a_development_key_is_refused_by_any_other_issuer(tmp_path: Path) -> None:
    development = Issuer(DEVELOPMENT_ISSUER, ISSUER)
    verifier = Verifier.of(ISSUER, str(development.publish(tmp_path)))
    assert "a development key signed it" in await asked(verifier, development.token())


class Published:
    """An issuer's address: its keys, or an error."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer: Issuer | None = issuer
        self.asked = 0

    def __call__(self, _request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return httpx.Response(503) if self.issuer is None else httpx.Response(200, content=self.issuer.jwks())

    def verifier(self) -> Verifier:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return Verifier(ISSUER, Keys("https://issuer.test/jwks", client))


async def test_a_new_key_of_the_issuer_is_fetched_once_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Issuer("first"), Issuer("second")
    published = Published(first)
    verifier = published.verifier()
    for _ in range(3):
        await verifier.caller({"authorization": f"Bearer {first.token()}"})
    assert published.asked == 1
    published.issuer = second
    assert (await asked(verifier, second.token())).startswith("unauthenticated: "), "not at every unknown key"
    assert published.asked == 1
    monkeypatch.setattr(callers, "RETRY_SECONDS", -1)
    await verifier.caller({"authorization": f"Bearer {second.token()}"})
    assert published.asked == 2


async def test_an_issuer_that_is_away_locks_nobody_out_whose_key_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer()
    published = Published(issuer)
    verifier = published.verifier()
    await verifier.caller({"authorization": f"Bearer {issuer.token()}"})
    published.issuer = None
    monkeypatch.setattr(callers, "KEYS_SECONDS", -1)
    await verifier.caller({"authorization": f"Bearer {issuer.token()}"})
    assert published.asked == 2


async def test_without_any_key_it_says_so() -> None:
    published = Published(Issuer())
    published.issuer = None
    verifier = published.verifier()
    for _ in range(3):
        assert (await asked(verifier, Issuer().token())).startswith("unavailable: ")
    assert published.asked == 1, "those behind the first don't wait for it again"


def caller(division: str) -> Caller:
    return Caller(subject="a", role=CallerRole.TOWNSHIP, division_code=division)


@given(st.from_regex(r"[1-9][0-9]{5}", fullmatch=True), st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_a_county_speaks_for_all_under_it_and_a_township_for_its_own(county: str, rest: str) -> None:
    assert caller(f"{county}000000").speaks_for(county + rest) or not county[4:].strip("0")
    assert caller("500111101000").speaks_for("500111101007")
    assert not caller("500111101000").speaks_for("500111102000")
    assert not caller("500111101000").speaks_for("500111000000")


def test_unassigned_rows_are_the_district_s() -> None:
    assert caller("500111000000").speaks_for(UNASSIGNED_DIVISION)
    assert not caller("500111101000").speaks_for(UNASSIGNED_DIVISION)
