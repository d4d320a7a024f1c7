"""What the resolvers of one request have at hand."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetails

from gateway.commands import Commands
from gateway.graphql.documents import Request
from gateway.graphql.limits import Budget
from gateway.graphql.reader import Reader
from gateway.graphql.scope import Scope
from gateway.graphql.statements import Root


@dataclass(frozen=True, slots=True)
class Call:
    """One request being answered; Strawberry's resolvers have it as their context.

    Attributes:
        reader: reads declared fields.
        request: the valid request.
        scope: what the caller may see.
        commands: takes commands to their owners; None where this gateway takes none.
        authorization: the caller's own header, for the owners.
        budget: what the request may cost.
    """

    reader: Reader
    request: Request
    scope: Scope
    commands: Commands | None = None
    authorization: str | None = None
    budget: Budget = field(default_factory=Budget)

    async def read_root(self, info: GraphQLResolveInfo[Any]) -> Any:
        """Read one declared root field by a statement of its own, and return it as Python values."""
        root = Root(str(info.path.key), [FieldDetails(node, None) for node in info.field_nodes])
        text = await self.reader.read(self.request, self.scope, self.budget, root)
        return orjson.loads(text)[root.key]
