"""What pairing keeps of facts that others own: entities, organisations, ratings."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from contracts.events.assessment import RatingGiven, RatingWithdrawn, RecordedRating
from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.ledgers.organisations import (
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationFounded,
    RecordedOrganisation,
)
from kit.copying import Column, Copy

_JSON: Final = TypeAdapter(object)


def _entity_ids(event: RecordedOrganisation) -> str:
    return _JSON.dump_json(event.entity_ids).decode()


ENTITY: Final[Copy[EntityRecorded]] = Copy(
    table="entity",
    columns=(
        Column("entity_id", "uuid"),
        Column("version", "bigint"),
        Column("uscc", "text"),
        Column("name", "text"),
        Column("kind", "text"),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
    ),
    events=(EntityRecorded,),
)
ORGANISATION: Final[Copy[RecordedOrganisation]] = Copy(
    table="organisation",
    columns=(
        Column("organisation_id", "uuid"),
        Column("version", "bigint"),
        Column("external", "bool"),
        Column("entity_ids", "jsonb", _entity_ids),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("state", "text"),
    ),
    events=(OrganisationFounded, OrganisationChanged, OrganisationDissolved),
)
RATING: Final[Copy[RecordedRating]] = Copy(
    table="rating",
    columns=(
        Column("rating_id", "uuid"),
        Column("version", "bigint"),
        Column("organisation_id", "uuid"),
        Column("points", "numeric"),
        Column("band", "text"),
        Column("state", "text"),
        Column("effective_on", "date"),
    ),
    events=(RatingGiven, RatingWithdrawn),
)

FACTS: Final[Sequence[Copy[Any]]] = (ENTITY, ORGANISATION, RATING)
"""How the topics of these facts become tables."""
