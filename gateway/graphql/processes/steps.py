"""A step of a process as a mutation, whichever process it is."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from contracts.vocabulary.word import Word
from gateway.commands import Owner
from gateway.graphql.calls import Call
from gateway.graphql.commands import Address, CommandResult, Day, Key, Saga, Version, give, segment

ProcessId = Annotated[strawberry.ID, strawberry.argument(description="Id of the process 流程编号")]


@strawberry.input(description="What comes with a step 步骤附带内容")
class GivenInput:
    """What comes with a step of a process."""

    note: str | None = strawberry.field(description="The reason, free text; kept sealed 理由（加密保存）", default=None)
    on_behalf_of: str | None = strawberry.field(
        description="For whom it is recorded; kept sealed 代办对象（加密保存）", default=None
    )
    evidence_ids: list[strawberry.ID] | None = strawberry.field(
        description="Files uploaded to the owner before 佐证材料编号", default=None
    )


Given = Annotated[GivenInput | None, strawberry.argument(description="What comes with it 附带内容")]


def given_body(given: GivenInput | None) -> dict[str, object]:
    """Return what comes with a step as the owner takes it."""
    return {} if given is None else dict(strawberry.asdict(given))


async def take_step(
    info: Info[Call, None],
    *,
    owner: Owner,
    path: str,
    process_id: strawberry.ID,
    action: Word,
    expected_version: int,
    given: GivenInput | None,
    effective_on: Day,
    idempotency_key: str,
    correlation_id: strawberry.ID | None,
    **facts: object,
) -> CommandResult:
    """Give a step to the owner of a process, and wait until the graph shows it.

    Args:
        info: of the request.
        owner: of the process.
        path: of its kind, as `/transfers`.
        process_id: which one.
        action: what is done.
        expected_version: on which it was decided.
        given: what comes with it.
        effective_on: day from which it holds.
        idempotency_key: the caller's.
        correlation_id: of what this follows from.
        facts: what this step states beyond that.
    """
    body = given_body(given) | facts
    body |= {"action": action, "expected_version": expected_version, "effective_on": effective_on}
    address = Address(owner, "POST", f"{path}/{segment(process_id)}/steps")
    return await give(info, address, body, idempotency_key, correlation_id)


__all__ = ["Day", "Given", "GivenInput", "Key", "ProcessId", "Saga", "Version", "given_body", "take_step"]
