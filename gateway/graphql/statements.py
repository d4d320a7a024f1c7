"""Statements: what a selection compiles to, and how a request runs one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Final

from graphql import GraphQLObjectType, GraphQLSchema, OperationType
from graphql.execution.collect_fields import FieldDetails, collect_fields
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import asyncpg

from gateway.graphql.bindings import Bindings, Reading
from gateway.graphql.compilation import ArgumentSite, Compilation, is_declared
from gateway.graphql.documents import Request
from gateway.graphql.json_sql import as_text
from gateway.graphql.rows import ROOT
from gateway.graphql.scope import Scope

_DIALECT: Final = asyncpg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call] # SQLAlchemy's own

Groups = Mapping[str, Sequence[FieldDetails]]
"""Selected fields by their key in the answer."""


@dataclass(frozen=True, slots=True)
class Root:
    """One root field of a query: its key in the answer, and its nodes."""

    key: str
    details: Sequence[FieldDetails]


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement whose only value is the JSON text of an answer, for all requests of one shape.

    Attributes:
        sql: The text; it holds no value of a request.
    """

    sql: str
    _parameters: tuple[Reading, ...]
    _sites: tuple[ArgumentSite, ...]
    _costs: tuple[tuple[Reading, ...], ...]

    def bind(self, request: Request, scope: Scope) -> "Bound":
        """Return the values of the parameters for a request, and its cost.

        Raises:
            QueryError: an argument has a value that can't be used.
        """
        bindings = Bindings([site.coerce(request) for site in self._sites], scope)
        values = [parameter(bindings) for parameter in self._parameters]
        return Bound(values, sum(prod(size(bindings) for size in sizes) for sizes in self._costs))


@dataclass(frozen=True, slots=True)
class Bound:
    """What one request makes of a statement.

    Attributes:
        values: Its parameters.
        cost: The rows that it may read.
    """

    values: list[Any]
    cost: int


class NotCompiledError(Exception):
    """An operation does not compile: a mutation, or one with a root field that is not declared."""


def root_groups(schema: GraphQLSchema, request: Request) -> Groups:
    """Return the root fields of a query.

    Raises:
        NotCompiledError: it is no query, or one of them is not declared.
    """
    query = schema.query_type
    if query is None or request.operation.operation is not OperationType.QUERY:
        raise NotCompiledError
    groups = collect_fields(
        schema, request.document.fragments, request.variables, query, request.operation
    ).grouped_field_set
    names = (details[0].node.name.value for details in groups.values())
    if not all(name == "__typename" or _compiles(query, name) for name in names):
        raise NotCompiledError
    return groups


def compiled(schema: GraphQLSchema, request: Request, groups: Groups, scope: Scope, build: str) -> Statement:
    """Compile root fields to one statement.

    Args:
        schema: The schema, whose fields say where they come from.
        request: The request they are of; only the shape of its variables is looked at.
        groups: The root fields.
        scope: What the caller may see; only its shape is looked at.
        build: The PostgreSQL schema of the read model's build.

    Raises:
        QueryError: the arguments don't go together.
    """
    compilation = Compilation(schema, request, scope)
    query = schema.query_type
    if query is None:
        raise TypeError("the schema has no query type")
    made = select(as_text(compilation.members(query, groups, ROOT)))
    text = made.compile(dialect=_DIALECT, schema_translate_map={None: build}, render_schema_translate=True)
    constants = text.params
    return Statement(
        str(text),
        tuple(compilation.parameters.get(name) or _constant(constants[name]) for name in text.positiontup or ()),
        tuple(compilation.sites),
        tuple(compilation.costs),
    )


def _compiles(query: GraphQLObjectType, name: str) -> bool:
    definition = query.fields.get(name)
    return definition is not None and is_declared(definition)


def _constant(value: Any) -> Reading:
    return lambda _: value
