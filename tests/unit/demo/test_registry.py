from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from stdnum.cn import uscc

from demo.registry import COLUMNS, RegistryAnswers, is_made_up, write_registry
from kit.files.outcomes import Rejected, RowFault
from kit.files.source import expand
from services.registration.domain.uscc import ALPHABET
from services.registration.intake.columns import Column
from services.registration.intake.outcomes import Accepted, NoticeCode, RejectReason
from services.registration.intake.reader import read_file


def outcomes(directory: Path) -> list[Accepted | Rejected]:
    return list(chain.from_iterable(read_file(path) for path in expand([directory])))


@pytest.mark.parametrize(
    ("entities", "answers"),
    [
        (0, RegistryAnswers(0, 0, 0)),
        (1, RegistryAnswers(5, 1, 4)),
        (3, RegistryAnswers(7, 3, 4)),
        (1_000, RegistryAnswers(1_005, 1_000, 5)),
        (5_000, RegistryAnswers(5_011, 5_000, 11)),
    ],
)
def test_an_import_comes_to_the_answers(tmp_path: Path, entities: int, answers: RegistryAnswers) -> None:
    assert write_registry(tmp_path, entities=entities, seed=1) == answers

    found = outcomes(tmp_path)
    accepted = [outcome for outcome in found if isinstance(outcome, Accepted)]
    assert len(found) == answers.read
    assert len(found) - len(accepted) == answers.rejected
    assert len({outcome.registration.uscc for outcome in accepted}) == len(accepted) == answers.accepted


def test_it_has_the_dirt_of_a_real_register(tmp_path: Path) -> None:
    write_registry(tmp_path, entities=5_000, seed=1)
    found = outcomes(tmp_path)

    assert Counter(outcome.reason for outcome in found if isinstance(outcome, Rejected)) == {
        RejectReason.MOJIBAKE: 3,
        RejectReason.USCC_LENGTH: 3,
        RowFault.COLUMNS: 3,
        RejectReason.USCC_CHECK_DIGIT: 2,
    }
    accepted = [outcome for outcome in found if isinstance(outcome, Accepted)]
    assert {notice.code for outcome in accepted for notice in outcome.notices} == {
        NoticeCode.CAPITAL_UNREADABLE,
        NoticeCode.DIVISION_UNKNOWN,
    }
    assert {one.registration.capital.currency for one in accepted if one.registration.capital} == {
        "CNY",
        "USD",
        "HKD",
        "JPY",
    }


def test_every_unit_can_be_told_from_a_real_one(tmp_path: Path) -> None:
    write_registry(tmp_path, entities=500, seed=1)
    codes = [outcome.registration.uscc for outcome in outcomes(tmp_path) if isinstance(outcome, Accepted)]

    assert all(is_made_up(code) and uscc.is_valid(code) for code in codes)
    assert not is_made_up("91500107MA5UF4UFXT")


def test_the_same_seed_writes_the_same_bytes_over_what_was_there(tmp_path: Path) -> None:
    write_registry(tmp_path / "once", entities=500, seed=1)
    write_registry(tmp_path / "again", entities=3_000, seed=2)
    write_registry(tmp_path / "again", entities=500, seed=1)

    once = {path.name: path.read_bytes() for path in (tmp_path / "once").iterdir()}
    again = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert once == again
    assert len(once) == 24


def test_another_seed_has_other_codes(tmp_path: Path) -> None:
    codes = []
    for seed in (1, 2):
        write_registry(tmp_path / str(seed), entities=200, seed=seed)
        found = outcomes(tmp_path / str(seed))
        codes.append({outcome.registration.uscc for outcome in found if isinstance(outcome, Accepted)})

    assert codes[0].isdisjoint(codes[1])


def test_the_columns_are_those_of_the_intake() -> None:
    assert tuple(Column) == COLUMNS


@pytest.mark.parametrize("entities", [-1, len(ALPHABET) ** 6 + 1])
def test_a_number_that_the_codes_cannot_hold_is_refused(tmp_path: Path, entities: int) -> None:
    with pytest.raises(ValueError, match="entities"):
        write_registry(tmp_path, entities=entities, seed=1)

    assert list(tmp_path.iterdir()) == []
