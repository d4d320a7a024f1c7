"""Who does the work in a made-up district: bureaus with stations, associations, contact cadres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.vocabulary import AssignmentTarget, Bureau, BureauKind
from demo.district import names
from demo.district.entities import Register
from demo.district.organisations import MICRO, PRIVATE, SELF_EMPLOYED, Organisation, sub_association
from demo.district.places import Places

MARKET_REGULATION = "市场监管局"
"""Key of the bureau whose cadres these are."""
_OTHERS = ("组织部", "非公工委", "人社局", "税务局")


@dataclass(frozen=True, slots=True)
class Unit:
    """A made-up bureau, or a station of one: `above` is the key of its bureau."""

    key: str
    name: str
    kind: BureauKind
    above: str | None
    line: Bureau
    division_code: str


@dataclass(frozen=True, slots=True)
class Association:
    """A made-up association, or a sub-association: `above` is the key of its association."""

    key: str
    name: str
    above: str | None
    division_code: str


@dataclass(frozen=True, slots=True)
class Cadre:
    """A made-up contact cadre 联系干部, and what they are assigned to.

    Attributes:
        number: of the cadre.
        name: marked as made up.
        station: key of the station that they work at.
        division_code: 行政区划.
        target: what kind of thing they are assigned to.
        assigned_to: which: the code of an entity, or the key of an organisation.
    """

    number: int
    name: str
    station: str
    division_code: str
    target: AssignmentTarget
    assigned_to: str


def units(places: Places, district_code: str) -> Iterator[Unit]:
    """Yield the bureaus, then the stations of the bureau of market regulation."""
    yield Unit(
        MARKET_REGULATION,
        f"X区{MARKET_REGULATION}（演示）",
        BureauKind.BUREAU,
        None,
        Bureau.MARKET_REGULATION,
        district_code,
    )
    for name in _OTHERS:
        yield Unit(name, f"X区{name}（演示）", BureauKind.BUREAU, None, Bureau.OTHER, district_code)
    for number in range(places.study.stations):
        township = places.townships.all[number]
        yield Unit(
            station_key(number),
            f"{township.short}市场监管所（演示）",
            BureauKind.STATION,
            MARKET_REGULATION,
            Bureau.MARKET_REGULATION,
            township.code,
        )


def station_key(number: int) -> str:
    """Return the key of a station."""
    return f"station-{number}"


def associations(places: Places, district_code: str) -> Iterator[Association]:
    """Yield the associations, then the sub-associations of that of the self-employed."""
    for key, name in ((SELF_EMPLOYED, "个体私营经济协会"), (MICRO, "微型企业协会"), (PRIVATE, "民营经济协会")):
        yield Association(key, f"X区{name}（演示）", None, district_code)
    for township in places.townships.all[: len(places.study.branches)]:
        key = sub_association(township)
        yield Association(key, f"{key}（演示）", SELF_EMPLOYED, township.code)


def cadres(places: Places, seed: int, organisations: Sequence[Organisation], first_name: int) -> Iterator[Cadre]:
    """Yield the cadres: one an organisation, a market without one, an enterprise that must found one, and some others.

    Args:
        places: where members work.
        seed: of the district.
        organisations: of the district; the external ones have no contact cadre.
        first_name: number of the first name that nobody has.
    """
    study = places.study
    enterprises = [*places.must_found, *places.contacted]
    targets = [
        *((AssignmentTarget.ORGANISATION, one.key) for one in organisations if not one.external),
        *((AssignmentTarget.ENTITY, Register.ENTERPRISES.uscc(seed, one)) for one in enterprises),
        *(
            (AssignmentTarget.ENTITY, Register.MARKETS.uscc(seed, one))
            for one in range(len(study.market_members), study.markets)
        ),
    ]
    for number, (target, assigned_to) in enumerate(targets):
        station = number % study.stations
        yield Cadre(
            number=number,
            name=names.person(first_name + number),
            station=station_key(station),
            division_code=places.townships.all[station].code,
            target=target,
            assigned_to=assigned_to,
        )
