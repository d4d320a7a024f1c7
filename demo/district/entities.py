"""The entities of a made-up district, one after the other: nothing of them is held."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from random import Random
from typing import Final

from demo.district.codes import made_up_uscc
from demo.district.names import business
from demo.district.study import Study
from demo.district.townships import Township, Townships

HOME_STORE: Final = 0
BUILDER: Final = 1
HARDWARE_MARKET: Final = 0
_NAMED_ENTERPRISES: Final = {HOME_STORE: "新明置业X居然之家分公司（演示）", BUILDER: "翔宇建筑（演示）"}
_NAMED_MARKETS: Final = {HARDWARE_MARKET: "龙水五金市场有限公司（演示）"}
_HARDWARE_PLACE: Final = "龙水"
_DAYS: Final = 20 * 365


class Register(Enum):
    """One of the lists of entities: first places of its codes, the letter in them, and what its source calls them."""

    ENTERPRISES = ("91", "E", "小微企业")
    MARKETS = ("91", "K", "专业市场")
    HOUSEHOLDS = ("92", "H", "个体工商户")

    def uscc(self, seed: int, number: int) -> str:
        """Return the code of an entity of this list."""
        category, letter, _ = self.value
        return made_up_uscc(category, letter, seed, number)

    @property
    def legal_form(self) -> str:
        """What its source calls an entity of this list 企业类型."""
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Entity:
    """A made-up entity, as registration takes it in."""

    register: Register
    number: int
    uscc: str
    name: str
    division_code: str
    registered_on: date
    legal_form: str
    business_scope: str
    capital: int | None = None


def entities(study: Study, seed: int, as_of: date) -> Iterator[Entity]:
    """Yield every entity: enterprises, markets, households.

    The same arguments yield the same entities. No two have one code, nor would those of a seed that differs modulo 961.

    Args:
        study: how many there are.
        seed: which of the possible districts.
        as_of: no registration is later.
    """
    random = Random(f"{seed} entities")  # noqa: S311 - made-up rows have to be repeatable, not secret
    townships = Townships(study)
    shares = [one.shares for one in townships.all]
    for register, count, names in (
        (Register.ENTERPRISES, study.enterprises, _NAMED_ENTERPRISES),
        (Register.MARKETS, study.markets, _NAMED_MARKETS),
        (Register.HOUSEHOLDS, study.households, {}),
    ):
        for number in range(count):
            if register is Register.HOUSEHOLDS:
                township = townships.of_household(number)
            elif register is Register.MARKETS and number == HARDWARE_MARKET:
                township = next(one for one in townships.all if one.short == _HARDWARE_PLACE)
            else:
                township = random.choices(townships.all, shares)[0]
            yield _entity(random, register, number, township, seed, as_of, names.get(number))


def _entity(
    random: Random, register: Register, number: int, township: Township, seed: int, as_of: date, named: str | None
) -> Entity:
    suffix = {Register.ENTERPRISES: "有限公司", Register.MARKETS: "专业市场", Register.HOUSEHOLDS: "店"}[register]
    name, scope = business(random, township.short, suffix, number)
    return Entity(
        register=register,
        number=number,
        uscc=register.uscc(seed, number),
        name=named or name,
        division_code=township.grid(random.randrange(999)),
        registered_on=as_of - timedelta(days=1 + random.randrange(_DAYS)),
        legal_form=register.legal_form,
        business_scope=scope,
        capital=None if register is Register.HOUSEHOLDS else 10_000 * random.randint(1, 300),
    )
