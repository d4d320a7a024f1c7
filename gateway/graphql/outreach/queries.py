"""What can be asked of visits, namings and questionnaires."""

import strawberry

from gateway.graphql.outreach.filters import naming_list, questionnaire_list, visit_list
from gateway.graphql.outreach.types import Naming, Questionnaire, Visit
from gateway.graphql.pages import Connection


@strawberry.type
class OutreachQueries:
    """What can be asked of visits, namings and questionnaires."""

    visits: Connection[Visit] = visit_list("Visits by pages 分页查询走访")
    namings: Connection[Naming] = naming_list("Namings by pages 分页查询命名")
    questionnaires: Connection[Questionnaire] = questionnaire_list("Questionnaires by pages 分页查询问卷")
