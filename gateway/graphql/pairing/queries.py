"""What can be asked of assignments, suggestions and alliances."""

import strawberry

from gateway.graphql.pages import Connection
from gateway.graphql.pairing.filters import alliance_list, assignment_list, suggestion_list
from gateway.graphql.pairing.types import Alliance, Assignment, Suggestion


@strawberry.type
class PairingQueries:
    """What can be asked of assignments, suggestions and alliances."""

    assignments: Connection[Assignment] = assignment_list("Assignments by pages 分页查询选派")
    suggestions: Connection[Suggestion] = suggestion_list("Suggested partners by pages 分页查询结对推荐")
    alliances: Connection[Alliance] = alliance_list("Alliances by pages 分页查询党建联合体")
