"""Reorganisations of organisations 党组织设置调整. Restricted: who goes where names members by their ids."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import DivisionCode, EventData
from contracts.events.ledgers.organisations import MOST_ENTITIES
from contracts.events.processes import ProcessMoved
from contracts.vocabulary import (
    FormationMode,
    OrganisationForm,
    ReorganisationAction,
    ReorganisationKind,
    ReorganisationState,
)

MOST_SUCCESSORS = 5_000
"""Members who are named one by one at the most."""


class ProposedOrganisation(EventData):
    """An organisation as it is to be founded."""

    form: Annotated[OrganisationForm, Field(description="党支部, 联合党支部, 党总支 or 党委.")]
    mode: Annotated[FormationMode, Field(description="组建方式.")]
    entity_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_ENTITIES, description="The entities it will cover.")]
    superior_id: Annotated[UUID | None, Field(description="The organisation above it.")] = None
    association_id: Annotated[UUID | None, Field(description="The association whose branch it will be.")] = None
    founded_on: Annotated[date | None, Field(description="成立日期, where it is decided.")] = None


class MemberSuccessor(EventData):
    """Where one member of a dissolved organisation goes."""

    member_id: Annotated[UUID, Field(description="The member.")]
    organisation_id: Annotated[UUID, Field(description="接收党组织.")]


class ReorganisationMoved(ProcessMoved):
    """Whole state of a reorganisation. Nothing about the organisations changes before it is CARRIED_OUT."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.reorganisation.moved.v1"
    topic: ClassVar[str] = "ledgers-reorganisation"
    meaning: ClassVar[str] = "The founding, renaming, merging or dissolution of an organisation went a step further."
    meaning_zh: ClassVar[str] = "党组织设置调整办理进展"

    kind: Annotated[ReorganisationKind, Field(description="成立, 更名, 合并 or 撤销.")]
    organisation_id: Annotated[
        UUID, Field(description="The organisation; with FOUND the id that it will have once it is founded.")
    ]
    target_id: Annotated[UUID | None, Field(description="With MERGE: 并入的党组织, which takes all over.")] = None
    name: Annotated[
        str | None,
        StringConstraints(min_length=1, max_length=200),
        Field(description="With FOUND and RENAME: its name 名称."),
    ] = None
    founding: Annotated[ProposedOrganisation | None, Field(description="With FOUND: what it will be.")] = None
    successor_id: Annotated[
        UUID | None, Field(description="With DISSOLVE: where its members go 接收党组织, unless they are named below.")
    ] = None
    successors: Annotated[
        tuple[MemberSuccessor, ...],
        Field(max_length=MOST_SUCCESSORS, description="With DISSOLVE: members who go elsewhere, one by one."),
    ]
    superior_division_code: Annotated[DivisionCode, Field(description="行政区划 of the superior side, which approves.")]
    state: Annotated[ReorganisationState, Field(description="State after the step.")]
    action: Annotated[ReorganisationAction, Field(description="The step.")]


EVENTS: Final[tuple[type[EventData], ...]] = (ReorganisationMoved,)
