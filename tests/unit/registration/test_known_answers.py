"""The real registers against the answers that were counted apart from this code."""

import csv
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from stdnum.cn import uscc as oracle

from contracts.vocabulary import UNASSIGNED_DIVISION, Bureau, EntityKind
from kit.files.outcomes import Rejected, RowFault
from kit.files.source import expand
from services.registration.intake.outcomes import Accepted, NoticeCode, RejectReason
from services.registration.intake.reader import read_file

Outcomes = list[Accepted | Rejected]


@pytest.fixture
def outcomes(registry: Path) -> Outcomes:
    return list(chain.from_iterable(read_file(path) for path in expand([registry])))


def test_24_files_come_to_the_known_answers(registry: Path, outcomes: Outcomes) -> None:
    accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]

    assert len(expand([registry])) == 24
    assert len(outcomes) == 17_974
    assert len({outcome.registration.uscc for outcome in accepted}) == len(accepted) == 17_945


def test_the_rejects_are_the_broken_rows_of_one_file(outcomes: Outcomes) -> None:
    rejects = [outcome for outcome in outcomes if isinstance(outcome, Rejected)]

    assert Counter(outcome.reason for outcome in rejects) == {RejectReason.MOJIBAKE: 25, RowFault.COLUMNS: 4}
    assert [outcome.line for outcome in rejects] == list(range(1849, 1878))
    assert [outcome.line for outcome in rejects if outcome.reason is RowFault.COLUMNS] == [1849, 1851, 1853, 1876]
    assert {outcome.cells for outcome in rejects} == {()}


def test_every_cell_that_is_left_out_is_told(outcomes: Outcomes) -> None:
    notices = Counter(
        notice.code for outcome in outcomes if isinstance(outcome, Accepted) for notice in outcome.notices
    )

    assert notices == {NoticeCode.DIVISION_UNKNOWN: 13}


def test_what_the_rows_say_is_read(outcomes: Outcomes) -> None:
    facts = [outcome.registration for outcome in outcomes if isinstance(outcome, Accepted)]

    assert Counter(one.kind for one in facts) == {
        EntityKind.UNKNOWN: 17_760,
        EntityKind.INDIVIDUAL_HOUSEHOLD: 165,
        EntityKind.OTHER: 20,
    }
    assert Counter(one.bureau for one in facts) == {
        Bureau.MARKET_REGULATION: 17_927,
        Bureau.TRADE_UNION: 15,
        Bureau.INSTITUTIONS: 2,
        Bureau.CIVIL_AFFAIRS: 1,
    }
    assert Counter(one.capital.currency if one.capital else None for one in facts) == {
        "CNY": 14_078,
        None: 3_721,
        "USD": 121,
        "HKD": 21,
        "JPY": 2,
        "DEM": 1,
        "CHF": 1,
    }
    districts = Counter(one.division_code for one in facts)
    assert len(districts) == 39
    assert districts[UNASSIGNED_DIVISION] == 54 + 13
    assert districts["500110000000"] == 285 + 155  # 綦江 and 万盛
    assert districts["500111000000"] == 180 + 60  # 大足 and 双桥
    assert districts["500112000000"] == 1_217 + 260  # 渝北 and 北部新区


def test_lines_and_codes_are_those_of_the_csv_module(registry: Path) -> None:
    for path in expand([registry]):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            expected = [
                (reader.line_num, row[1].upper()) for row in reader if len(row) == 10 and oracle.is_valid(row[1])
            ]
        assert [
            (outcome.line, outcome.registration.uscc) for outcome in read_file(path) if isinstance(outcome, Accepted)
        ] == expected
