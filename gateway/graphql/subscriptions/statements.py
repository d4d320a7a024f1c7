"""The statement of a subscription: a page of the log, and of each change what its subscriber is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLField, GraphQLSchema, get_argument_values
from graphql.execution.collect_fields import FieldDetails, collect_fields
from sqlalchemy import BigInteger, Integer, Subquery, bindparam, literal_column, not_, select
from sqlalchemy.dialects.postgresql import asyncpg

from gateway.changes.log import CHANGE, CHANGE_LOG
from gateway.graphql.bindings import Reading
from gateway.graphql.compilation import DEFINITION, SOURCE, Compilation, Field
from gateway.graphql.documents import Request
from gateway.graphql.json_sql import as_text
from gateway.graphql.limits import MAX_COST, MAX_LIST, Budget
from gateway.graphql.rows import Row
from gateway.graphql.scope import Scope
from gateway.graphql.statements import Statement
from gateway.graphql.subscriptions.sources import AFTER, Changed

_DIALECT: Final = asyncpg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call] # SQLAlchemy's own
_FROM, _UNTIL, _SIZE = "from_position", "until_position", "page_size"


@dataclass(frozen=True, slots=True)
class Root:
    """The one root field of a subscription.

    Attributes:
        key: Its key in the answer.
        definition: Its declaration.
        details: Its nodes.
    """

    key: str
    definition: GraphQLField
    details: Sequence[FieldDetails]

    @classmethod
    def of(cls, schema: GraphQLSchema, request: Request) -> "Root":
        """Return the root field of a valid subscription: it has exactly one, which no directive leaves out."""
        subscription = schema.subscription_type
        if subscription is None:
            raise TypeError("the schema has no subscriptions")
        [(key, details)] = collect_fields(
            schema, request.document.fragments, request.variables, subscription, request.operation
        ).grouped_field_set.items()
        return cls(key, subscription.fields[details[0].node.name.value], details)

    def after(self, request: Request) -> int | None:
        """Return the position to go on from; None where none is given."""
        arguments = get_argument_values(self.definition, self.details[0].node, request.variables)
        found: int | None = arguments.get(AFTER)
        return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What is read for a subscription: all that have the same plan are told the same.

    Attributes:
        key: Key of the root field in the answer.
        sql: The statement.
        values: Its parameters, but for the three that each page has of its own.
        places: The places of these among the parameters: from, until, size.
        size: The most changes of a page, so that no page costs more than a request may.
    """

    key: str
    sql: str
    values: Sequence[object]
    places: tuple[int, int, int]
    size: int

    @property
    def identity(self) -> tuple[str, str, str]:
        """What is the same for those who are told the same; the caller's scope is among the values."""
        return self.key, self.sql, repr(self.values)

    def page(self, after: int, until: int) -> list[object]:
        """Return the parameters of the page behind a position."""
        values = list(self.values)
        for place, value in zip(self.places, (after, until, self.size), strict=True):
            values[place] = value
        return values


@dataclass(frozen=True, slots=True)
class ChangesStatement:
    """The statement of all subscriptions of one shape."""

    statement: Statement
    places: tuple[int, int, int]

    def plan(self, root: Root, request: Request, scope: Scope) -> Plan:
        """Return the statement with the values of a request.

        Raises:
            QueryError: an argument has a value that can't be used.
            RequestError: one change alone costs more than a request may.
        """
        bound = self.statement.bind(request, scope)
        Budget().spend(bound.cost)
        size = min(MAX_LIST, MAX_COST // max(bound.cost, 1))
        return Plan(root.key, self.statement.sql, tuple(bound.values), self.places, size)


def compiled_changes(schema: GraphQLSchema, root: Root, request: Request, scope: Scope, build: str) -> ChangesStatement:
    """Compile a subscription.

    The statement's rows are the changes of a page, each with its position and trace, what is told of it (null where the
    caller may not see the row, or does not ask for it) and whether the read model has it; and in each row the position
    up to which the log is deleted, so that it is known of this very moment.

    Args:
        schema: The schema, whose fields say where they come from.
        root: The root field.
        request: The request it is of; only the shape of its variables is looked at.
        scope: What the caller may see; only its shape is looked at.
        build: The PostgreSQL schema of the read model's build.

    Raises:
        QueryError: the arguments don't go together.
    """
    source: Changed = root.definition.extensions[DEFINITION].metadata[SOURCE]
    compilation = Compilation(schema, request, scope)
    page = _page(source, compilation)
    row = Row(page.c)
    told = as_text(source.compile(Field(compilation, root.definition, root.details, ()), row))
    made = (
        select(
            CHANGE_LOG.c.pruned,
            page.c.position,
            page.c.traceparent,
            told.label("told"),
            not_(source.is_there(compilation, row)).label("late"),
        )
        .select_from(CHANGE_LOG.outerjoin(page, literal_column("true")))
        .order_by(page.c.position)
    )
    text = made.compile(dialect=_DIALECT, schema_translate_map={None: build}, render_schema_translate=True)
    names = list(text.positiontup or ())
    statement = Statement(
        str(text),
        tuple(compilation.parameters.get(name) or _constant(text.params[name]) for name in names),
        tuple(compilation.sites),
        tuple(compilation.costs),
    )
    return ChangesStatement(statement, (names.index(_FROM), names.index(_UNTIL), names.index(_SIZE)))


def _page(source: Changed, compilation: Compilation) -> Subquery:
    log = CHANGE.alias(compilation.name())
    return (
        select(log.c.position, log.c.aggregate_id, log.c.version, log.c.traceparent)
        .where(
            log.c.topic == source.topic,
            log.c.position > bindparam(_FROM, type_=BigInteger()),
            log.c.position <= bindparam(_UNTIL, type_=BigInteger()),
            # what the caller may not see of the log is none of theirs, nor is what they may not see of the row now
            *compilation.visible(source.table, Row(log.c)),
        )
        .order_by(log.c.position)
        .limit(bindparam(_SIZE, type_=Integer()))
        .subquery(compilation.name())
    )


def _constant(value: Any) -> Reading:
    return lambda _: value
