"""What can be asked of organisations."""

import strawberry

from contracts.vocabulary import Industry
from gateway import tables
from gateway.graphql.organisations.figures import OrganisationCount, organisation_counts, unorganised_industries
from gateway.graphql.organisations.filters import organisation_list
from gateway.graphql.organisations.types import Organisation
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class OrganisationQueries:
    """What can be asked of organisations."""

    organisation: Organisation | None = by_key(
        tables.Organisation,
        [id_key("organisation_id", Argument("id", strawberry.ID, "Id of the organisation 党组织编号"))],
        newest="recorded_at",
        description="One organisation by its id 按编号查询一个党组织",
    )
    organisation_counts: list[OrganisationCount] = organisation_counts(
        "Our own active organisations by groups, and the ages of their secretaries 党组织分组统计（含书记年龄）"
    )
    unorganised_industries: list[Industry] = unorganised_industries(
        'Industries of the "6+2" that are named and have no organisation, in what the caller sees 尚无党组织的产业'
    )
    organisations: Connection[Organisation] = organisation_list("Organisations by pages 分页查询党组织")
