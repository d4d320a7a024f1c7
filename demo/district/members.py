"""The members of a made-up district: where each works, is related and is managed, and who is secretary where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from contracts.vocabulary import MemberStanding
from demo.district import names
from demo.district.codes import made_up_id_number
from demo.district.entities import BUILDER, HOME_STORE, Register
from demo.district.organisations import MICRO, VILLAGE, enterprise_key, market_key, sub_association, village_key
from demo.district.places import Places

YOUNGEST_SECRETARY: Final = 28
YOUNG_SECRETARIES: Final = range(30, 41)
YOUNG_PLACES: Final = frozenset({"棠香", "龙水", "铁山"})
OLD_SECRETARIES: Final = range(50, 67)
OLDEST_SECRETARY: Final = 67
_AGES: Final = ((20, 35, 22), (36, 50, 33), (51, 65, 30), (66, 84, 15))
"""Ages of members who are no secretaries: from, to, how many of a hundred."""


@dataclass(frozen=True, slots=True)
class Member:
    """A made-up member.

    Attributes:
        number: of the member; names them elsewhere in the district.
        name: marked as made up.
        id_number: 公民身份号码, valid, of nobody.
        born: day of birth.
        standing: full or probationary.
        workplace: code of the entity.
        relation: key of the organisation of the relation 组织关系.
        management: key of the organisation that manages 管理.
        developed_on: when they became probationary, where the study or the standing tells.
        confirmed_on: when they became full, as far.
    """

    number: int
    name: str
    id_number: str
    born: date
    standing: MemberStanding
    workplace: str
    relation: str
    management: str
    developed_on: date | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    workplace: str
    relation: str
    management: str
    probationary: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """Members, and by key of an organisation the number of its secretary."""

    members: tuple[Member, ...]
    secretaries: Mapping[str, int]


def people(places: Places, random: Random, seed: int, as_of: date) -> People:
    """Return the members of a district and its secretaries.

    Args:
        places: where members work.
        random: chooses who, when born and when developed.
        seed: of the district.
        as_of: ages are of this day.
    """
    found = list(_places(places, random, seed))
    secretaries: dict[str, int] = {}
    for number, place in enumerate(found):
        if not place.management.startswith(VILLAGE):
            secretaries.setdefault(place.management, number)
    ages = _secretaries_ages(places, secretaries, random)
    members = [_member(number, place, ages.get(number), random, as_of) for number, place in enumerate(found)]
    _develop(members, places, frozenset(ages), random, as_of)
    return People(tuple(members), secretaries)


def _places(places: Places, random: Random, seed: int) -> Iterator[_Place]:
    yield from _with_own(places, random, seed)
    yield from _without_own(places, random, seed)
    yield from _at_markets(places, random, seed)
    yield from _at_households(places, seed)


def _with_own(places: Places, random: Random, seed: int) -> Iterator[_Place]:
    study = places.study
    probationary = frozenset(random.sample(places.with_four, study.probationary))
    for number in range(study.own):
        uscc, own = Register.ENTERPRISES.uscc(seed, number), enterprise_key(number)
        count = 4 if number in places.with_four else 3
        for one in range(count):
            elsewhere = number == BUILDER and one >= study.builder_related
            last = number in probationary and one == count - 1
            yield _Place(uscc, _village(places, random) if elsewhere else own, own, probationary=last)


def _without_own(places: Places, random: Random, seed: int) -> Iterator[_Place]:
    related = iter(range(places.study.joined_related))
    for numbers, count in ((places.must_found, 3), (places.with_two, 2), (places.with_one, 1)):
        for number in numbers:
            uscc = Register.ENTERPRISES.uscc(seed, number)
            for _ in range(count):
                village = _village(places, random)
                if number not in places.joined:
                    yield _Place(uscc, village, village)
                else:
                    yield _Place(uscc, village if next(related, None) is None else MICRO, MICRO)


def _at_markets(places: Places, random: Random, seed: int) -> Iterator[_Place]:
    own = places.study.market_members
    for number, count in enumerate((*own, *places.study.market_members_without)):
        for _ in range(count):
            at = market_key(number) if number < len(own) else _village(places, random)
            yield _Place(Register.MARKETS.uscc(seed, number), at, at)


def _at_households(places: Places, seed: int) -> Iterator[_Place]:
    for number, branch in enumerate(places.study.branches):
        township = places.townships.all[number]
        key, village = sub_association(township), village_key(township)
        for place, household in enumerate(places.of_branch[number]):
            yield _Place(Register.HOUSEHOLDS.uscc(seed, household), key if place < branch.related else village, key)
    for household in places.unmanaged:
        village = village_key(places.townships.of_household(household))
        yield _Place(Register.HOUSEHOLDS.uscc(seed, household), village, village)


def _village(places: Places, random: Random) -> str:
    return village_key(random.choice(places.townships.all))


def _secretaries_ages(places: Places, secretaries: Mapping[str, int], random: Random) -> dict[int, int]:
    young = {sub_association(township) for township in places.townships.all if township.short in YOUNG_PLACES}
    old = [key for key in secretaries if key not in young and key != enterprise_key(HOME_STORE)]
    ages = {number: random.choice(OLD_SECRETARIES) for number in secretaries.values()}
    ages[secretaries[random.choice(old)]] = OLDEST_SECRETARY
    ages[secretaries[enterprise_key(HOME_STORE)]] = YOUNGEST_SECRETARY
    return ages | {secretaries[key]: random.choice(YOUNG_SECRETARIES) for key in sorted(young)}


def _member(number: int, place: _Place, age: int | None, random: Random, as_of: date) -> Member:
    if age is None:
        first, last, _ = random.choices(_AGES, [share for _, _, share in _AGES])[0]
        age = random.randint(first, last)
    born = _born(age, as_of, random)
    return Member(
        number=number,
        name=names.person(number),
        id_number=made_up_id_number(born, number % 1000),
        born=born,
        standing=MemberStanding.PROBATIONARY if place.probationary else MemberStanding.FULL,
        workplace=place.workplace,
        relation=place.relation,
        management=place.management,
        developed_on=as_of - timedelta(days=random.randint(30, 330)) if place.probationary else None,
    )


def _born(age: int, as_of: date, random: Random) -> date:
    """Choose a day of birth in another month than that of `as_of`, so that the month alone tells the age."""
    month = random.choice([one for one in range(1, 13) if one != as_of.month])
    year = as_of.year - age - (1 if month > as_of.month else 0)
    return date(year, month, random.randint(1, 28))


def _develop(members: list[Member], places: Places, secretaries: frozenset[int], random: Random, as_of: date) -> None:
    """Give the members developed and confirmed in the first half of the year before last their days."""
    year = as_of.year - 2
    own = {enterprise_key(number) for number in range(places.study.own)}
    possible = [
        one.number
        for one in members
        if one.management in own
        and one.management == one.relation
        and one.number not in secretaries
        and one.standing is MemberStanding.FULL
    ]
    chosen = random.sample(possible, places.study.developed + places.study.confirmed)
    for place, number in enumerate(chosen):
        day = date(year, random.randint(1, 6), random.randint(1, 28))
        first = place < places.study.developed
        members[number] = replace(
            members[number],
            developed_on=day if first else day.replace(year=year - 1),
            confirmed_on=day.replace(year=year + 1) if first else day,
        )
