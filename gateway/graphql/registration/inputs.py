"""What commands about registrations state."""

from typing import Annotated

import strawberry


@strawberry.input(description="Answers to the Party-building questions 党建信息")
class PartyBuildingInput:
    """Answers to the Party-building questions."""

    employees: int | None = strawberry.field(description="People who work there 从业人数", default=None)
    full_members: int | None = strawberry.field(description="Full members among them 正式党员人数", default=None)
    probationary_members: int | None = strawberry.field(
        description="Probationary members among them 预备党员人数", default=None
    )
    has_organisation: bool | None = strawberry.field(
        description="Whether it has a Party organisation 是否建立党组织", default=None
    )
    has_secretary: bool | None = strawberry.field(
        description="Whether that has a secretary; not asked without one 是否有党组织书记", default=None
    )
    wishes_guidance: bool | None = strawberry.field(
        description="Whether it wishes guidance 是否需要党建指导", default=None
    )


Answers = Annotated[
    PartyBuildingInput | None,
    strawberry.argument(description="Answers, where they came along; without them the form stays open 党建信息"),
]


def answers_body(answers: PartyBuildingInput | None) -> dict[str, object] | None:
    """Return answers as the owner takes them."""
    return None if answers is None else dict(strawberry.asdict(answers))


@strawberry.input(description="Who applies; sealed at registration, and never told 申请人（加密保存）")
class ApplicantInput:
    """Who applies."""

    name: str = strawberry.field(description="Name 姓名")
    telephone: str = strawberry.field(description="Telephone number 联系电话")


@strawberry.input(description="What is applied for 申请材料")
class PapersInput:
    """What is applied for."""

    name: str = strawberry.field(description="Name of the household 名称")
    applicant: ApplicantInput = strawberry.field(description="Who applies 申请人")
    business_scope: str | None = strawberry.field(description="Business scope 经营范围", default=None)
    address: str | None = strawberry.field(description="Place of business 经营场所", default=None)
