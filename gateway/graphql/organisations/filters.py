"""What organisations can be filtered and ordered by. Never by counts of members, which are not everybody's."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import Bureau, Demonstration, FormationMode, Industry, OrganisationForm, OrganisationState
from gateway import tables
from gateway.graphql.connections import Only, connection
from gateway.graphql.orders import Order, by_known_day, by_text
from gateway.graphql.organisations.emptied import emptied
from gateway.graphql.predicates import among, before, containing, filtered_by, flag, in_division
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join
from gateway.graphql.sources import Argument


@strawberry.input(description="Organisations for which all that is given holds 党组织筛选条件")
class OrganisationFilter:
    """Organisations for which all that is given holds."""

    form: list[OrganisationForm] | None = filtered_by(among("form"), "Any of these forms 形式")
    mode: list[FormationMode] | None = filtered_by(among("mode"), "Founded in any of these ways 组建方式")
    external: bool | None = filtered_by(flag("external"), "true: of another place; false: our own 是否外部党组织")
    state: list[OrganisationState] | None = filtered_by(among("state"), "Any of these states 状态")
    bureau: list[Bureau] | None = filtered_by(among("bureau"), "Any of these bureau lines 条线")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    industry: list[Industry] | None = filtered_by(among("industry"), "Any of these industries 产业")
    demonstration: list[Demonstration] | None = filtered_by(among("demonstration"), "Held up as any of these 示范级别")
    standardisation_pilot: bool | None = filtered_by(
        flag("standardisation_pilot"), "true: pilots; false: those known to be none 标准化建设试点"
    )
    election_due_before: date | None = filtered_by(
        before("election_put_off_to", "election_due_on"), "The next election is due before this day 换届到期早于"
    )
    entities_gone: bool | None = filtered_by(
        emptied,
        "true: it covers entities, and all of them are deregistered; false: one is not, or it covers none "
        "所覆盖主体是否已全部注销",
    )
    name_contains: str | None = filtered_by(containing("name"), "The name has this text in it 名称包含")


@strawberry.enum(description="Orders of organisations; unknown values come last 党组织排序")
class OrganisationSort(Enum):
    """Orders of organisations."""

    NAME_ASC = strawberry.enum_value("NAME_ASC", description="Name, by code point 名称升序")
    NAME_DESC = strawberry.enum_value("NAME_DESC", description="Name, by code point, backwards 名称降序")
    DIVISION_ASC = strawberry.enum_value("DIVISION_ASC", description="Division code 行政区划代码升序")
    DIVISION_DESC = strawberry.enum_value("DIVISION_DESC", description="Division code, backwards 行政区划代码降序")
    FOUNDED_ON_DESC = strawberry.enum_value("FOUNDED_ON_DESC", description="Founded last first 成立日期从新到旧")
    FOUNDED_ON_ASC = strawberry.enum_value("FOUNDED_ON_ASC", description="Founded first first 成立日期从旧到新")
    ELECTION_DUE_ASC = strawberry.enum_value(
        "ELECTION_DUE_ASC", description="The next election due first 换届到期从早到晚"
    )


_ORDERS: Final[Mapping[OrganisationSort, Order]] = {
    OrganisationSort.NAME_ASC: by_text("name", descending=False),
    OrganisationSort.NAME_DESC: by_text("name", descending=True),
    OrganisationSort.DIVISION_ASC: by_text("division_code", descending=False),
    OrganisationSort.DIVISION_DESC: by_text("division_code", descending=True),
    OrganisationSort.FOUNDED_ON_DESC: by_known_day("founded_on", descending=True),
    OrganisationSort.FOUNDED_ON_ASC: by_known_day("founded_on", descending=False),
    OrganisationSort.ELECTION_DUE_ASC: by_known_day("election_put_off_to", "election_due_on", descending=False),
}


def organisation_list(
    description: str, on: Join | None = None, *, only: Only | None = None, more: Sequence[Argument] = ()
) -> Any:
    """Declare organisations by pages.

    Args:
        description: In English, with the Chinese term.
        on: Joins a row of the parent with them.
        only: Leaves some out, by the arguments.
        more: Further arguments, for `only`.
    """
    return connection(
        tables.Organisation,
        row_id="organisation_id",
        orders=_ORDERS,
        default=OrganisationSort.NAME_ASC,
        filter_type=OrganisationFilter,
        description=description,
        on=on,
        only=only,
        more=more,
    )
