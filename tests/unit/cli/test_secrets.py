"""`lianhe secrets`: a file for each password and key, made once, read by whom it is for."""

import base64
import json
import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from cli.main import command_line
from embedded.development_key import load
from kit.settings import setting

FILES = {
    *(
        f"{service}-database/{name}"
        for service in ("registration", "ledgers", "assessment", "pairing", "gateway")
        for name in ("username", "password", "url")
    ),
    *(f"{service}-keys/dead-letter-key" for service in ("registration", "ledgers", "assessment", "pairing", "gateway")),
    "registration-keys/personal-data-key",
    "ledgers-keys/personal-data-key",
    "postgres/password",
    "postgres/url",
    "grafana/password",
}


def made(directory: Path, *options: str) -> set[str]:
    ended = CliRunner().invoke(command_line("secrets"), ["secrets", str(directory), "--json", *options])
    assert ended.exit_code == 0, ended.output
    return set(json.loads(ended.stdout))


def test_each_part_has_a_directory_of_its_own_and_every_file_is_its_owners_alone(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    assert made(directory) == FILES
    assert {str(one.relative_to(directory)) for one in directory.rglob("*") if one.is_file()} == FILES
    for one in FILES:
        assert stat.S_IMODE((directory / one).stat().st_mode) == 0o400, one
    keys = [(directory / one).read_text(encoding="utf-8") for one in FILES if one.endswith("-key")]
    assert len(set(keys)) == len(keys)
    assert {len(base64.b64decode(key, validate=True)) for key in keys} == {32}
    url = urlsplit((directory / "ledgers-database" / "url").read_text(encoding="utf-8"))
    assert (url.scheme, url.hostname, url.port, url.username, url.path) == (
        "postgresql",
        "postgres",
        5432,
        "ledgers",
        "/ledgers",
    )
    assert url.password == (directory / "ledgers-database" / "password").read_text(encoding="utf-8")


def test_a_second_run_and_what_was_there_before_change_nothing(tmp_path: Path) -> None:
    own = tmp_path / "ledgers-keys" / "personal-data-key"
    own.parent.mkdir()
    own.write_text("brought along", encoding="utf-8")
    made(tmp_path, "--development")
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    assert before[own] == b"brought along"
    made(tmp_path, "--development")
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


def test_a_development_issuer_is_made_only_where_it_is_asked_for(tmp_path: Path) -> None:
    more = made(tmp_path, "--development") - FILES
    assert more == {
        "issuer/jwks.json",
        "development/secrets/development-jwks.json",
        "development/secrets/development-key.json",
    }
    public = json.loads((tmp_path / "issuer" / "jwks.json").read_text(encoding="utf-8"))["keys"]
    assert public == [load(tmp_path / "development").as_dict(private=False)]
    assert "d" not in public[0]


def test_the_host_of_the_database_can_be_said_and_secrets_are_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["secrets", str(tmp_path), "--database-host", "postgres-rw:5432"]
    ended = CliRunner().invoke(command_line("secrets"), options)
    assert ended.exit_code == 0
    url = (tmp_path / "gateway-database" / "url").read_text(encoding="utf-8")
    assert urlsplit(url).netloc.rpartition("@")[2] == "postgres-rw:5432"
    for one in FILES:
        if not one.endswith("username"):
            assert (tmp_path / one).read_text(encoding="utf-8") not in ended.output, one
    assert "keep a copy of them elsewhere 请另行妥善备份" in ended.output
    monkeypatch.setenv("DATABASE_URL_GATEWAY_FILE", str(tmp_path / "gateway-database" / "url"))
    assert setting("DATABASE_URL_GATEWAY") == url


@pytest.mark.skipif(os.geteuid() != 0, reason="giving a file to another takes root")
def test_the_files_are_given_to_whom_they_are_for(tmp_path: Path) -> None:
    made(tmp_path, "--owner", "10001")
    assert {(tmp_path / one).stat().st_uid for one in FILES} == {10001}
    made(tmp_path, "--owner", "10001")
