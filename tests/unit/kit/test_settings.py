"""Settings: every problem at once, in both languages, and never a secret in a message."""

import base64
from typing import ClassVar

import pytest
from pydantic import Field

from kit.settings import DEVELOPMENT_ISSUER, CommandSettings, PostgresUrl, ServiceSettings, SettingsError, load

KEY = base64.b64encode(bytes(range(32))).decode()
GOOD = {
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092, broker-2:9093",
    "DATABASE_URL_TALLY": "postgresql://tally:s3cret@127.0.0.1:5432/tally",
    "DEAD_LETTER_KEY": KEY,
}


class TallySettings(ServiceSettings):
    service: ClassVar[str] = "tally"
    database_url: PostgresUrl = Field(validation_alias="DATABASE_URL_TALLY")


def _environment(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_good_settings_are_read_with_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    _environment(monkeypatch, GOOD)
    settings = load(TallySettings)
    assert settings.kafka_bootstrap_servers == "127.0.0.1:9092,broker-2:9093"
    assert settings.database_url == "postgresql://tally:s3cret@127.0.0.1:5432/tally"
    assert settings.dead_letter_key.get_secret_value() == KEY
    assert (settings.batch_size, settings.instance_id, settings.kafka_topic_prefix) == (500, "0", "")


def test_all_problems_are_told_at_once_in_english_and_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    _environment(monkeypatch, {"HTTP_PORT": "70000", "BATCH_SIZE": "none", "LOG_LEVEL": "LOUD"})
    with pytest.raises(SettingsError) as refused:
        load(TallySettings)
    lines = str(refused.value).split("\n")
    assert lines[0] == "6 setting(s) can't be used 配置有误:"
    told = {line.split(":", 1)[0].strip(): line for line in lines[1:]}
    assert set(told) == {
        "LOG_LEVEL",
        "KAFKA_BOOTSTRAP_SERVERS",
        "HTTP_PORT",
        "DEAD_LETTER_KEY",
        "BATCH_SIZE",
        "DATABASE_URL_TALLY",
    }
    for missing in ("KAFKA_BOOTSTRAP_SERVERS", "DEAD_LETTER_KEY", "DATABASE_URL_TALLY"):
        assert told[missing].endswith(": is not set; set this environment variable 未设置，请设置该环境变量")
    for wrong in ("HTTP_PORT", "BATCH_SIZE", "LOG_LEVEL"):
        assert told[wrong].endswith("值无效，请更正该环境变量")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("not base64 at all: hunter2", "expected base64 of 32 bytes; make one: python -c"),
        ("密钥", "expected base64 of 32 bytes; make one: python -c"),
        (base64.b64encode(b"hunter2").decode(), "expected base64 of 32 bytes, got 7 bytes; make one: python -c"),
        ("", "expected base64 of 32 bytes, got 0 bytes; make one: python -c"),
    ],
)
def test_a_key_that_is_none_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, value: str, reason: str
) -> None:
    _environment(monkeypatch, {**GOOD, "DEAD_LETTER_KEY": value})
    with pytest.raises(SettingsError) as refused:
        load(TallySettings)
    assert f"DEAD_LETTER_KEY: Value error, {reason}" in str(refused.value)
    assert not value or value not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__, "a traceback would show the value"


def test_a_database_address_is_refused_without_showing_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    _environment(monkeypatch, {**GOOD, "DATABASE_URL_TALLY": "mysql://tally:hunter2@db/tally"})
    with pytest.raises(SettingsError) as refused:
        load(TallySettings)
    assert "DATABASE_URL_TALLY: Value error, expected postgresql://user:password@host:port/database" in str(
        refused.value
    )
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("value", ["broker", "broker:", ":9092", "broker:0", "broker:65536", "broker:x", "a:1,,b:2"])
def test_an_address_of_the_broker_has_host_and_port(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    _environment(monkeypatch, {**GOOD, "KAFKA_BOOTSTRAP_SERVERS": value})
    with pytest.raises(SettingsError, match=r"expected host:port\[,host:port…\]"):
        load(TallySettings)


@pytest.mark.parametrize("value", ["t1", "T1-", "t1_-", "t 1-", "-"])
def test_a_topic_prefix_ends_with_a_dash_and_is_a_topic_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    _environment(monkeypatch, {**GOOD, "KAFKA_TOPIC_PREFIX": value})
    with pytest.raises(SettingsError, match="KAFKA_TOPIC_PREFIX"):
        load(TallySettings)


class DeskSettings(CommandSettings):
    service: ClassVar[str] = "tally"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"AUTH_ISSUER": DEVELOPMENT_ISSUER}, "  AUTH_ISSUER: lianhe-development is refused in production"),
        ({"AUTH_JWKS": "http://issuer.test/keys"}, "  AUTH_JWKS: keys fetched without TLS can be forged"),
        ({"LIANHE_ENVIRONMENT": "playground"}, "  LIANHE_ENVIRONMENT: Input should be 'development' or 'production'"),
    ],
)
def test_what_is_meant_for_development_is_refused_in_production(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], told: str
) -> None:
    _environment(monkeypatch, GOOD | {"AUTH_ISSUER": "https://issuer.test", "AUTH_JWKS": "/keys.json"} | changed)
    with pytest.raises(SettingsError) as refused:
        load(DeskSettings)
    [_, line] = str(refused.value).split("\n")
    assert line.startswith(told)


def test_development_takes_its_own_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {
        "LIANHE_ENVIRONMENT": "development",
        "AUTH_ISSUER": DEVELOPMENT_ISSUER,
        "AUTH_JWKS": "http://127.0.0.1:1/keys",
    }
    _environment(monkeypatch, GOOD | own)
    assert load(DeskSettings).issuer() == (DEVELOPMENT_ISSUER, "http://127.0.0.1:1/keys")


def test_a_process_that_takes_commands_needs_an_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    _environment(monkeypatch, GOOD)
    settings = load(DeskSettings)
    with pytest.raises(SettingsError, match="AUTH_ISSUER: is not set") as refused:
        settings.issuer()
    assert "AUTH_JWKS: is not set" in str(refused.value)
