"""Questionnaires 问卷 that an association hands out; who answered what is nobody's to keep here."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.events.pairing.facts import BUREAU, DIVISION, EFFECTIVE, RECORDED, VERSION
from contracts.vocabulary import Bureau, QuestionnaireState


class QuestionnaireRecorded(EventData):
    """Whole state of a questionnaire: how many were handed out, and how many came back."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.questionnaire.recorded.v1"
    topic: ClassVar[str] = "pairing-questionnaire"
    meaning: ClassVar[str] = "A questionnaire was handed out, or its returns were counted."
    meaning_zh: ClassVar[str] = "问卷发放及回收"

    questionnaire_id: Annotated[UUID, Field(description="Id of the questionnaire.")]
    version: Annotated[Version, VERSION]
    association_id: Annotated[UUID, Field(description="The association that hands it out.")]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=200), Field(description="主题.")]
    handed_out: Annotated[int, Field(ge=1, description="Copies handed out 发放份数.")]
    handed_out_on: Annotated[date, Field(description="Day of handing out, Asia/Shanghai.")]
    returned: Annotated[
        int | None,
        Field(ge=0, description="Copies that came back 回收份数, at most as many; absent while not counted."),
    ] = None
    state: Annotated[QuestionnaireState, Field(description="COUNTED once the returns are known.")]
    division_code: Annotated[DivisionCode, DIVISION]
    bureau: Annotated[Bureau, BUREAU]
    effective_on: Annotated[date, EFFECTIVE]
    recorded_at: Annotated[RecordedAt, RECORDED]

    @property
    def key(self) -> str:
        """Record key: the questionnaire's id."""
        return str(self.questionnaire_id)


EVENTS: Final[tuple[type[EventData], ...]] = (QuestionnaireRecorded,)
