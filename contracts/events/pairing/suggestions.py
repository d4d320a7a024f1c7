"""Partners suggested 结对推荐."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.events.base import DivisionCode, EventData, Explained, RecordedAt, Uscc, Version
from contracts.events.pairing.facts import BUREAU, DIVISION, EFFECTIVE, RECORDED, VERSION
from contracts.vocabulary import Bureau, SuggestionState


class RecordedSuggestion(EventData):
    """Whole state of a suggested partner for an entity that must found an organisation."""

    topic: ClassVar[str] = "pairing-suggestion"

    suggestion_id: Annotated[UUID, Field(description="Id of the suggestion.")]
    version: Annotated[Version, VERSION]
    entity_id: Annotated[UUID, Field(description="The entity that must found an organisation.")]
    uscc: Annotated[Uscc, Field(description="The entity's code.")]
    partner_organisation_id: Annotated[
        UUID | None, Field(description="The organisation that should help; none while there is no fit one.")
    ] = None
    reasons: Annotated[tuple[Explained, ...], Field(description="Why this one, or why none.")]
    state: Annotated[SuggestionState, Field(description="SETTLED once the entity need not found one any more.")]
    division_code: Annotated[DivisionCode, DIVISION]
    bureau: Annotated[Bureau, BUREAU]
    effective_on: Annotated[date, EFFECTIVE]
    recorded_at: Annotated[RecordedAt, RECORDED]

    @property
    def key(self) -> str:
        """Record key: the suggestion's id."""
        return str(self.suggestion_id)


class SuggestionMade(RecordedSuggestion):
    """A partner was suggested, or another one."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.suggestion.made.v1"
    meaning: ClassVar[str] = "A partner was suggested, with reasons, for an entity that must found an organisation."
    meaning_zh: ClassVar[str] = "为应建未建主体推荐结对组织"


class SuggestionSettled(RecordedSuggestion):
    """A suggestion is settled."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.suggestion.settled.v1"
    meaning: ClassVar[str] = "The entity need not found an organisation any more; the suggestion is settled."
    meaning_zh: ClassVar[str] = "结对推荐了结"


EVENTS: Final[tuple[type[EventData], ...]] = (SuggestionMade, SuggestionSettled)
