"""What the study tells and the platform has no aggregate for yet: decided here, loading it is one function each.

`demo.loading.figures.NOT_THERE_YET` names the same figures; the two go together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from demo.district.entities import HARDWARE_MARKET, Register
from demo.district.members import Member
from demo.district.organisations import market_key, sub_association
from demo.district.places import Places

DEMONSTRATIONS: Final = 3
_VISITING_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit 走访 of a cadre to an entity."""

    uscc: str
    cadre: int
    visited_on: date


@dataclass(frozen=True, slots=True)
class Later:
    """What waits for its aggregates.

    Attributes:
        municipal_site: key of the organisation that is the municipal demonstration site 市级示范点.
        district_demonstrations: keys of the district's demonstration organisations 区级示范.
        three_lights: codes of the 三亮 businesses; a member works at each.
        excellence: codes of the enterprises with 卓越绩效.
        visits: one an entity.
        questionnaires: by code of a township, how many were handed out there on the 26 relief measures.
    """

    municipal_site: str
    district_demonstrations: tuple[str, ...]
    three_lights: tuple[str, ...]
    excellence: tuple[str, ...]
    visits: tuple[Visit, ...]
    questionnaires: Mapping[str, int]


def later(places: Places, random: Random, seed: int, as_of: date, members: Sequence[Member]) -> Later:
    """Decide on what waits for its aggregates.

    Args:
        places: where members work.
        random: chooses.
        seed: of the district.
        as_of: visits are of the year before.
        members: of the district.
    """
    study, townships = places.study, places.townships.all
    enterprises = [Register.ENTERPRISES.uscc(seed, one) for one in range(study.enterprises)]
    households = random.sample(range(study.households), study.visited - study.enterprises)
    visited = [*enterprises, *(Register.HOUSEHOLDS.uscc(seed, one) for one in households)]
    each, rest = divmod(study.questionnaires, len(townships))
    return Later(
        municipal_site=market_key(HARDWARE_MARKET),
        district_demonstrations=tuple(sub_association(one) for one in townships[:DEMONSTRATIONS]),
        three_lights=tuple(random.sample(sorted({one.workplace for one in members}), study.three_lights)),
        excellence=tuple(random.sample(enterprises, study.excellence)),
        visits=tuple(
            Visit(uscc, number % study.cadres, as_of - timedelta(days=random.randrange(_VISITING_DAYS)))
            for number, uscc in enumerate(visited)
        ),
        questionnaires={one.code: each + (number < rest) for number, one in enumerate(townships)},
    )
