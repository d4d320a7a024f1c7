"""What can be commanded about forms, commitments and applications: each goes to registration."""

from datetime import date
from typing import Annotated, Final

import strawberry
from strawberry.types import Info

from contracts.vocabulary import ApplicationAction, CommitmentAction, CommitmentKind, FormAction
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, give
from gateway.graphql.processes.steps import Day, Given, Key, ProcessId, Saga, Version, given_body, take_step
from gateway.graphql.registration.inputs import Answers, PapersInput, answers_body

_OWNER: Final = Owner.REGISTRATION


async def _step_form(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    action: Annotated[FormAction, strawberry.argument(description="What is done 步骤")],
    expected_version: Version,
    idempotency_key: Key,
    *,
    party_building: Answers = None,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    return await take_step(
        info,
        owner=_OWNER,
        path="/party-building-forms",
        process_id=id,
        action=action,
        expected_version=expected_version,
        given=given,
        effective_on=effective_on,
        idempotency_key=idempotency_key,
        correlation_id=correlation_id,
        party_building=answers_body(party_building),
    )


async def _sign(
    info: Info[Call, None],
    entity_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the entity 主体编号")],
    kind: Annotated[CommitmentKind, strawberry.argument(description="What is promised 承诺类型")],
    promised_until: Annotated[date, strawberry.argument(description="Last day of what is promised 承诺期限")],
    idempotency_key: Key,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = given_body(given) | {
        "entity_id": entity_id,
        "kind": kind,
        "promised_until": promised_until,
        "effective_on": effective_on,
    }
    return await give(info, Address(_OWNER, "POST", "/commitments"), body, idempotency_key, correlation_id)


async def _step_commitment(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    action: Annotated[CommitmentAction, strawberry.argument(description="What is done 步骤")],
    expected_version: Version,
    idempotency_key: Key,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    return await take_step(
        info,
        owner=_OWNER,
        path="/commitments",
        process_id=id,
        action=action,
        expected_version=expected_version,
        given=given,
        effective_on=effective_on,
        idempotency_key=idempotency_key,
        correlation_id=correlation_id,
    )


async def _apply(
    info: Info[Call, None],
    papers: Annotated[PapersInput, strawberry.argument(description="What is applied for 申请材料")],
    division_code: Annotated[str, strawberry.argument(description="Division of the place of business 行政区划代码")],
    idempotency_key: Key,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    body = given_body(given) | {
        "papers": strawberry.asdict(papers),
        "division_code": division_code,
        "effective_on": effective_on,
    }
    return await give(info, Address(_OWNER, "POST", "/applications"), body, idempotency_key, correlation_id)


async def _step_application(
    info: Info[Call, None],
    id: ProcessId,  # noqa: A002 - what the graph calls it
    action: Annotated[ApplicationAction, strawberry.argument(description="What is done 步骤")],
    expected_version: Version,
    idempotency_key: Key,
    *,
    papers: Annotated[
        PapersInput | None, strawberry.argument(description="With REAPPLY: the papers as they were mended 补正材料")
    ] = None,
    uscc: Annotated[
        str | None,
        strawberry.argument(description="With REGISTER: the code that the household is given 统一社会信用代码"),
    ] = None,
    party_building: Answers = None,
    given: Given = None,
    effective_on: Day = None,
    correlation_id: Saga = None,
) -> CommandResult:
    return await take_step(
        info,
        owner=_OWNER,
        path="/applications",
        process_id=id,
        action=action,
        expected_version=expected_version,
        given=given,
        effective_on=effective_on,
        idempotency_key=idempotency_key,
        correlation_id=correlation_id,
        papers=None if papers is None else strawberry.asdict(papers),
        uscc=uscc,
        party_building=answers_body(party_building),
    )


@strawberry.type
class RegistrationMutations:
    """What can be commanded about forms, commitments and applications."""

    step_party_building_form: CommandResult = strawberry.mutation(
        resolver=_step_form, description="Answer a Party-building form, or correct it 填报或更正采集表"
    )
    sign_credit_commitment: CommandResult = strawberry.mutation(
        resolver=_sign, description="Take in a credit commitment that an entity signed 签署信用承诺"
    )
    step_credit_commitment: CommandResult = strawberry.mutation(
        resolver=_step_commitment, description="Take a step of a credit commitment 办理信用承诺"
    )
    apply_for_registration: CommandResult = strawberry.mutation(
        resolver=_apply, description="Apply to register a household online 申请网上登记"
    )
    step_application: CommandResult = strawberry.mutation(
        resolver=_step_application, description="Take a step of an application 办理网上登记"
    )
