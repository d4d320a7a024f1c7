"""Which organisation covers which entity, in SQL: through the table that holds the pairs.

The ids are gathered to an array first: so the rows of a list are always found by their key, whatever its order.
"""

from typing import Any

from sqlalchemy import ColumnElement, Uuid, any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from gateway import tables
from gateway.graphql.rows import Row


def covering(entity: Row, organisation: Row) -> ColumnElement[bool]:
    """Join an entity with the organisations that cover it."""
    return organisation["organisation_id"] == _any_of("organisation_id", where="entity_id", equals=entity["entity_id"])


def covered(organisation: Row, entity: Row) -> ColumnElement[bool]:
    """Join an organisation with the entities that it covers."""
    key = organisation["organisation_id"]
    return entity["entity_id"] == _any_of("entity_id", where="organisation_id", equals=key)


def named(coverage: Row, organisation: Row) -> ColumnElement[bool]:
    """Join an entity's coverage with the organisations that it names."""
    texts = func.jsonb_array_elements_text(coverage["organisation_ids"]).column_valued("named")
    ids = select(cast(texts, Uuid())).scalar_subquery()
    return organisation["organisation_id"] == any_(func.array(ids, type_=ARRAY(Uuid())))


def _any_of(column: str, *, where: str, equals: ColumnElement[Any]) -> ColumnElement[Any]:
    pairs = tables.OrganisationEntity.__table__.alias("covering")  # type: ignore[attr-defined] # SQLModel sets it
    ids = select(pairs.c[column]).where(pairs.c[where] == equals).correlate_except(pairs).scalar_subquery()
    return any_(func.array(ids, type_=ARRAY(Uuid())))
