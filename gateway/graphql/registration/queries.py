"""What can be asked of forms, commitments and applications."""

import strawberry

from gateway import tables
from gateway.graphql.pages import Connection
from gateway.graphql.registration.filters import application_list, commitment_list, form_list
from gateway.graphql.registration.types import CreditCommitment, HouseholdApplication, PartyBuildingForm
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class RegistrationQueries:
    """What can be asked of forms, commitments and applications."""

    party_building_form: PartyBuildingForm | None = by_key(
        tables.PartyBuildingForm,
        [id_key("process_id", Argument("id", strawberry.ID, "Id of the form 采集表编号"))],
        newest="recorded_at",
        description="One Party-building form by id 按编号查询一份采集表",
    )
    party_building_forms: Connection[PartyBuildingForm] = form_list("Party-building forms by pages 分页查询采集表")
    credit_commitment: CreditCommitment | None = by_key(
        tables.CreditCommitment,
        [id_key("process_id", Argument("id", strawberry.ID, "Id of the commitment 承诺编号"))],
        newest="recorded_at",
        description="One credit commitment by id 按编号查询一项信用承诺",
    )
    credit_commitments: Connection[CreditCommitment] = commitment_list("Credit commitments by pages 分页查询信用承诺")
    household_application: HouseholdApplication | None = by_key(
        tables.HouseholdApplication,
        [id_key("process_id", Argument("id", strawberry.ID, "Id of the application 申请编号"))],
        newest="recorded_at",
        description="One application by id 按编号查询一件网上登记申请",
    )
    household_applications: Connection[HouseholdApplication] = application_list(
        "Applications by pages 分页查询网上登记申请"
    )
