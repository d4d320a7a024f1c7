"""What can be asked of organisational life."""

import strawberry

from gateway import tables
from gateway.graphql.life.filters import gathering_list, overdue_list, plan_list
from gateway.graphql.life.types import Gathering, LifeRule, TrainingPlan, rule_list
from gateway.graphql.organisations.types import Organisation
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class LifeQueries:
    """What can be asked of organisational life."""

    gathering: Gathering | None = by_key(
        tables.Gathering,
        [id_key("gathering_id", Argument("id", strawberry.ID, "Id of the gathering 组织生活编号"))],
        newest="recorded_at",
        description="One gathering by its id 按编号查询一次组织生活",
    )
    gatherings: Connection[Gathering] = gathering_list("Gatherings by pages 分页查询组织生活")
    life_overdue: Connection[Organisation] = overdue_list(
        "Organisations that are late with something on a day, by pages; `life` of each says with what "
        "分页查询组织生活逾期的党组织"
    )
    life_rules: list[LifeRule] = rule_list(
        "Every edition of the rules on what is owed, the defaults and the published ones 组织生活规则各版次"
    )
    training_plans: Connection[TrainingPlan] = plan_list(
        "The districts' yearly plans for the training of secretaries, by pages 分页查询党组织书记年度培训计划"
    )
