"""The topics of assessment as tables of the read model."""

from contracts.events.assessment import RatingGiven, RatingWithdrawn, RecordedRating, SchemePublished
from gateway.projection.written_json import json_list
from gateway.tables import Rating, Scheme
from kit.copying import Column, Copy

SCHEME: Copy[SchemePublished] = Copy(
    table=Scheme.__tablename__,
    columns=(
        Column("scheme_id", "uuid"),
        Column("version", "bigint"),
        Column("name", "text"),
        Column("name_zh", "text"),
        Column("source", "text"),
        Column("parts", "jsonb", lambda event: json_list(event.parts)),
        Column("bands", "jsonb", lambda event: json_list(event.bands)),
        Column("valid_from", "date"),
        Column("valid_until", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(SchemePublished,),
)

RATING: Copy[RecordedRating] = Copy(
    table=Rating.__tablename__,
    columns=(
        Column("rating_id", "uuid"),
        Column("version", "bigint"),
        Column("organisation_id", "uuid"),
        Column("scheme_id", "uuid"),
        Column("scheme_version", "bigint"),
        Column("points", "numeric"),
        Column("band", "text"),
        Column("evidence", "jsonb", lambda event: json_list(event.evidence)),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(RatingGiven, RatingWithdrawn),
)
