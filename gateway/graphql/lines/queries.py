"""What can be asked of who does the work."""

import strawberry

from gateway import tables
from gateway.graphql.divisions import DivisionRange
from gateway.graphql.lines.filters import association_list, bureau_list, cadre_list, division_list
from gateway.graphql.lines.types import Association, BureauUnit, Cadre, Division
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, text_key


def _whole(code: str) -> str:
    return DivisionRange.under(code).first


@strawberry.type
class LinesQueries:
    """What can be asked of who does the work."""

    division: Division | None = by_key(
        tables.Division,
        [text_key("division_code", _whole, Argument("code", str, "Its code of 6, 9 or 12 digits 行政区划代码"))],
        newest="recorded_at",
        description="One division by its code 按代码查询一个行政区划",
    )
    divisions: Connection[Division] = division_list("Divisions by pages 分页查询行政区划")
    bureaus: Connection[BureauUnit] = bureau_list("Bureaus and their stations by pages 分页查询部门")
    associations: Connection[Association] = association_list("Associations by pages 分页查询协会")
    cadres: Connection[Cadre] = cadre_list("Cadres by pages 分页查询干部")
