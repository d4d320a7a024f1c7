"""The schema: every domain's queries under one root."""

from typing import Any, Final, NoReturn

import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, get_named_type
from strawberry.schema.config import StrawberryConfig

from gateway.graphql import words  # noqa: F401 - makes the vocabulary's enums those of GraphQL
from gateway.graphql.annual_reports.mutations import AnnualReportMutations
from gateway.graphql.annual_reports.queries import AnnualReportQueries
from gateway.graphql.assessment.mutations import AssessmentMutations
from gateway.graphql.assessment.queries import AssessmentQueries
from gateway.graphql.assessment.subscriptions import AssessmentSubscriptions
from gateway.graphql.compilation import is_declared
from gateway.graphql.contacts.mutations import ContactMutations
from gateway.graphql.contacts.queries import ContactQueries
from gateway.graphql.coverage.queries import CoverageQueries
from gateway.graphql.coverage.subscriptions import CoverageSubscriptions
from gateway.graphql.developments.mutations import DevelopmentMutations
from gateway.graphql.developments.queries import DevelopmentQueries
from gateway.graphql.entities.mutations import EntityMutations
from gateway.graphql.entities.queries import EntityQueries
from gateway.graphql.entity_history.queries import EntityHistoryQueries
from gateway.graphql.errors import Code, QueryError, RequestError
from gateway.graphql.floatings.mutations import FloatingMutations
from gateway.graphql.floatings.queries import FloatingQueries
from gateway.graphql.life.mutations import LifeMutations
from gateway.graphql.life.queries import LifeQueries
from gateway.graphql.lines.mutations import LineMutations
from gateway.graphql.lines.queries import LinesQueries
from gateway.graphql.markets.mutations import MarketMutations
from gateway.graphql.markets.queries import MarketQueries
from gateway.graphql.members.mutations import MemberMutations
from gateway.graphql.members.queries import MemberQueries
from gateway.graphql.organisations.mutations import OrganisationMutations
from gateway.graphql.organisations.profile import OrganisationProfileMutations
from gateway.graphql.organisations.queries import OrganisationQueries
from gateway.graphql.outreach.mutations import OutreachMutations
from gateway.graphql.outreach.queries import OutreachQueries
from gateway.graphql.pairing.mutations import PairingMutations
from gateway.graphql.pairing.queries import PairingQueries
from gateway.graphql.posts.mutations import PostMutations
from gateway.graphql.posts.queries import PostQueries
from gateway.graphql.registration.mutations import RegistrationMutations
from gateway.graphql.registration.queries import RegistrationQueries
from gateway.graphql.reorganisations.mutations import ReorganisationMutations
from gateway.graphql.reorganisations.queries import ReorganisationQueries
from gateway.graphql.scalars import SCALARS
from gateway.graphql.subscriptions.positions import POSITION_SCALAR, ChangeQueries
from gateway.graphql.transfers.mutations import TransferMutations
from gateway.graphql.transfers.queries import TransferQueries


@strawberry.type(description="What can be read 查询入口")
class Query(
    EntityQueries,
    EntityHistoryQueries,
    LinesQueries,
    OrganisationQueries,
    ReorganisationQueries,
    MemberQueries,
    TransferQueries,
    LifeQueries,
    ContactQueries,
    FloatingQueries,
    DevelopmentQueries,
    PostQueries,
    RegistrationQueries,
    MarketQueries,
    AnnualReportQueries,
    CoverageQueries,
    AssessmentQueries,
    PairingQueries,
    OutreachQueries,
    ChangeQueries,
):
    """What can be read."""


@strawberry.type(description="What can be commanded; each command goes to the service that owns the fact 操作入口")
class Mutation(
    EntityMutations,
    LineMutations,
    OrganisationMutations,
    OrganisationProfileMutations,
    ReorganisationMutations,
    MemberMutations,
    TransferMutations,
    LifeMutations,
    ContactMutations,
    FloatingMutations,
    DevelopmentMutations,
    PostMutations,
    RegistrationMutations,
    MarketMutations,
    AnnualReportMutations,
    AssessmentMutations,
    PairingMutations,
    OutreachMutations,
):
    """What can be commanded."""


@strawberry.type(
    description="What can be subscribed to, by WebSocket and the protocol graphql-transport-ws; each change comes with "
    "its position 订阅入口"
)
class Subscription(CoverageSubscriptions, AssessmentSubscriptions):
    """What can be subscribed to."""


class Graph:
    """A Strawberry schema whose declared fields are resolved through their declarations.

    Attributes:
        strawberry: The schema.
        schema: The same as graphql-core knows it.
    """

    def __init__(self, query: type, mutation: type | None = None, subscription: type | None = None) -> None:
        """Build the schema.

        Raises:
            TypeError: a field below a declared one is not declared itself, so no statement could hold it.
        """
        config = StrawberryConfig(scalar_map={**SCALARS, **POSITION_SCALAR})
        self.strawberry = strawberry.Schema(query, mutation, subscription, config=config)
        self.schema: GraphQLSchema = self.strawberry._schema  # noqa: SLF001 - Strawberry has no public way to it
        for type_ in self.schema.type_map.values():
            if isinstance(type_, GraphQLObjectType):
                for field in type_.fields.values():
                    if is_declared(field):
                        _check_below(field)
                        field.resolve = _resolve
        if self.schema.subscription_type:
            for field in self.schema.subscription_type.fields.values():
                field.resolve = _refuse

    def sdl(self) -> str:
        """Return the schema in GraphQL's own language."""
        return self.strawberry.as_str() + "\n"


def _check_below(field: GraphQLField) -> None:
    type_ = get_named_type(field.type)
    if isinstance(type_, GraphQLObjectType):
        for name, below in type_.fields.items():
            if not is_declared(below):
                raise TypeError(f"{type_.name}.{name} is not declared: say where it comes from")


def _resolve(parent: dict[str, Any] | None, info: GraphQLResolveInfo[Any], **_arguments: Any) -> Any:
    """Resolve a declared field: at the root by a statement of its own, below it from that one's answer."""
    if parent is None:
        return info.context.read_root(info)
    return parent[str(info.path.key)]


def _refuse(_parent: object, _info: GraphQLResolveInfo[Any], **_arguments: object) -> NoReturn:
    """Refuse a subscription that is asked for as a query is; one that is subscribed to is never resolved."""
    raise RequestError(
        [
            QueryError(
                Code.BAD_REQUEST,
                "Subscriptions go by WebSocket, at this address with the protocol graphql-transport-ws.",
                "订阅须通过 WebSocket（graphql-transport-ws 协议）在同一地址进行。",
            )
        ]
    )


GRAPH: Final = Graph(Query, Mutation, Subscription)
"""The graph that the gateway serves."""
