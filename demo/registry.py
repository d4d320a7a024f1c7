"""A made-up register, for machines that have no real one at hand: files of the same shape with the same dirt.

Every unit in it is invented and can be told by its code: the division part of the USCC (places 3 to 8) is `999999`.
GB/T 2260 has no division 99, so no authority could have issued such a code; everything else about it, the check digit
included, is valid. `is_made_up` tells.
"""

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from stdnum.cn.uscc import calc_check_digit

MADE_UP_DIVISION: Final = "999999"
"""Places 3 to 8 of every made-up code."""

COLUMNS: Final = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "法人代表",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)

FIRST_YEAR: Final = 2000
YEARS: Final = 24

_BASE: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SEED_DIGITS: Final = 3
_ENTITY_DIGITS: Final = 6
_NOTHING: Final = "N/A"
_ROWS_PER_REJECT: Final = 700
# The districts of a real register, with names that are gone (万盛, 双桥, 北部新区), no division (两江新区) and none.
_DISTRICTS: Final = (
    "九龙坡",
    "渝中",
    "沙坪坝",
    "渝北",
    "南岸",
    "江北",
    "北碚",
    "万州",
    "巴南",
    "涪陵",
    "大足",
    "荣昌",
    "开州",
    "忠县",
    "石柱",
    "酉阳",
    "万盛",
    "双桥",
    "北部新区",
    "两江新区",
    _NOTHING,
)
# First two characters of the code, what the kind column says, how many of a hundred.
_KINDS: Final = (
    ("92", "个体工商户", 40),
    ("92", _NOTHING, 15),
    ("91", _NOTHING, 30),
    ("91", "有限责任公司", 8),
    ("91", "小微企业", 3),
    ("93", "农民专业合作社", 2),
    ("81", _NOTHING, 1),
    ("52", _NOTHING, 1),
)
_CAPITALS: Final = (
    "{0}(万)",
    "{0}(万人民币元)",
    "{0}万人民币",
    "{0}(万元人民币)",
    "{0:,}(万)",
    "{0:,}.5000(万)",
    "{0}（万美元）",
    "{0}(万香港元)",
    "{0}(万日元)",
    "面议",
    _NOTHING,
    _NOTHING,
)
_WORDS: Final = (
    "鑫",
    "盛",
    "荣",
    "达",
    "兴",
    "隆",
    "恒",
    "泰",
    "瑞",
    "祥",
    "宏",
    "源",
    "佳",
    "和",
    "顺",
    "丰",
    "棠",
    "香",
)
_TRADES: Final = (
    ("五金", "五金制品加工、销售"),
    ("餐饮", "餐饮服务；预包装食品零售"),
    ("百货", "日用百货、文具用品零售"),
    ("农资", "农药、化肥、种子零售，农业技术咨询"),
    ("汽摩", "汽车、摩托车零部件制造、销售及维修"),
    ("文创", "文化创意、展览展示、广告设计"),
    ("建材", "建筑材料、装饰材料（不含危险化学品）销售"),
)


@dataclass(frozen=True, slots=True)
class RegistryAnswers:
    """What an import of a made-up register must come to."""

    read: int
    accepted: int
    rejected: int


def is_made_up(uscc: str) -> bool:
    """Tell whether a code was made here."""
    return uscc[2:8] == MADE_UP_DIVISION


def write_registry(directory: Path, *, entities: int, seed: int) -> RegistryAnswers:
    """Write a made-up register: one CSV file a year, `made-up-2000.csv` to `made-up-2023.csv`.

    The same arguments write the same bytes. Codes are distinct within a seed, and between seeds that differ modulo
    29,791. About one row in 700 can't be taken in: broken text, cells out of their columns, a comma without quotes, a
    wrong check digit, in turn; there are at least four of them.

    Args:
        directory: where to write; made if absent. Each file appears whole, in place of an older one of its name.
        entities: how many rows can be taken in, each another entity.
        seed: which of the possible registers.

    Raises:
        ValueError: `entities` is negative or more than the codes of a seed.
        OSError: the directory can't be written.
    """
    if not 0 <= entities <= len(_BASE) ** _ENTITY_DIGITS:
        raise ValueError(f"entities is {entities}; possible are 0 to {len(_BASE) ** _ENTITY_DIGITS}")
    directory.mkdir(parents=True, exist_ok=True)
    rejected = 4 + entities // _ROWS_PER_REJECT if entities else 0
    random = Random(seed)  # noqa: S311 - made-up rows have to be repeatable, not secret
    for year_number in range(YEARS):
        year = FIRST_YEAR + year_number
        first, last = (entities * (year_number + part) // YEARS for part in (0, 1))
        rows = _rows(range(first, last), entities, rejected, year=year, seed=seed, random=random)
        _write(directory / f"made-up-{year}.csv", rows)
    return RegistryAnswers(entities + rejected, entities, rejected)


def _write(path: Path, rows: Iterator[list[str]]) -> None:
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def _rows(numbers: range, entities: int, rejected: int, *, year: int, seed: int, random: Random) -> Iterator[list[str]]:
    for number in numbers:
        yield _row(number, year=year, seed=seed, random=random)
        # The broken rows are spread evenly between the sound ones.
        for broken in range(number * rejected // entities, (number + 1) * rejected // entities):
            yield _broken(_row(number, year=year, seed=seed, random=random), broken, random)


def _row(number: int, *, year: int, seed: int, random: Random) -> list[str]:
    ((prefix, form, _),) = random.choices(_KINDS, weights=[share for _, _, share in _KINDS])
    district = random.choice(_DISTRICTS)
    trade, scope = random.choice(_TRADES)
    word = random.choice(_WORDS) + random.choice(_WORDS)
    place = "" if district == _NOTHING else district
    suffix = "经营部" if prefix == "92" else "有限公司"
    return [
        f"重庆市{place}{word}{trade}{suffix}",
        _uscc(prefix, number, seed),
        f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
        form,
        _NOTHING,
        random.choice(_CAPITALS).format(random.randint(1, 9999)),
        scope,
        "重庆",
        district,
        f"重庆市{place}{word}路{random.randint(1, 999)}号",
    ]


def _uscc(prefix: str, number: int, seed: int) -> str:
    subject = _digits(seed, _SEED_DIGITS) + _digits(number, _ENTITY_DIGITS)
    body = f"{prefix}{MADE_UP_DIVISION}{subject}"
    return body + str(calc_check_digit(body))


def _digits(number: int, count: int) -> str:
    digits = ""
    for _ in range(count):
        number, value = divmod(number, len(_BASE))
        digits = _BASE[value] + digits
    return digits


def _broken(row: list[str], number: int, random: Random) -> list[str]:
    """Break a sound row as real registers are broken, in one of four ways."""
    name, uscc, day, form, person, capital, scope, province, district, address = row
    match number % 4:
        case 0:  # GBK read as UTF-8
            row[0] = name.encode("gb18030").decode(errors="replace")
            return row
        case 1:  # cells out of their columns
            return [name, address, uscc, district, day, scope, person, capital, form, province]
        case 2:  # a comma that no quotes hold
            thousands, rest = random.randint(1, 9), f"{random.randint(0, 999):03}(万)"
            return [name, uscc, day, form, person, str(thousands), rest, scope, province, district, address]
        case _:  # a wrong check digit
            row[1] = uscc[:-1] + _BASE[(_BASE.index(uscc[-1]) + 1) % len(_BASE)]
            return row
