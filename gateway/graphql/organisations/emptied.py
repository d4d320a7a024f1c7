"""Organisations whose entities are all deregistered 主体已全部注销的党组织, in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, select

from contracts.vocabulary import EntityState
from gateway import tables
from gateway.graphql.compilation import Field
from gateway.graphql.inputs import Input, Making
from gateway.graphql.json_sql import ONE, word_literal
from gateway.graphql.rows import Row, same_entity
from gateway.graphql.sources import declared


def is_emptied(making: Making, organisation: Row) -> ColumnElement[bool]:
    """Return whether an organisation covers entities and all of them are known to be deregistered.

    All of its entities decide, not those that the caller sees: one in another division keeps it in being.
    """
    covered, pairs = making.relation(tables.OrganisationEntity), making.relation(tables.OrganisationEntity)
    entities = making.relation(tables.Entity)
    pair, entity = Row(pairs.c), Row(entities.c)
    any_ = exists(
        select(ONE).where(covered.c.organisation_id == organisation["organisation_id"]).correlate_except(covered)
    )
    left = exists(
        select(ONE)
        .select_from(pairs.outerjoin(entities, same_entity(pair, entity)))
        .where(
            pair["organisation_id"] == organisation["organisation_id"],
            entity["state"].is_distinct_from(word_literal(EntityState.DEREGISTERED)),
        )
        .correlate_except(pairs, entities)
    )
    return and_(any_, not_(left))


def emptied(given: Input, row: Row) -> ColumnElement[bool]:
    """Hold where all its entities are deregistered; with false where one is not, or it covers none."""
    found = is_emptied(given.making, row)
    return found if given.is_true else not_(found)


class _Emptied:
    def compile(self, field: Field, row: Row) -> ColumnElement[Any]:
        return is_emptied(field.compilation, row)


def emptied_field(description: str) -> Any:
    """Declare whether all entities of an organisation are deregistered."""
    return declared(_Emptied(), description)
