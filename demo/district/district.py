"""A district made up from a seed number: everything about it, decided once, told in the order in which it is loaded."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from contracts.vocabulary import AssignmentTarget, MemberStanding
from demo.district.entities import Entity, entities
from demo.district.lines import Association, Cadre, Unit, associations, cadres, units
from demo.district.members import Member, people
from demo.district.organisations import Organisation, demonstrations, organisations
from demo.district.outreach import Outreach, outreach
from demo.district.places import Places
from demo.district.study import Study
from demo.district.townships import Division

_STOCKTAKING: Final = timedelta(days=58)
_CONTACTING: Final = timedelta(days=28)


class District:
    """A made-up district. The same arguments make the same one.

    What is held is small: who has members or an organisation. Entities are made as they are asked for.

    Args:
        study: what it comes to.
        seed: which of the possible ones.
        as_of: the day it is of.

    Attributes:
        units: bureaus, then stations.
        associations: those above first.
        organisations: the external ones first.
        members: by number.
        secretaries: by key of an organisation, the number of the member.
        cadres: by number.
        outreach: visits, namings, a questionnaire.
        demonstrations: by key of an organisation, what it is held up as.
        employees: by code of an entity, how many people work there, where the study tells.
        counted_on: day of the stocktaking 底数摸排, from which the ledger has the members.
        assigned_on: day from which the cadres are assigned.
    """

    def __init__(self, study: Study, seed: int, as_of: date) -> None:
        self.study: Final = study
        self.seed: Final = seed
        self.as_of: Final = as_of
        self.counted_on: Final = as_of - _STOCKTAKING
        self.assigned_on: Final = as_of - _CONTACTING
        random = Random(f"{seed} district")  # noqa: S311 - made-up rows have to be repeatable, not secret
        places = self._places = Places.of(study, random)
        code = next(self.divisions()).code
        self.units: Final[tuple[Unit, ...]] = tuple(units(places, code))
        self.associations: Final[tuple[Association, ...]] = tuple(associations(places, code))
        self.organisations: Final[tuple[Organisation, ...]] = tuple(organisations(places, random, seed, as_of))
        found = people(places, random, seed, as_of)
        self.members: Final[tuple[Member, ...]] = found.members
        self.secretaries: Final = found.secretaries
        self.cadres: Final[tuple[Cadre, ...]] = tuple(cadres(places, seed, self.organisations, len(self.members)))
        self.outreach: Final[Outreach] = outreach(places, random, seed, as_of, self.members)
        self.demonstrations: Final = demonstrations(places)
        self.employees: Final = dict(_employees(self.organisations))

    def members_at(self) -> Mapping[str, Counter[MemberStanding]]:
        """Return how many members of each standing work where, by code of the entity."""
        found: dict[str, Counter[MemberStanding]] = {}
        for one in self.members:
            found.setdefault(one.workplace, Counter())[one.standing] += 1
        return found

    def divisions(self) -> Iterator[Division]:
        """Yield the divisions, each below one that came before."""
        return self._places.townships.divisions(self.seed)

    def entities(self) -> Iterator[Entity]:
        """Yield every entity, made at that moment."""
        return entities(self.study, self.seed, self.as_of)

    def referred(self) -> frozenset[str]:
        """Return the codes of the entities that organisations, members, cadres, visits or decisions name."""
        assigned = {one.assigned_to for one in self.cadres if one.target is AssignmentTarget.ENTITY}
        covered = {uscc for one in self.organisations for uscc in one.entities}
        visited = {uscc for one in self.outreach.rounds for uscc in one.entities}
        named = {uscc for one in self.outreach.decisions for uscc in one.entities}
        return frozenset(assigned | covered | visited | named | {one.workplace for one in self.members})


def _employees(organisations: Sequence[Organisation]) -> Iterator[tuple[str, int]]:
    """Yield the entities of organisations of which the study tells how many people work there: spread evenly."""
    for one in organisations:
        if one.employees is not None:
            each, rest = divmod(one.employees, len(one.entities))
            for place, uscc in enumerate(one.entities):
                yield uscc, each + (place < rest)
