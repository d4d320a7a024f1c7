"""Bodies of the commands about members."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.vocabulary import LeavingReason, MemberStanding
from kit.commands import Body
from services.ledgers.api.line_bodies import EffectiveOn, Expected
from services.ledgers.handlers.members import Placement, Stated
from services.ledgers.handlers.persons import StatedPerson

FullName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    Field(description="姓名; encrypted, shown masked."),
]
IdNumber = Annotated[
    str | None,
    StringConstraints(min_length=1, max_length=40),
    Field(description="公民身份号码 (GB 11643); encrypted, told to nobody."),
]
Telephone = Annotated[
    str | None,
    StringConstraints(min_length=1, max_length=40),
    Field(description="联系电话 of the mainland; encrypted, told to nobody."),
]
BornIn = Annotated[
    str | None,
    StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
    Field(description="出生年月, YYYY-MM; with an ID number it follows from that."),
]


class Place(Body):
    """Where a member works, is related and is managed; each may be left out where it isn't known."""

    standing: Annotated[MemberStanding, Field(description="正式 or 预备.")]
    workplace_entity_id: Annotated[UUID | None, Field(description="从业主体.")] = None
    relation_organisation_id: Annotated[UUID | None, Field(description="组织关系.")] = None
    management_organisation_id: Annotated[UUID | None, Field(description="管理.")] = None
    effective_on: EffectiveOn = None

    def stated_places(self) -> Stated:
        """Return standing and the three places."""
        return Stated(
            self.standing,
            Placement(self.workplace_entity_id, self.relation_organisation_id, self.management_organisation_id),
        )


class RecordMember(Place):
    """Command: take a member into the ledger."""

    name: FullName
    id_number: IdNumber = None
    telephone: Telephone = None
    born_in: BornIn = None

    def person(self) -> StatedPerson:
        """Return what it states of the person."""
        return StatedPerson(self.name, self.id_number, self.telephone, self.born_in)


class PlaceMember(Place):
    """Command: replace standing and places of a member."""

    expected_version: Expected


class MemberLeaves(Body):
    """Command: a member counts here no more."""

    expected_version: Expected
    reason: Annotated[
        LeavingReason, Field(description="Why 出册原因; of a record merged into another it is told alone.")
    ]
    effective_on: EffectiveOn = None


class EraseMember(Body):
    """Command: erase all that is kept of a member."""

    expected_version: Expected
