"""`lianhe dead-letters` without servers: help, and what it says of orders that can't be carried out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from cli.dead_letter_views import OUTCOMES, STATES, print_letters, printable
from cli.main import command_line
from kit.dead_letter_desk import Letter
from kit.dead_letters import Outcome, Place, State

LETTER = str(uuid4())


def run(arguments: Sequence[str | Path]) -> Result:
    return CliRunner().invoke(
        command_line("dead-letters"),
        ["dead-letters", *map(str, arguments)],
        env={"COLUMNS": "200", "TERM": "dumb"},
    )


@pytest.mark.parametrize("command", ["list", "show", "redrive"])
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    result = run([command, "--help"])

    assert result.exit_code == 0
    assert f"Example 示例: lianhe dead-letters {command} ledgers" in result.stdout


@pytest.mark.parametrize("command", [["list"], ["show", "ledgers", LETTER], ["redrive", "ledgers", "--all"]])
def test_without_servers_it_says_how_to_start_them(command: list[str], tmp_path: Path) -> None:
    result = run([*command, "--data-dir", tmp_path])

    assert result.exit_code == 1
    assert "lianhe up" in result.stderr
    assert "没有正在运行的服务" in result.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["show", "ledgers", LETTER, "--reveal"], "--reveal needs a --purpose"),
        (["show", "ledgers", LETTER, "--reveal", "--purpose", "  "], "--reveal needs a --purpose"),
        (["show", "ledgers", LETTER, "--reveal", "--purpose", "字" * 501], "--reveal needs a --purpose"),
        (["show", "ledgers", LETTER, "--purpose", "ticket 12"], "--purpose goes with --reveal only"),
        (["redrive", "ledgers"], "one of the three"),
        (["redrive", "ledgers", LETTER, "--all"], "one of the three"),
        (["redrive", "ledgers", "--reason", "BODY_INVALID", "--all"], "one of the three"),
    ],
)
def test_an_order_that_is_not_clear_is_refused_before_anything_is_asked(command: list[str], words: str) -> None:
    result = run(command)

    assert result.exit_code == 1
    assert words in result.stderr


@pytest.mark.parametrize(
    "command", [["list", "nobody"], ["show", "ledgers", "7"], ["redrive", "ledgers", "--reason", "BAD_LUCK"]]
)
def test_a_word_that_is_not_known_is_refused_with_the_known_ones(command: list[str]) -> None:
    assert run(command).exit_code == 2


def test_an_address_of_another_service_alone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_GATEWAY", "postgresql://nobody:secret-word@127.0.0.1:1/nothing")

    result = run(["list", "ledgers"])

    assert result.exit_code == 1
    assert "DATABASE_URL_LEDGERS" in result.stderr


def test_a_database_that_does_not_answer_is_told_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_LEDGERS", "postgresql://nobody:secret-word@127.0.0.1:1/nothing")

    result = run(["redrive", "ledgers", "--all"])

    assert result.exit_code == 1
    assert "127.0.0.1:1" in result.stderr
    assert "secret-word" not in result.output + result.stderr


def test_revealing_without_a_key_says_which_setting_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_LEDGERS", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.delenv("DEAD_LETTER_KEY", raising=False)

    result = run(["show", "ledgers", LETTER, "--reveal", "--purpose", "ticket 12"])

    assert result.exit_code == 1
    assert "DEAD_LETTER_KEY" in result.stderr


@given(st.text())
def test_nothing_a_stranger_wrote_moves_the_cursor(text: str) -> None:
    assert all(one.isprintable() or one == "\n" for one in printable(text))


def test_what_can_be_printed_stays_as_it_is() -> None:
    assert printable("五金店 [red]\n") == "五金店 [red]\n"
    assert printable("\x1b[2J\x9b") == "\\x1b[2J\\x9b"


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_list_can_be_read_on_a_terminal_of_any_width(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    place = Place("registration-entity", 3, 12345)
    letter = Letter(
        id=uuid4(),
        consumer="ledgers.entity",
        place=place,
        record_type="cn.lianhe.x.v1",
        reason="RULE_BROKEN",
        detail="a rule",
        first_reason=None,
        first_detail=None,
        state=State.FAILED_AGAIN,
        tries=1,
        recorded_at=datetime(2026, 7, 1, 16, tzinfo=UTC),
        asked_by=None,
        asked_at=None,
        redriven_at=None,
    )

    print_letters([("ledgers", letter)])

    printed = capsys.readouterr().out
    shown = (str(letter.id), "ledgers.entity", "registration-entity/3/12345", "cn.lianhe.x.v1", "RULE_BROKEN")
    assert [one for one in (*shown, "再次失败", "2026-07-02 00:00:00") if one not in printed] == []


def test_every_state_and_outcome_has_its_words() -> None:
    assert set(STATES) == set(State)
    assert set(OUTCOMES) == set(Outcome)
