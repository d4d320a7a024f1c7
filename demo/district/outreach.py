"""What is brought to the entities of a made-up district: visits, namings, a questionnaire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from contracts.vocabulary import NamingKind
from demo.district.entities import Register
from demo.district.members import Member
from demo.district.places import Places
from demo.district.study import Study

NAMED_ON: Final = date(2023, 7, 1)
HANDED_OUT_ON: Final = date(2023, 5, 8)
_VISITING_DAYS: Final = 180
_STREET: Final = 6
_DECISION: Final = 100


@dataclass(frozen=True, slots=True)
class Round:
    """Entities that a cadre visited 走访 on a day."""

    number: int
    cadre: int
    entities: tuple[str, ...]
    visited_on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """Entities that a decision names 命名."""

    number: int
    kind: NamingKind
    document: str
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outreach:
    """What is brought to entities.

    Attributes:
        rounds: of visits; each visited entity is in one.
        decisions: the 三亮 businesses, a member working at each, and the enterprises with 卓越绩效.
        questionnaires: copies that 民营经济协会 handed out on the 26 relief measures.
    """

    rounds: tuple[Round, ...]
    decisions: tuple[Decision, ...]
    questionnaires: int


def outreach(places: Places, random: Random, seed: int, as_of: date, members: Sequence[Member]) -> Outreach:
    """Decide on what is brought to the entities.

    Args:
        places: where members work.
        random: chooses.
        seed: of the district.
        as_of: visits are of the half-year before.
        members: of the district.
    """
    study = places.study
    enterprises = [Register.ENTERPRISES.uscc(seed, one) for one in range(study.enterprises)]
    households = random.sample(range(study.households), study.visited - study.enterprises)
    visited = [*enterprises, *(Register.HOUSEHOLDS.uscc(seed, one) for one in households)]
    three_lights = random.sample(sorted({one.workplace for one in members}), study.three_lights)
    excellence = random.sample(enterprises, study.excellence)
    return Outreach(
        rounds=tuple(_rounds(study, visited, random, as_of)),
        decisions=(
            *_decisions(0, NamingKind.THREE_DISPLAYS, "“三亮”党员经营户名单（演示）", three_lights),
            *_decisions(1000, NamingKind.PERFORMANCE_EXCELLENCE, "导入卓越绩效管理模式企业名单（演示）", excellence),
        ),
        questionnaires=study.questionnaires,
    )


def _rounds(study: Study, visited: Sequence[str], random: Random, as_of: date) -> list[Round]:
    days: dict[int, list[date]] = {}
    made = []
    for number, street in enumerate(_parts(visited, _STREET)):
        cadre = number % study.cadres
        if cadre not in days:
            days[cadre] = [as_of - timedelta(days=one) for one in random.sample(range(_VISITING_DAYS), _VISITING_DAYS)]
        made.append(Round(number, cadre, street, days[cadre].pop()))
    return made


def _decisions(first: int, kind: NamingKind, document: str, named: Sequence[str]) -> list[Decision]:
    return [Decision(first + place, kind, document, some) for place, some in enumerate(_parts(named, _DECISION))]


def _parts(codes: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(codes[first : first + size]) for first in range(0, len(codes), size)]
