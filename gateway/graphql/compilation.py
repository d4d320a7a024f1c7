"""One statement in the making: the selection of a request, walked through the declarations of its types.

While it is made, only the shape of arguments may be looked at: whether one is given, and which word of an enum or
boolean it is. Every other value becomes a bind parameter, read from the arguments of each request that runs the
statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLSchema, get_argument_values, get_named_type
from graphql.execution.collect_fields import FieldDetails, collect_subfields
from sqlalchemy import Alias, BindParameter, ColumnElement, any_, bindparam, false, or_, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, TypeEngine

from gateway.graphql.bindings import Bindings, Reading
from gateway.graphql.documents import Request
from gateway.graphql.inputs import Input
from gateway.graphql.json_sql import JsonObject, name_literal, word_literal
from gateway.graphql.rows import Row
from gateway.graphql.scope import Scope
from gateway.tables import ReadModelTable

SOURCE: Final = "source"
"""Key of a field's source in its Strawberry metadata."""
DEFINITION: Final = "strawberry-definition"
"""Key under which Strawberry leaves its own field on that of graphql-core."""


class Source(Protocol):
    """Where a field comes from."""

    def compile(self, field: "Field", row: Row) -> ColumnElement[Any]:
        """Return the SQL expression of the field's JSON, for a row of its parent (no columns at the root)."""
        ...


@dataclass(frozen=True, slots=True)
class ArgumentSite:
    """A field with arguments, whose values are coerced for each request."""

    definition: GraphQLField
    node: FieldNode

    def coerce(self, request: Request) -> Mapping[str, Any]:
        """Return the values of the arguments in a request."""
        return get_argument_values(self.definition, self.node, request.variables)


class Compilation:
    """Collects what a statement needs: relations, parameters, arguments, costs."""

    def __init__(self, schema: GraphQLSchema, request: Request, scope: Scope) -> None:
        self.schema = schema
        self.request = request
        self.sites: list[ArgumentSite] = []
        self.parameters: dict[str, Reading] = {}
        self.costs: list[tuple[Reading, ...]] = []
        self._scope = scope
        self._relations = 0

    def name(self) -> str:
        """Return a new name for a relation of the statement."""
        self._relations += 1
        return f"r{self._relations}"

    def relation(self, table: type[ReadModelTable]) -> Alias:
        """Return a table under a new name."""
        alias: Alias = table.__table__.alias(self.name())  # type: ignore[attr-defined] # SQLModel sets it
        return alias

    def bind(self, type_: TypeEngine[Any], value: Reading) -> BindParameter[Any]:
        """Return a parameter whose value is read from each request."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return bindparam(name, type_=type_)

    @property
    def sees_members(self) -> bool:
        """Whether the caller sees members, and counts of them that are one or two."""
        return self._scope.members

    def visible(self, table: type[ReadModelTable], row: Row) -> list[ColumnElement[bool]]:
        """Return the predicates of the caller's scope on a relation, for every relation of a statement.

        Args:
            table: The table that the relation is of; it says which limits hold on it.
            row: A row of the relation.
        """
        access = table.access
        predicates: list[ColumnElement[bool]] = []
        ranges, bureaus, members = self._scope.shape
        if access.members and not members:
            predicates.append(false())
        if access.erased_state is not None:
            predicates.append(row["state"] != word_literal(access.erased_state))
        if access.divisions and ranges is not None:
            predicates.append(or_(*(self.within_scope(row[side]) for side in access.divisions)))
        if access.bureaus and bureaus:
            names = self.bind(ARRAY(Text), lambda bindings: sorted(bindings.scope.bureaus or ()))
            predicates.append(row["bureau"] == any_(names))
        return predicates

    def within_scope(self, division_code: ColumnElement[str]) -> ColumnElement[bool]:
        """Return whether a division is one that the caller speaks for."""
        ranges, _, _ = self._scope.shape
        if ranges is None:
            return true()
        within = (
            division_code.between(
                self.bind(Text(), _edge(number, last=False)), self.bind(Text(), _edge(number, last=True))
            )
            for number in range(ranges)
        )
        return or_(false(), *within)

    def members(
        self,
        parent: GraphQLObjectType,
        groups: Mapping[str, Sequence[FieldDetails]],
        row: Row,
        lists: tuple[Reading, ...] = (),
    ) -> JsonObject:
        """Return the JSON object of a selection, its keys in the order of the query."""
        members: list[tuple[str, ColumnElement[Any]]] = []
        for key, details in groups.items():
            name = details[0].node.name.value
            if name == "__typename":
                members.append((key, name_literal(parent.name)))
                continue
            definition = parent.fields[name]
            members.append((key, _source_of(definition).compile(Field(self, definition, details, lists), row)))
        return JsonObject(members)


@dataclass(frozen=True, slots=True)
class Field:
    """One selected field: its declaration, its nodes in the query, and the lists it stands in."""

    compilation: Compilation
    definition: GraphQLField
    details: Sequence[FieldDetails]
    lists: tuple[Reading, ...]

    @property
    def type(self) -> GraphQLObjectType:
        """The object type of the field, without list and non-null around it."""
        found = get_named_type(self.definition.type)
        if not isinstance(found, GraphQLObjectType):
            raise TypeError(f"{found} is no object type")
        return found

    def arguments(self) -> Input:
        """Return the field's arguments; one call a field."""
        site = ArgumentSite(self.definition, self.details[0].node)
        self.compilation.sites.append(site)
        return Input(self.compilation, len(self.compilation.sites) - 1, site.coerce(self.compilation.request))

    def groups(self) -> Mapping[str, Sequence[FieldDetails]]:
        """Return the fields selected below this one, by their key in the answer."""
        request = self.compilation.request
        return collect_subfields(
            self.compilation.schema,
            request.document.fragments,
            request.variables,
            request.operation,
            self.type,
            list(self.details),
        ).grouped_field_set

    def object(self, row: Row, *, within: Reading | None = None) -> JsonObject:
        """Return the JSON object of what is selected below this field, of a row.

        Args:
            row: The row it is of.
            within: The size of the list whose items these are, if they are.
        """
        lists = self.lists if within is None else (*self.lists, within)
        return self.compilation.members(self.type, self.groups(), row, lists)

    def costs(self, size: Reading) -> None:
        """Add a cost: `size` rows for each item of the lists around this field."""
        self.compilation.costs.append((*self.lists, size))


def is_declared(definition: GraphQLField) -> bool:
    """Tell whether a field says where it comes from; one that doesn't is resolved in Strawberry."""
    declared = definition.extensions.get(DEFINITION)
    return declared is not None and SOURCE in declared.metadata


def _source_of(definition: GraphQLField) -> Source:
    source: Source = definition.extensions[DEFINITION].metadata[SOURCE]
    return source


def _edge(number: int, *, last: bool) -> Reading:
    def edge(bindings: Bindings) -> str:
        one = (bindings.scope.divisions or ())[number]
        return one.last if last else one.first

    return edge
