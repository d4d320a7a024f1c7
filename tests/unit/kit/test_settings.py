"""Settings: every problem at once, in both languages, and never a secret in a message."""

import base64
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import Field

from kit.settings import (
    DEVELOPMENT_ISSUER,
    CommandSettings,
    PostgresUrl,
    ServiceSettings,
    SettingsError,
    load,
    setting,
)

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


def test_a_setting_is_read_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    url, key = tmp_path / "database-url", tmp_path / "dead-letter-key"
    url.write_text(GOOD["DATABASE_URL_TALLY"] + "\n", encoding="utf-8")
    key.write_text(KEY + "\n", encoding="utf-8")
    _environment(
        monkeypatch,
        {
            "KAFKA_BOOTSTRAP_SERVERS": "broker:9092",
            "DATABASE_URL_TALLY_FILE": str(url),
            "DEAD_LETTER_KEY_FILE": str(key),
        },
    )
    settings = load(TallySettings)
    assert settings.database_url == GOOD["DATABASE_URL_TALLY"]
    assert settings.dead_letter_key.get_secret_value() == KEY
    assert setting("DATABASE_URL_TALLY") == GOOD["DATABASE_URL_TALLY"]


def test_what_a_file_holds_is_checked_and_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("mysql://tally:hunter2@db/tally", encoding="utf-8")
    rest = {name: value for name, value in GOOD.items() if name != "DATABASE_URL_TALLY"}
    _environment(monkeypatch, rest | {"DATABASE_URL_TALLY_FILE": str(tmp_path / "url")})
    with pytest.raises(SettingsError, match="DATABASE_URL_TALLY: Value error, expected postgresql://") as refused:
        load(TallySettings)
    assert "hunter2" not in str(refused.value)


def test_a_file_that_is_missing_or_set_beside_the_value_is_told_with_the_other_problems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = str(tmp_path / "gone")
    _environment(monkeypatch, {**GOOD, "DEAD_LETTER_KEY_FILE": gone, "BATCH_SIZE": "none"})
    monkeypatch.delenv("DATABASE_URL_TALLY")
    monkeypatch.setenv("DATABASE_URL_TALLY_FILE", gone)
    with pytest.raises(SettingsError) as refused:
        load(TallySettings)
    lines = str(refused.value).split("\n  ")
    assert lines[0] == "3 setting(s) can't be used 配置有误:"
    assert (
        "DEAD_LETTER_KEY_FILE: DEAD_LETTER_KEY is set too; set one of the two 与 DEAD_LETTER_KEY 同时设置，请只保留其一"
        in lines
    )
    assert (
        f"DATABASE_URL_TALLY_FILE: {gone} can't be read: No such file or directory; name a file that this process may "
        "read 无法读取该文件，请指定本进程可读的文件" in lines
    )
    assert any(line.startswith("BATCH_SIZE: ") for line in lines)
    with pytest.raises(SettingsError, match=r"^1 setting\(s\) can't be used 配置有误:\n  DATABASE_URL_TALLY_FILE: "):
        setting("DATABASE_URL_TALLY")


def test_certificates_for_the_broker_are_three_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _environment(monkeypatch, {**GOOD, "KAFKA_TLS_DIRECTORY": str(tmp_path)})
    (tmp_path / "ca.crt").touch()
    with pytest.raises(SettingsError, match=r"KAFKA_TLS_DIRECTORY: .* it lacks user\.crt, user\.key"):
        load(TallySettings)
    (tmp_path / "user.crt").touch()
    (tmp_path / "user.key").touch()
    found = load(TallySettings).kafka_tls
    assert found is not None
    assert found.directory == tmp_path
