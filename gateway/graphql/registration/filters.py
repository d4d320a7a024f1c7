"""What forms, commitments and applications can be filtered and ordered by."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, Final

import strawberry

from contracts.vocabulary import ApplicationState, CommitmentKind, CommitmentState, FormOccasion, FormState
from gateway import tables
from gateway.graphql.connections import connection
from gateway.graphql.orders import Order, by_day
from gateway.graphql.predicates import among, filtered_by, in_division
from gateway.graphql.processes.due import DUE_BY, due_by
from gateway.graphql.ranges import DivisionFilter
from gateway.graphql.rows import Join


@strawberry.input(description="Party-building forms for which all that is given holds 采集表筛选条件")
class PartyBuildingFormFilter:
    """Party-building forms for which all that is given holds."""

    state: list[FormState] | None = filtered_by(among("state"), "Any of these states 状态")
    occasion: list[FormOccasion] | None = filtered_by(among("occasion"), "Any of these occasions 采集时机")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    due_by: date | None = filtered_by(due_by(), DUE_BY)


@strawberry.enum(description="Orders of Party-building forms 采集表排序")
class PartyBuildingFormSort(Enum):
    """Orders of Party-building forms."""

    EFFECTIVE_ON_DESC = strawberry.enum_value("EFFECTIVE_ON_DESC", description="Latest first 日期从新到旧")
    EFFECTIVE_ON_ASC = strawberry.enum_value("EFFECTIVE_ON_ASC", description="Earliest first 日期从旧到新")


_FORMSTATE_ORDERS: Final[Mapping[PartyBuildingFormSort, Order]] = {
    PartyBuildingFormSort.EFFECTIVE_ON_DESC: by_day("effective_on", descending=True),
    PartyBuildingFormSort.EFFECTIVE_ON_ASC: by_day("effective_on", descending=False),
}


def form_list(description: str, on: Join | None = None) -> Any:
    """Declare Party-building forms by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.PartyBuildingForm,
        row_id="process_id",
        orders=_FORMSTATE_ORDERS,
        default=PartyBuildingFormSort.EFFECTIVE_ON_DESC,
        filter_type=PartyBuildingFormFilter,
        description=description,
        on=on,
    )


@strawberry.input(description="Credit commitments for which all that is given holds 信用承诺筛选条件")
class CreditCommitmentFilter:
    """Credit commitments for which all that is given holds."""

    state: list[CommitmentState] | None = filtered_by(among("state"), "Any of these states 状态")
    kind: list[CommitmentKind] | None = filtered_by(among("kind"), "Any of these kinds 承诺类型")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    due_by: date | None = filtered_by(due_by(), DUE_BY)


@strawberry.enum(description="Orders of credit commitments 信用承诺排序")
class CreditCommitmentSort(Enum):
    """Orders of Credit commitments."""

    EFFECTIVE_ON_DESC = strawberry.enum_value("EFFECTIVE_ON_DESC", description="Latest first 日期从新到旧")
    EFFECTIVE_ON_ASC = strawberry.enum_value("EFFECTIVE_ON_ASC", description="Earliest first 日期从旧到新")


_COMMITMENTSTATE_ORDERS: Final[Mapping[CreditCommitmentSort, Order]] = {
    CreditCommitmentSort.EFFECTIVE_ON_DESC: by_day("effective_on", descending=True),
    CreditCommitmentSort.EFFECTIVE_ON_ASC: by_day("effective_on", descending=False),
}


def commitment_list(description: str, on: Join | None = None) -> Any:
    """Declare Credit commitments by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.CreditCommitment,
        row_id="process_id",
        orders=_COMMITMENTSTATE_ORDERS,
        default=CreditCommitmentSort.EFFECTIVE_ON_DESC,
        filter_type=CreditCommitmentFilter,
        description=description,
        on=on,
    )


@strawberry.input(description="Applications for which all that is given holds 网上登记筛选条件")
class HouseholdApplicationFilter:
    """Applications for which all that is given holds."""

    state: list[ApplicationState] | None = filtered_by(among("state"), "Any of these states 状态")
    division: DivisionFilter | None = filtered_by(
        in_division("division_code"), "In this part of the divisions 行政区划"
    )
    due_by: date | None = filtered_by(due_by(), DUE_BY)


@strawberry.enum(description="Orders of applications 网上登记排序")
class HouseholdApplicationSort(Enum):
    """Orders of Applications."""

    EFFECTIVE_ON_DESC = strawberry.enum_value("EFFECTIVE_ON_DESC", description="Latest first 日期从新到旧")
    EFFECTIVE_ON_ASC = strawberry.enum_value("EFFECTIVE_ON_ASC", description="Earliest first 日期从旧到新")


_APPLICATIONSTATE_ORDERS: Final[Mapping[HouseholdApplicationSort, Order]] = {
    HouseholdApplicationSort.EFFECTIVE_ON_DESC: by_day("effective_on", descending=True),
    HouseholdApplicationSort.EFFECTIVE_ON_ASC: by_day("effective_on", descending=False),
}


def application_list(description: str, on: Join | None = None) -> Any:
    """Declare Applications by pages; `on` joins a row of the parent with them."""
    return connection(
        tables.HouseholdApplication,
        row_id="process_id",
        orders=_APPLICATIONSTATE_ORDERS,
        default=HouseholdApplicationSort.EFFECTIVE_ON_DESC,
        filter_type=HouseholdApplicationFilter,
        description=description,
        on=on,
    )
