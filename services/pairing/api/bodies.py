"""Bodies of the commands about assignments and alliances, and of what is answered."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.vocabulary import (
    AllianceSide,
    AllianceState,
    AssignmentRole,
    AssignmentState,
    AssignmentTarget,
    Bureau,
)
from kit.commands import Body
from services.pairing.domain.alliance import Alliance, Party
from services.pairing.domain.assignment import Assignment

MOST_PARTIES: Final = 500
"""Parties of an alliance, at the most; as its event says."""

Division = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
_EXPECTED: Final = Field(ge=1, description="The version on which this was decided.")


class Assign(Body):
    """Command: assign a cadre 选派."""

    cadre_id: Annotated[UUID, Field(description="The cadre 干部.")]
    role: Annotated[AssignmentRole, Field(description="指导员, 第一书记, 联系干部 or 专职党建工作者.")]
    target: Annotated[AssignmentTarget, Field(description="An entity or an organisation.")]
    target_id: Annotated[UUID, Field(description="Id of it.")]
    starts_on: Annotated[date | None, Field(description="First day; today where not given.")] = None


class EndAssignment(Body):
    """Command: end an assignment."""

    expected_version: Annotated[int, _EXPECTED]
    ended_on: Annotated[date | None, Field(description="Day from which it holds no more; today where not given.")] = (
        None
    )


class AssignmentNow(Body):
    """An assignment as pairing knows it."""

    id: UUID
    version: int
    cadre_id: UUID
    role: AssignmentRole
    target: AssignmentTarget
    target_id: UUID
    uscc: str | None
    state: AssignmentState
    starts_on: date
    ended_on: date | None
    division_code: str
    bureau: Bureau
    effective_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, known: Assignment) -> Self:
        """Return the body of an assignment."""
        return cls(
            id=known.assignment_id,
            version=known.version,
            cadre_id=known.cadre_id,
            role=known.role,
            target=known.target,
            target_id=known.target_id,
            uscc=known.uscc,
            state=known.state,
            starts_on=known.starts_on,
            ended_on=known.ended_on,
            division_code=known.division_code,
            bureau=known.bureau,
            effective_on=known.effective_on,
            recorded_at=known.recorded_at,
        )


class PartyBody(Body):
    """A party of an alliance, with exactly one of the ids."""

    side: Annotated[AllianceSide, Field(description="群众, 企业 or 街道.")]
    entity_id: Annotated[UUID | None, Field(description="An entity, on the enterprises' side 企业.")] = None
    organisation_id: Annotated[UUID | None, Field(description="A Party organisation, on any side.")] = None
    association_id: Annotated[UUID | None, Field(description="An association, on the masses' side 群众.")] = None
    division_code: Annotated[Division | None, Field(description="A township or subdistrict, on its own side 街道.")] = (
        None
    )

    def party(self) -> Party:
        """Return the party."""
        return Party(
            side=self.side,
            entity_id=self.entity_id,
            organisation_id=self.organisation_id,
            association_id=self.association_id,
            division_code=self.division_code,
        )

    @classmethod
    def of(cls, party: Party) -> Self:
        """Return the body of a party."""
        return cls(
            side=party.side,
            entity_id=party.entity_id,
            organisation_id=party.organisation_id,
            association_id=party.association_id,
            division_code=party.division_code,
        )


class FormAlliance(Body):
    """Command: form an alliance 组建党建联合体, with at least one party on each of the three sides."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$"),
        Field(description="名称."),
    ]
    division_code: Annotated[Division, Field(description="行政区划 that it works in.")]
    parties: Annotated[Sequence[PartyBody], Field(max_length=MOST_PARTIES)]
    formed_on: Annotated[date | None, Field(description="成立日期; today where not given.")] = None


class DissolveAlliance(Body):
    """Command: dissolve an alliance."""

    expected_version: Annotated[int, _EXPECTED]
    effective_on: Annotated[date | None, Field(description="Day from which it is no more; today where not given.")] = (
        None
    )


class AllianceNow(Body):
    """An alliance as pairing knows it."""

    id: UUID
    version: int
    name: str
    parties: Sequence[PartyBody]
    state: AllianceState
    formed_on: date
    division_code: str
    bureau: Bureau
    effective_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, known: Alliance) -> Self:
        """Return the body of an alliance."""
        return cls(
            id=known.alliance_id,
            version=known.version,
            name=known.name,
            parties=[PartyBody.of(one) for one in known.parties],
            state=known.state,
            formed_on=known.formed_on,
            division_code=known.division_code,
            bureau=known.bureau,
            effective_on=known.effective_on,
            recorded_at=known.recorded_at,
        )
