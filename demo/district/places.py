"""Where the members of a made-up district work: which enterprises, markets and households have how many."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from random import Random
from typing import Self

from demo.district.study import Study
from demo.district.townships import Townships


@dataclass(frozen=True, slots=True)
class Places:
    """Numbers of entities in their lists. The first enterprises and markets have an organisation of their own.

    Attributes:
        study: what it comes to.
        townships: where everything is.
        must_found: enterprises with three full members and no organisation.
        with_two: enterprises with two members and no organisation of their own.
        with_one: enterprises with one.
        joined: those of two that the branch of 微企协会 covers.
        contacted: those of one or two, covered by nothing, that a cadre is assigned to.
        with_four: enterprises with an organisation and a fourth member.
        of_branch: for each branch, the households whose owner it manages.
        unmanaged: households whose owner a village manages.
    """

    study: Study
    townships: Townships
    must_found: range
    with_two: range
    with_one: range
    joined: range
    contacted: tuple[int, ...]
    with_four: tuple[int, ...]
    of_branch: tuple[tuple[int, ...], ...]
    unmanaged: tuple[int, ...]

    @classmethod
    def of(cls, study: Study, random: Random) -> Self:
        """Choose the places of a district."""
        townships = Townships(study)
        bounds = list(accumulate((study.must_found, study.two_members, study.one_member), initial=study.own))
        must_found, with_two, with_one = (range(*part) for part in pairwise(bounds))
        joined = with_two[: study.joined]
        left = [*with_two[study.joined :], *with_one]
        of_branch = tuple(
            tuple(sorted(random.sample(townships.households(number), branch.managed)))
            for number, branch in enumerate(study.branches)
        )
        elsewhere = range(townships.households(len(study.branches)).start, study.households)
        return cls(
            study=study,
            townships=townships,
            must_found=must_found,
            with_two=with_two,
            with_one=with_one,
            joined=joined,
            contacted=tuple(sorted(random.sample(left, study.contacted))),
            with_four=tuple(sorted(random.sample(range(study.own), study.own_with_four))),
            of_branch=of_branch,
            unmanaged=tuple(sorted(random.sample(elsewhere, study.unmanaged))),
        )
