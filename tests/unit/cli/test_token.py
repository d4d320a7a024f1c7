"""`lianhe token`: signed by the key of this machine, refused where there is none."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import command_line
from contracts.vocabulary import Bureau, CallerRole
from embedded import development_key
from kit.callers import Caller, Verifier
from kit.settings import DEVELOPMENT_ISSUER

ARGUMENTS = ["token", "--role", "station", "--division", "500111101", "--bureau", "market_regulation"]


@pytest.fixture
def jwks(tmp_path: Path) -> Path:
    return development_key.make(tmp_path)


def run(directory: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(command_line("token"), [*arguments, "--data-dir", str(directory)])
    return result.exit_code, result.stdout, result.stderr


async def test_a_token_is_taken_by_a_service_that_trusts_this_machine(tmp_path: Path, jwks: Path) -> None:
    status, out, _ = run(tmp_path, *ARGUMENTS, "--subject", "clerk-17")
    verifier = Verifier.of(development_key.ISSUER, str(jwks))
    assert status == 0
    assert await verifier.caller({"authorization": f"Bearer {out.strip()}"}) == Caller(
        subject="clerk-17",
        role=CallerRole.STATION,
        division_code="500111101000",
        bureau=Bureau.MARKET_REGULATION,
    )


def test_as_json_it_says_when_it_ends(tmp_path: Path, jwks: Path) -> None:
    assert jwks.stat().st_mode & 0o077 == 0
    status, out, _ = run(tmp_path, *ARGUMENTS, "--json")
    assert status == 0
    assert set(json.loads(out)) == {"token", "expiresAt"}


def test_the_key_stays_the_same(tmp_path: Path, jwks: Path) -> None:
    before = jwks.read_bytes()
    assert development_key.make(tmp_path).read_bytes() == before
    assert b'"d"' not in before, "only the public part is published"


def test_without_a_key_it_says_what_to_do(tmp_path: Path) -> None:
    status, out, error = run(tmp_path, *ARGUMENTS)
    assert (status, out) == (1, "")
    assert "lianhe up" in error
    assert "密钥" in error


def test_a_broken_key_is_told(tmp_path: Path, jwks: Path) -> None:
    (jwks.parent / "development-key.json").write_text("{}", encoding="utf-8")
    status, _, error = run(tmp_path, *ARGUMENTS)
    assert status == 1
    assert "holds no key" in error


@pytest.mark.parametrize("division", ["5001", "500111101abc", "", "000000"])
def test_a_division_is_6_9_or_12_digits(tmp_path: Path, jwks: Path, division: str) -> None:
    assert jwks.exists()
    status, _, error = run(tmp_path, "token", "--role", "reader", "--division", division)
    assert status == 2
    assert "6、9或12位数字" in error


def test_both_sides_call_the_issuer_the_same() -> None:
    assert development_key.ISSUER == DEVELOPMENT_ISSUER
