"""What can be subscribed to of ratings."""

import strawberry

from contracts.events.assessment import RecordedRating
from gateway import tables
from gateway.graphql.assessment.filters import RatingFilter
from gateway.graphql.assessment.types import Rating
from gateway.graphql.sources import part
from gateway.graphql.subscriptions.positions import Position
from gateway.graphql.subscriptions.sources import changed, position


@strawberry.type(description="A change of the rating of an organisation 堡垒指数评定变更")
class RatingChange:
    """A change of the rating of an organisation."""

    position: Position = position()
    rating: Rating = part("The rating as it is now: in this version or a newer one 评定（最新）")


@strawberry.type
class AssessmentSubscriptions:
    """What can be subscribed to of ratings."""

    rating_changed: RatingChange = changed(
        tables.Rating,
        "rating_id",
        RecordedRating,
        RatingFilter,
        "Each change of the rating of an organisation that you may see 堡垒指数评定发生变更",
    )
