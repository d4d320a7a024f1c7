"""Alliances of masses, enterprises and subdistrict 党建联合体."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData, RecordedAt, Version
from contracts.events.pairing.facts import BUREAU, DIVISION, EFFECTIVE, RECORDED, VERSION
from contracts.vocabulary import AllianceSide, AllianceState, Bureau


class AllianceParty(EventData):
    """One party of an alliance, on one of its sides; exactly one of its four ids is there."""

    side: Annotated[AllianceSide, Field(description="群众, 企业 or 街道.")]
    entity_id: Annotated[UUID | None, Field(description="An entity, on the enterprises' side.")] = None
    organisation_id: Annotated[UUID | None, Field(description="A Party organisation.")] = None
    association_id: Annotated[UUID | None, Field(description="An association, on the masses' side.")] = None
    division_code: Annotated[DivisionCode | None, Field(description="A subdistrict, on its own side.")] = None


class RecordedAlliance(EventData):
    """Whole state of an alliance of 群众+企业+街道 (domain rule 11): at least one party on each side."""

    topic: ClassVar[str] = "pairing-alliance"

    alliance_id: Annotated[UUID, Field(description="Id of the alliance.")]
    version: Annotated[Version, VERSION]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200), Field(description="名称.")]
    parties: Annotated[tuple[AllianceParty, ...], Field(min_length=3, max_length=500, description="Who takes part.")]
    state: Annotated[AllianceState, Field(description="DISSOLVED once it is no more.")]
    formed_on: Annotated[date, Field(description="成立日期.")]
    division_code: Annotated[DivisionCode, DIVISION]
    bureau: Annotated[Bureau, BUREAU]
    effective_on: Annotated[date, EFFECTIVE]
    recorded_at: Annotated[RecordedAt, RECORDED]

    @property
    def key(self) -> str:
        """Record key: the alliance's id."""
        return str(self.alliance_id)


class AllianceFormed(RecordedAlliance):
    """An alliance was formed."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.alliance.formed.v1"
    meaning: ClassVar[str] = "An alliance of masses, enterprises and subdistrict was formed."
    meaning_zh: ClassVar[str] = "“群众+企业+街道”党建联合体成立"


class AllianceDissolved(RecordedAlliance):
    """An alliance was dissolved."""

    event_type: ClassVar[str] = "cn.lianhe.pairing.alliance.dissolved.v1"
    meaning: ClassVar[str] = "An alliance was dissolved; its record stays."
    meaning_zh: ClassVar[str] = "党建联合体解散"


EVENTS: Final[tuple[type[EventData], ...]] = (AllianceFormed, AllianceDissolved)
