"""What can be commanded about annual reports and discrepancies: each goes to registration."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import DiscrepancyAction
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, give, segment
from gateway.graphql.processes.steps import Day, Given, Key, ProcessId, Saga, Version, take_step
from gateway.graphql.registration.inputs import PartyBuildingInput

_OWNER: Final = Owner.REGISTRATION

Stated = Annotated[PartyBuildingInput, strawberry.argument(description="Its answers 党建信息")]
Note = Annotated[str | None, strawberry.argument(description="The reason, free text; kept sealed 理由（加密保存）")]
For = Annotated[str | None, strawberry.argument(description="For whom it is filed; kept sealed 代办对象（加密保存）")]


async def _file(
    info: Info[Call, None],
    entity_id: Annotated[strawberry.ID, strawberry.argument(description="The entity 主体编号")],
    year: Annotated[int, strawberry.argument(description="The year that is reported on; it is over 报告年度")],
    party_building: Stated,
    idempotency_key: Key,
    *,
    filed_on: Annotated[
        date | None, strawberry.argument(description="Day on which it was filed; today without it 报送日期")
    ] = None,
    note: Note = None,
    on_behalf_of: For = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {
        "entity_id": entity_id,
        "year": year,
        "filed_on": filed_on,
        "party_building": strawberry.asdict(party_building),
        "note": note,
        "on_behalf_of": on_behalf_of,
    }
    return await give(info, Address(_OWNER, "POST", "/annual-reports"), body, idempotency_key, correlation_id)


async def _correct(
    info: Info[Call, None],
    id: Annotated[strawberry.ID, strawberry.argument(description="Id of the report 年报编号")],  # noqa: A002 - as above
    party_building: Stated,
    expected_version: Version,
    idempotency_key: Key,
    *,
    note: Note = None,
    on_behalf_of: For = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = {
        "party_building": strawberry.asdict(party_building),
        "expected_version": expected_version,
        "note": note,
        "on_behalf_of": on_behalf_of,
    }
    address = Address(_OWNER, "PUT", f"/annual-reports/{segment(id)}")
    return await give(info, address, body, idempotency_key, correlation_id)


async def _step(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    action: Annotated[DiscrepancyAction, strawberry.argument(description="What is done 步骤")],
    expected_version: Version,
    idempotency_key: Key,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    return await take_step(
        info,
        owner=_OWNER,
        path="/discrepancies",
        process_id=id,
        action=action,
        expected_version=expected_version,
        given=given,
        effective_on=effective_on,
        idempotency_key=idempotency_key,
        correlation_id=correlation_id,
    )


@strawberry.type
class AnnualReportMutations:
    """What can be commanded about annual reports and discrepancies."""

    file_annual_report: CommandResult = strawberry.mutation(
        resolver=_file, description="File the annual report of an entity; what differs is opened 报送年报"
    )
    correct_annual_report: CommandResult = strawberry.mutation(
        resolver=_correct, description="Correct an annual report by filing it again 更正年报"
    )
    step_discrepancy: CommandResult = strawberry.mutation(
        resolver=_step, description="Explain a discrepancy, close it, or open it again 办理年报差异"
    )
