"""Party-building forms: asked when an entity is registered, changed or deregistered; answered at once or later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.events.registration.forms import FormMoved
from contracts.processes.registration import FORM
from contracts.vocabulary import Bureau, FormAction, FormOccasion
from kit.clock import today
from kit.command_routes import Commanded
from kit.problems import INVALID, Problem
from kit.processes import Given, Processes
from kit.sealing import Sealer
from services.registration.domain.misfit import Misfit
from services.registration.domain.party_building import EDITIONS, Answers, Edition, edition_of, misfits
from services.registration.handlers.refusals import refuse_misfits
from services.registration.repository.subjects import hold_subjects

ANSWERS = "/partyBuilding"
"""Where answers stand in a command."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom the questions are asked.

    Attributes:
        entity_id: the entity.
        division_code: its division.
        bureau: its line.
        occasion: with what.
        answers: checked by `Forms.refuse`; None where they are still to come.
        before: the form in force so far, locked by `Forms.hold`; it is superseded.
    """

    entity_id: UUID
    division_code: str
    bureau: Bureau
    occasion: FormOccasion
    answers: Answers | None = None
    before: FormMoved | None = None


def forms(sealer: Sealer | None) -> Processes[FormMoved]:
    """Return the processes of this kind; without a sealer, for steps with which nothing is given."""
    return Processes(FORM, FormMoved, lambda moved: moved.entity_id, sealer)


class Forms:
    """Carries out what commands mean for Party-building forms.

    Args:
        commanded: the command under way.
        processes: of this kind.
    """

    def __init__(self, commanded: Commanded, processes: Processes[FormMoved]) -> None:
        self._commanded = commanded
        self._processes = processes

    async def hold(self, entity_ids: Sequence[UUID]) -> Mapping[UUID, FormMoved]:
        """Lock the forms in force of entities, before the entities themselves; nobody opens one meanwhile.

        Returns:
            The form in force of each entity that has one.
        """
        await hold_subjects(self._commanded.connection, entity_ids)
        known = await self._processes.under_way(self._commanded.connection, entity_ids)
        return {one.entity_id: one for one in known}

    def refuse(self, answers: Answers | None, pointer: str = ANSWERS) -> None:
        """Refuse answers that are none to the questions of today.

        Raises:
            Problem: `invalid`, with each place.
        """
        if answers is None:
            return
        edition = edition_of(today(self._commanded.clock))
        if edition is None:
            refuse_misfits([Misfit(pointer, "was not asked: there are no questions yet", "尚无采集表，无需填写")])
        else:
            refuse_misfits(misfits(edition, answers, pointer))

    async def ask(self, asked: Sequence[Asked]) -> list[FormMoved]:
        """Ask entities, whose rows are locked, each once; where answers came along, take them in at once.

        Args:
            asked: of whom, with what.

        Returns:
            The form of each, in order; none while no edition of the questions holds.
        """
        day = today(self._commanded.clock)
        edition = edition_of(day)
        if edition is None:
            return []
        for one in asked:
            if one.before is not None:
                await self._processes.take_by_the_clock(self._commanded, one.before, FormAction.SUPERSEDE)
        stated = [
            {
                "entity_id": one.entity_id,
                "division_code": one.division_code,
                "bureau": one.bureau,
                "occasion": one.occasion,
                "edition": edition.edition,
                "asked_on": day,
            }
            for one in asked
        ]
        moved = await self._processes.begin_all(self._commanded, stated)
        return [await self._answered(form, one.answers) for form, one in zip(moved, asked, strict=True)]

    async def _answered(self, moved: FormMoved, answers: Answers | None) -> FormMoved:
        step = FORM.step(moved.state, FormAction.ANSWER)
        if answers is None or step is None:
            return moved
        return await self._processes.take(self._commanded, moved, step, Given(), **answers.stated())

    async def take(
        self, process_id: UUID, expected_version: int, action: FormAction, given: Given, answers: Answers | None
    ) -> FormMoved:
        """Answer a form, or correct its answers; they are held against the edition of the day it was asked.

        Raises:
            Problem: `not-found`, `version-conflict`, `illegal-step`, `forbidden`, or `invalid` with each place.
        """
        known, step = await self._processes.expected(self._commanded, process_id, expected_version, action, given)
        if answers is None:
            raise Problem(
                INVALID,
                f"{ANSWERS} is needed with {action}: give the answers.",
                f"{action.zh}须填写党建信息（{ANSWERS}）。",
                {"errors": [{"pointer": ANSWERS, "reason": "answers are needed", "reasonZh": "须填写党建信息"}]},
            )
        refuse_misfits(misfits(_edition(known.edition), answers, ANSWERS))
        return await self._processes.take(self._commanded, known, step, given, **answers.stated())


def _edition(name: str) -> Edition:
    return next(one for one in EDITIONS if one.edition == name)
