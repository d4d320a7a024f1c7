"""Commands about questionnaires 问卷: hand out, count the returns."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.pairing import QuestionnaireRecorded
from contracts.vocabulary import CallerRole, QuestionnaireState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.problems import CONFLICT, NOT_FOUND
from kit.records import next_state
from services.pairing.domain.misfit import Misfit
from services.pairing.handlers.refusals import PAIRERS, holds_from, refuse_misfits
from services.pairing.repository.facts import find_association
from services.pairing.repository.outreach import QUESTIONNAIRES

ASKERS: Final = PAIRERS | {CallerRole.ASSOCIATION}
"""Who may hand out questionnaires: associations do, and who may pair."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A questionnaire as it was handed out, on a day; today where none is given."""

    association_id: UUID
    subject: str
    handed_out: int
    handed_out_on: date | None


class Questionnaires:
    """Carries out commands about questionnaires.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection

    async def hand_out(self, stated: HandedOut) -> QuestionnaireRecorded:
        """Record that a questionnaire was handed out.

        Raises:
            Problem: `not-found` where the association isn't known, `forbidden`, `invalid` where the day is in the
                future, or `conflict` where the association is closed.
        """
        day = holds_from("/handedOutOn", stated.handed_out_on, today=today(self._commanded.clock))
        association = await find_association(self._connection, stated.association_id)
        if association is None:
            missing = Misfit("/associationId", "names no association that is known yet", "所指协会尚未收到或编号有误")
            refuse_misfits([missing], NOT_FOUND)
            raise LookupError(stated.association_id)
        allow(self._commanded.caller, ASKERS, association.division_code)
        if not association.active:
            refuse_misfits([Misfit("/associationId", "is closed", "该协会已撤销")], CONFLICT)
        made = QuestionnaireRecorded(
            questionnaire_id=new_id(),
            version=1,
            association_id=stated.association_id,
            subject=stated.subject,
            handed_out=stated.handed_out,
            handed_out_on=day,
            state=QuestionnaireState.HANDED_OUT,
            division_code=association.division_code,
            bureau=association.bureau,
            effective_on=day,
            recorded_at=self._commanded.clock.now(),
        )
        await QUESTIONNAIRES.store(self._commanded, [made])
        return made

    async def count(self, questionnaire_id: UUID, expected_version: int, returned: int) -> QuestionnaireRecorded:
        """Record how many came back; counted again, the newer count holds.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `invalid` where more came back than went out.
        """
        known = await QUESTIONNAIRES.lock(self._connection, questionnaire_id)
        expect(known, expected_version, "questionnaire", "问卷")
        if known is None:
            raise LookupError(questionnaire_id)
        allow(self._commanded.caller, ASKERS, known.division_code)
        if returned > known.handed_out:
            more = f"is more than the {known.handed_out} that were handed out"
            refuse_misfits([Misfit("/returned", more, f"多于发放的{known.handed_out}份")])
        counted = next_state(self._commanded, known, state=QuestionnaireState.COUNTED, returned=returned)
        await QUESTIONNAIRES.store(self._commanded, [counted])
        return counted
