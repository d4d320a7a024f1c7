"""The entities that each organisation covers: replaced as a whole, by version."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from contracts.events.ledgers.organisations import RecordedOrganisation
from gateway.tables import Organisation, OrganisationEntity
from kit.database import Connection

_CURRENT: Final = """
    SELECT stored.organisation_id
    FROM unnest($1::uuid[], $2::bigint[]) AS heard (organisation_id, version)
    JOIN {schema}.{organisation} AS stored USING (organisation_id, version)
"""
_LEFT: Final = """
    DELETE FROM {schema}.{covering} AS kept
    WHERE kept.organisation_id = ANY($1::uuid[]) AND NOT EXISTS (
        SELECT FROM unnest($2::uuid[], $3::uuid[]) AS told (organisation_id, entity_id)
        WHERE told.organisation_id = kept.organisation_id AND told.entity_id = kept.entity_id
    )
"""
_CAME: Final = """
    INSERT INTO {schema}.{covering} (organisation_id, entity_id)
    SELECT organisation_id, entity_id FROM unnest($1::uuid[], $2::uuid[]) AS told (organisation_id, entity_id)
    ON CONFLICT DO NOTHING
"""


class Covering:
    """Keeps the entities of each organisation as the version of its row tells them.

    Args:
        schema: of the build that is written; a name of ours, never of a user.
    """

    def __init__(self, schema: str) -> None:
        names = {
            "schema": schema,
            "organisation": Organisation.__tablename__,
            "covering": OrganisationEntity.__tablename__,
        }
        self._current, self._left, self._came = (one.format(**names) for one in (_CURRENT, _LEFT, _CAME))

    async def write(self, connection: Connection, events: Sequence[RecordedOrganisation]) -> None:
        """Replace the entities of every organisation whose row has the version of its newest event here.

        The rows themselves are written before, in the same transaction: that locks them, also those that were newer
        already, so the version that is compared with stays what it is. An event that is older than its row tells
        nothing; one of the same version tells the same again.

        Args:
            connection: in the transaction that wrote the rows.
            events: of organisations, in the order in which they were told; one may stand there several times.
        """
        newest: dict[UUID, RecordedOrganisation] = {}
        for event in events:
            known = newest.get(event.organisation_id)
            if known is None or known.version <= event.version:
                newest[event.organisation_id] = event
        current = await connection.fetch(self._current, list(newest), [one.version for one in newest.values()])
        written = [newest[row["organisation_id"]] for row in current]
        pairs = [(one.organisation_id, entity) for one in written for entity in one.entity_ids]
        organisations, entities = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        await connection.execute(self._left, [one.organisation_id for one in written], organisations, entities)
        await connection.execute(self._came, organisations, entities)
