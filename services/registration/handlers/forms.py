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
    """

    entity_id: UUID
    division_code: str
    bureau: Bureau


def forms(sealer: Sealer) -> Processes[FormMoved]:
    """Return the processes of this kind."""
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

    async def ask(
        self, asked: Asked, occasion: FormOccasion, answers: Answers | None, before: FormMoved | None = None
    ) -> FormMoved | None:
        """Ask an entity, whose row is locked; with answers, take them in at once.

        Args:
            asked: of whom.
            occasion: with what.
            answers: checked by `refuse`.
            before: the form in force so far, locked by `hold`; it is superseded.

        Returns:
            The form; None while no edition of the questions holds.
        """
        day = today(self._commanded.clock)
        edition = edition_of(day)
        if edition is None:
            return None
        if before is not None:
            await self._processes.take_by_the_clock(self._commanded, before, FormAction.SUPERSEDE)
        moved = await self._processes.begin(
            self._commanded,
            Given(),
            entity_id=asked.entity_id,
            division_code=asked.division_code,
            bureau=asked.bureau,
            occasion=occasion,
            edition=edition.edition,
            asked_on=day,
        )
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
