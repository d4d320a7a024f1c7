"""The inputs that filters share: a part of the divisions, a range of days."""

from datetime import date

import strawberry
from strawberry import UNSET


@strawberry.input(description="A part of the divisions 行政区划范围")
class DivisionFilter:
    """A part of the divisions."""

    under: str | None = strawberry.field(
        default=UNSET,
        description="A division and everything under it; its code of 2, 4, 6, 9 or 12 digits 某区划及其下级",
    )
    unassigned: bool | None = strawberry.field(
        default=UNSET,
        description="true: rows without a division as well, or only they; false: never they 是否包含未分配的主体",
    )


@strawberry.input(description="Days from one to another, both included 日期范围（含首尾）")
class DateRange:
    """Days from one to another, both included; without an end it is open there."""

    from_: date | None = strawberry.field(name="from", default=UNSET, description="First day 起始日期")
    to: date | None = strawberry.field(default=UNSET, description="Last day 截止日期")
