"""The organisations of a made-up district, with the members whom each manages still to come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from contracts.vocabulary import Demonstration, FormationMode, OrganisationForm
from demo.district.entities import BUILDER, HARDWARE_MARKET, HOME_STORE, Register
from demo.district.places import Places
from demo.district.townships import Township

SELF_EMPLOYED: Final = "个私协"
"""Key of the association of the self-employed and private businesses 个体私营经济协会."""
MICRO: Final = "微企协会"
"""Key of the micro enterprises' association 微型企业协会, and of its branch."""
PRIVATE: Final = "民营经济协会"
"""Key of the association of the private economy, which handed out the questionnaires."""

VILLAGE: Final = "village-"
"""Begins the key of every external organisation."""

_DEMONSTRATIONS: Final = 3
_FOUNDED_DAYS: Final = 12 * 365
_FOUNDED_BEFORE: Final = 400


@dataclass(frozen=True, slots=True)
class Organisation:
    """A made-up Party organisation.

    Attributes:
        key: by which members and cadres name it; stands in no system.
        name: marked as made up.
        form: 形式.
        mode: 组建方式; None for an external one.
        entities: codes of the entities that it covers.
        association: key of the association whose branch it is.
        division_code: 行政区划; None for that of its only entity.
        founded_on: 成立日期.
        employees: people employed in its enterprises, where the study tells.
    """

    key: str
    name: str
    form: OrganisationForm
    mode: FormationMode | None
    entities: tuple[str, ...]
    association: str | None
    division_code: str | None
    founded_on: date
    employees: int | None = None

    @property
    def external(self) -> bool:
        """Whether it is of a village or a community 外部党组织."""
        return self.mode is None


def demonstrations(places: Places) -> Mapping[str, Demonstration]:
    """Return what organisations are held up as 示范: a municipal site, and three of the district."""
    held_up = {sub_association(one): Demonstration.DISTRICT for one in places.townships.all[:_DEMONSTRATIONS]}
    return {market_key(HARDWARE_MARKET): Demonstration.MUNICIPAL, **held_up}


def enterprise_key(number: int) -> str:
    """Return the key of an enterprise's own organisation."""
    return f"enterprise-{number}"


def market_key(number: int) -> str:
    """Return the key of a market's own organisation."""
    return f"market-{number}"


def sub_association(township: Township) -> str:
    """Return the key of the sub-association 分会 of a township, and of its branch."""
    return f"{SELF_EMPLOYED}{township.short}分会"


def village_key(township: Township) -> str:
    """Return the key of the external organisation of a township: that of a village or a community."""
    return f"{VILLAGE}{township.code}"


def organisations(places: Places, random: Random, seed: int, as_of: date) -> Iterator[Organisation]:
    """Yield every organisation, the external ones first.

    Args:
        places: where members work.
        random: chooses days.
        seed: of the district.
        as_of: organisations were founded before.
    """
    study, townships = places.study, places.townships

    def founded() -> date:
        return as_of - timedelta(days=_FOUNDED_BEFORE + random.randrange(_FOUNDED_DAYS))

    for township in townships.all:
        yield Organisation(
            key=village_key(township),
            name=f"{township.name}村社区党支部",
            form=OrganisationForm.BRANCH,
            mode=None,
            entities=(),
            association=None,
            division_code=township.code,
            founded_on=founded(),
        )
    named = {HOME_STORE: "新明置业X居然之家分公司党支部（演示）", BUILDER: "翔宇建筑党支部（演示）"}
    for number in range(study.own):
        uscc = Register.ENTERPRISES.uscc(seed, number)
        yield _own(enterprise_key(number), named.get(number, f"演示企业{number:03d}党支部"), uscc, founded())
    for number in range(len(study.market_members)):
        name = "龙水五金市场有限公司支部（演示）" if number == HARDWARE_MARKET else f"演示市场{number:02d}党支部"
        yield _own(market_key(number), name, Register.MARKETS.uscc(seed, number), founded())
    for number, branch in enumerate(study.branches):
        township = townships.all[number]
        yield Organisation(
            key=sub_association(township),
            name=f"{sub_association(township)}党支部（演示）",
            form=OrganisationForm.BRANCH,
            mode=FormationMode.CATCH_ALL,
            entities=tuple(Register.HOUSEHOLDS.uscc(seed, one) for one in places.of_branch[number]),
            association=sub_association(township),
            division_code=township.code,
            founded_on=founded(),
            employees=branch.employees,
        )
    yield Organisation(
        key=MICRO,
        name=f"{MICRO}党支部（演示）",
        form=OrganisationForm.JOINT_BRANCH,
        mode=FormationMode.JOINT,
        entities=tuple(Register.ENTERPRISES.uscc(seed, one) for one in places.joined),
        association=MICRO,
        division_code=townships.all[0].code,
        founded_on=founded(),
    )


def _own(key: str, name: str, uscc: str, founded_on: date) -> Organisation:
    of_association = key in {market_key(HARDWARE_MARKET), enterprise_key(BUILDER)}
    return Organisation(
        key=key,
        name=name,
        form=OrganisationForm.BRANCH,
        mode=FormationMode.SINGLE,
        entities=(uscc,),
        association=SELF_EMPLOYED if of_association else None,
        division_code=None,
        founded_on=founded_on,
    )
