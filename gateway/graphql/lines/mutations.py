"""What can be commanded about who does the work: each goes to the ledgers, which own it."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import Bureau, BureauKind, CadreState, CallerRole, UnitState
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment

_OWNER: Final = Owner.LEDGERS

Id = Annotated[strawberry.ID, strawberry.argument(description="Its id 编号")]


@strawberry.input(description="A division as it is stated 行政区划信息")
class DivisionInput:
    """A division as it is stated."""

    division_code: str = strawberry.field(description="Division code, 12 digits 行政区划代码")
    name: str = strawberry.field(description="Name 名称")
    state: UnitState = strawberry.field(description="CLOSED once it is no more 状态", default=UnitState.ACTIVE)


@strawberry.input(description="The facts of a bureau or a station 部门信息")
class BureauInput:
    """The facts of a bureau or a station."""

    name: str = strawberry.field(description="Name 名称")
    kind: BureauKind = strawberry.field(description="A bureau, or a station of one 类别")
    division_code: str = strawberry.field(description="Division code, 12 digits 行政区划代码")
    parent_id: strawberry.ID | None = strawberry.field(
        description="The bureau that a station belongs to 主管部门", default=None
    )
    bureau: Bureau = strawberry.field(description="Bureau line 条线", default=Bureau.MARKET_REGULATION)
    state: UnitState = strawberry.field(description="CLOSED once it is no more 状态", default=UnitState.ACTIVE)


@strawberry.input(description="The facts of an association 协会信息")
class AssociationInput:
    """The facts of an association."""

    name: str = strawberry.field(description="Name 名称")
    division_code: str = strawberry.field(description="Division code, 12 digits 行政区划代码")
    parent_id: strawberry.ID | None = strawberry.field(
        description="The association that it belongs to 上级协会", default=None
    )
    bureau: Bureau = strawberry.field(description="Bureau line 条线", default=Bureau.MARKET_REGULATION)
    state: UnitState = strawberry.field(description="CLOSED once it is no more 状态", default=UnitState.ACTIVE)


@strawberry.input(description="The facts of a cadre 干部信息")
class CadreInput:
    """The facts of a cadre."""

    division_code: str = strawberry.field(description="Division code, 12 digits 行政区划代码")
    name: str | None = strawberry.field(
        description="Full name; kept sealed, shown to nobody 姓名（加密保存）", default=None
    )
    bureau_id: strawberry.ID | None = strawberry.field(description="Where they work 所在部门", default=None)
    association_id: strawberry.ID | None = strawberry.field(
        description="The association where they work 所在协会", default=None
    )
    bureau: Bureau = strawberry.field(description="Bureau line 条线", default=Bureau.MARKET_REGULATION)
    state: CadreState = strawberry.field(
        description="LEFT once they work there no more 状态", default=CadreState.ACTIVE
    )


@strawberry.input(description="Who may act as what, where, until when 授权信息")
class MandateInput:
    """Who may act as what, where, until when."""

    subject: str = strawberry.field(description="Claim sub of the account's tokens 账号标识")
    role: CallerRole = strawberry.field(description="As what 身份")
    division_code: str = strawberry.field(description="Division code, 12 digits 行政区划代码")
    bureau: Bureau | None = strawberry.field(description="Only in this line, where one is given 条线", default=None)
    cadre_id: strawberry.ID | None = strawberry.field(description="The cadre whose account it is 干部", default=None)
    valid_from: date | None = strawberry.field(description="First day; today where not given 起始日期", default=None)
    valid_until: date | None = strawberry.field(description="Last day, included 截止日期", default=None)


Divisions = Annotated[list[DivisionInput], strawberry.argument(description="Divisions as they are stated 行政区划")]
BureauFacts = Annotated[BureauInput, strawberry.argument(description="Its facts 部门信息")]
AssociationFacts = Annotated[AssociationInput, strawberry.argument(description="Its facts 协会信息")]
CadreFacts = Annotated[CadreInput, strawberry.argument(description="Their facts 干部信息")]
MandateFacts = Annotated[MandateInput, strawberry.argument(description="The mandate 授权信息")]


async def _divisions(
    info: Info[Call, None],
    divisions: Divisions,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"divisions": [strawberry.asdict(one) for one in divisions], "effective_on": effective_on}
    address = Address(_OWNER, "POST", "/divisions/batch")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _new_bureau(
    info: Info[Call, None],
    bureau: BureauFacts,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(bureau) | {"effective_on": effective_on}
    address = Address(_OWNER, "POST", "/bureaus")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _change_bureau(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    bureau: BureauFacts,
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(bureau) | {"expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "PUT", f"/bureaus/{segment(id)}")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _new_association(
    info: Info[Call, None],
    association: AssociationFacts,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(association) | {"effective_on": effective_on}
    address = Address(_OWNER, "POST", "/associations")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _change_association(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    association: AssociationFacts,
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(association) | {"expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "PUT", f"/associations/{segment(id)}")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _new_cadre(
    info: Info[Call, None],
    cadre: CadreFacts,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(cadre) | {"effective_on": effective_on}
    address = Address(_OWNER, "POST", "/cadres")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _change_cadre(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    cadre: CadreFacts,
    expected_version: Version,
    idempotency_key: Key,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(cadre) | {"expected_version": expected_version, "effective_on": effective_on}
    address = Address(_OWNER, "PUT", f"/cadres/{segment(id)}")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _give_mandate(
    info: Info[Call, None],
    mandate: MandateFacts,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = strawberry.asdict(mandate)
    address = Address(_OWNER, "POST", "/mandates")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _revoke_mandate(
    info: Info[Call, None],
    id: Id,  # noqa: A002 - what the graph calls it
    expected_version: Version,
    idempotency_key: Key,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {"expected_version": expected_version}
    address = Address(_OWNER, "POST", f"/mandates/{segment(id)}/revocation")
    return await give(info, address, body, idempotency_key, correlation_id)


@strawberry.type
class LineMutations:
    """What can be commanded about who does the work."""

    record_divisions: CommandResult = strawberry.mutation(
        resolver=_divisions, description="Take in divisions together; all others stay as they are 行政区划入账"
    )
    set_up_bureau: CommandResult = strawberry.mutation(
        resolver=_new_bureau, description="Set up a bureau or a station 设立部门或所"
    )
    change_bureau: CommandResult = strawberry.mutation(
        resolver=_change_bureau, description="Replace the facts of a bureau 变更部门"
    )
    set_up_association: CommandResult = strawberry.mutation(
        resolver=_new_association, description="Set up an association 成立协会"
    )
    change_association: CommandResult = strawberry.mutation(
        resolver=_change_association, description="Replace the facts of an association 变更协会"
    )
    record_cadre: CommandResult = strawberry.mutation(
        resolver=_new_cadre, description="A cadre took up their work 干部到岗"
    )
    change_cadre: CommandResult = strawberry.mutation(
        resolver=_change_cadre, description="Replace the facts of a cadre 变更干部"
    )
    give_mandate: CommandResult = strawberry.mutation(
        resolver=_give_mandate, description="Let an account act within bounds 授权"
    )
    revoke_mandate: CommandResult = strawberry.mutation(
        resolver=_revoke_mandate, description="Revoke a mandate, from now on 撤销授权"
    )
