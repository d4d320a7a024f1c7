"""Names that nobody and nothing has: each says 演示 and is made from the lists below."""

from random import Random
from typing import Final

MARK: Final = "演示"
NOTE: Final = f"{MARK}附言"
"""Begins every free text; nothing else has it."""
TELEPHONES: Final = "1390000"
"""Begins every telephone number."""
STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
WORDS: Final = ("鑫盛", "荣达", "兴隆", "恒泰", "瑞祥", "宏源", "佳和", "顺丰源", "长青", "向阳")
TRADES: Final = (
    ("五金", "五金制品加工、销售"),
    ("餐饮", "餐饮服务；预包装食品零售"),
    ("百货", "日用百货、文具用品零售"),
    ("农资", "农药、化肥、种子零售，农业技术咨询"),
    ("汽修", "汽车、摩托车维修及零部件销售"),
    ("广告", "广告设计、展览展示"),
    ("建材", "建筑材料、装饰材料销售"),
)


def person(number: int) -> str:
    """Return the name of a made-up person; other numbers give another name."""
    return f"{MARK}{STEMS[number % len(STEMS)]}{BRANCHES[number % len(BRANCHES)]}{number:04d}"


def telephone(number: int) -> str:
    """Return the telephone number of a made-up person; other numbers up to 9999 give another."""
    return f"{TELEPHONES}{number:04d}"


def note(text: str) -> str:
    """Return free text as somebody would leave it with a step, marked so that it can be told from every other text."""
    return f"{NOTE}：{text}"


def business(random: Random, place: str, suffix: str, number: int) -> tuple[str, str]:
    """Return the name of a made-up business and its scope 经营范围.

    Args:
        random: chooses words.
        place: short name of its township.
        suffix: what such a business is called: 店, 有限公司.
        number: of the business; other numbers give another name.
    """
    trade, scope = random.choice(TRADES)
    return f"{place}{random.choice(WORDS)}{trade}{suffix}（{MARK}{number:05d}）", scope
