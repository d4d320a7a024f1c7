"""Bodies of the commands about who does the work."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.vocabulary import Bureau, BureauKind, CadreState, CallerRole, UnitState
from kit.commands import Body
from services.ledgers.handlers.lines import StatedDivision

MOST_DIVISIONS = 5000

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Field(description="名称.")
]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$"), Field(description="行政区划, 12 digits.")]
Expected = Annotated[int, Field(ge=1, description="The version on which this was decided.")]
EffectiveOn = Annotated[date | None, Field(description="Day from which it holds; today where not given.")]


class DivisionBody(Body):
    """A division as it is stated."""

    division_code: Code
    name: Name
    state: UnitState = UnitState.ACTIVE

    def stated(self) -> StatedDivision:
        """Return what is stated."""
        return StatedDivision(self.division_code, self.name, self.state)


class RecordDivisions(Body):
    """Command: these divisions are as stated; all others stay as they are."""

    divisions: Annotated[Sequence[DivisionBody], Field(min_length=1, max_length=MOST_DIVISIONS)]
    effective_on: EffectiveOn = None


class SetUpBureau(Body):
    """Command: set up a bureau or a station."""

    name: Name
    kind: BureauKind
    parent_id: Annotated[UUID | None, Field(description="The bureau that a station belongs to.")] = None
    bureau: Annotated[Bureau, Field(description="The line 条.")] = Bureau.MARKET_REGULATION
    division_code: Code
    state: UnitState = UnitState.ACTIVE
    effective_on: EffectiveOn = None


class ChangeBureau(SetUpBureau):
    """Command: replace the facts of a bureau or a station."""

    expected_version: Expected


class SetUpAssociation(Body):
    """Command: set up an association or a sub-association."""

    name: Name
    parent_id: Annotated[UUID | None, Field(description="The association that a sub-association belongs to.")] = None
    bureau: Annotated[Bureau, Field(description="The line 条 beside which it stands.")] = Bureau.MARKET_REGULATION
    division_code: Code
    state: UnitState = UnitState.ACTIVE
    effective_on: EffectiveOn = None


class ChangeAssociation(SetUpAssociation):
    """Command: replace the facts of an association."""

    expected_version: Expected


class RecordCadre(Body):
    """Command: a cadre took up their work."""

    name: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
        Field(description="姓名; encrypted, told to nobody."),
    ] = None
    bureau_id: Annotated[UUID | None, Field(description="The bureau or station that they work at.")] = None
    association_id: Annotated[UUID | None, Field(description="The association that they work at.")] = None
    bureau: Annotated[Bureau, Field(description="The line 条 of their unit.")] = Bureau.MARKET_REGULATION
    division_code: Code
    state: CadreState = CadreState.ACTIVE
    effective_on: EffectiveOn = None


class ChangeCadre(RecordCadre):
    """Command: replace the facts of a cadre; a name that isn't given stays."""

    expected_version: Expected


class GiveMandate(Body):
    """Command: an account may act as this, here, for this time."""

    subject: Annotated[
        str, StringConstraints(min_length=1, max_length=200), Field(description="Claim `sub` of the account's tokens.")
    ]
    cadre_id: Annotated[UUID | None, Field(description="The cadre whose account it is.")] = None
    role: CallerRole
    bureau: Annotated[Bureau | None, Field(description="Only in this line, where one is given.")] = None
    division_code: Code
    valid_from: Annotated[date | None, Field(description="First day; today where not given.")] = None
    valid_until: Annotated[date | None, Field(description="Last day, included.")] = None


class RevokeMandate(Body):
    """Command: revoke a mandate."""

    expected_version: Expected
