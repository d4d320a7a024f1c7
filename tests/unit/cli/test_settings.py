"""The list of settings is the code's own, and a misspelt one is refused."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import command_line
from cli.settings import described, markdown
from cli.settings_known import KNOWN
from kit.settings import unknown

ROOT = Path(__file__).parent.parent.parent.parent


def test_what_processes_know_is_what_there_is() -> None:
    assert frozenset(one.name for one in described()) == KNOWN


def test_the_page_is_that_of_the_code() -> None:
    written = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == markdown(described()), "lianhe settings --form markdown > docs/settings.md"


def test_every_setting_says_what_it_means_in_both_languages() -> None:
    unsaid = [one.name for one in described() if not re.search(r"[a-z]{2}.*[\u4e00-\u9fff]", one.meaning)]
    assert unsaid == ["LIANHE_SET_UP_STARTED"], "it is `make`'s own"


def test_the_command_line_lists_them() -> None:
    table = CliRunner().invoke(command_line("settings"), ["settings", "--form", "json"])
    assert table.exit_code == 0
    assert [line[:24] for line in table.stdout.splitlines()[:1]] == ['{"name":"ASSESSMENT_URL"']


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABASE_URL_LEDGER", "DATABASE_URL_LEDGERS"),
        ("KAFKA_BOOTSTRAP_SERVER", "KAFKA_BOOTSTRAP_SERVERS"),
        ("AUTH_ISUER", "AUTH_ISSUER"),
        ("TRACE_SAMPLE_RATE", "TRACE_SAMPLE_RATIO"),
        ("PERSONAL_DATA_KEY_FILES", "PERSONAL_DATA_KEY"),
        ("LIANHE_ENVIROMENT", "LIANHE_ENVIRONMENT"),
    ],
)
def test_a_misspelt_setting_is_told_with_the_one_that_is_meant(name: str, meant: str) -> None:
    [said] = unknown([name], KNOWN).values()
    assert said == f"{name}: there is no such setting; is {meant} meant? 是否应为 {meant}？没有该配置项，请更正或移除"


@pytest.mark.parametrize(
    "name",
    [
        *("PATH", "HTTP_PROXY", "NO_PROXY", "KAFKA_HEAP_OPTS", "KAFKA_SERVICE_HOST", "INSTANCE_IP", "AUTH_SOCK"),
        *("DEAD_LETTER_KEY_FILE", "DATABASE_URL_LEDGERS_FILE", "OTEL_SERVICE_NAME", "REGISTRATION_RELAY_URL"),
    ],
)
def test_what_others_set_is_none_of_our_business(name: str) -> None:
    assert unknown([name], KNOWN) == {}


def test_a_process_tells_it_with_its_other_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_LEDGER", "postgresql://a@b/c")
    monkeypatch.delenv("DATABASE_URL_LEDGERS", raising=False)
    monkeypatch.setenv("AUTH_ISSUER", "https://login.example")
    refused = CliRunner().invoke(command_line("serve"), ["serve", "ledgers"])
    assert refused.exit_code == 1
    for said in ("DATABASE_URL_LEDGER: there is no such setting", "DATABASE_URL_LEDGERS: is not set"):
        assert said in refused.stderr.replace("\n", " ")


def test_half_of_an_issuer_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    given = {
        "DATABASE_URL_LEDGERS": "postgresql://a@b/c",
        "KAFKA_BOOTSTRAP_SERVERS": "b:1",
        "DEAD_LETTER_KEY": key,
        "PERSONAL_DATA_KEY": key,
        "AUTH_ISSUER": "https://login.example",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    refused = CliRunner().invoke(command_line("serve"), ["serve", "ledgers"])
    assert refused.exit_code == 1
    assert "AUTH_JWKS: goes with AUTH_ISSUER, which is set; set both 须与 AUTH_ISSUER 同时设置" in refused.stderr
