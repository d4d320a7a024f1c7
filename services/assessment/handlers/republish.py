"""Tells every scheme and every rating again."""

from collections.abc import Sequence
from uuid import UUID

from kit.clock import Clock
from kit.database import Connection
from kit.outbox import Told
from kit.republishing import Source
from services.assessment.publish import rating_told_again, scheme_told_again
from services.assessment.repository.ratings import count_ratings, lock_ratings_behind
from services.assessment.repository.schemes import count_schemes, hold, schemes_behind


def schemes(clock: Clock) -> Source:
    """Return the schemes in order of id, each with all its editions, the oldest first."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        await hold(connection)
        found = await schemes_behind(connection, last, limit)
        told = [scheme_told_again(one, now=clock.now()) for one in found]
        return told, found[-1].edition.scheme_id if found else last

    return Source(count_schemes, page)


def ratings(clock: Clock) -> Source:
    """Return the ratings in order of organisation id."""

    async def page(connection: Connection, last: UUID, limit: int) -> tuple[Sequence[Told], UUID]:
        kept = await lock_ratings_behind(connection, last, limit)
        told = [rating_told_again(one, now=clock.now()) for one in kept]
        return told, kept[-1].organisation_id if kept else last

    return Source(count_ratings, page)
