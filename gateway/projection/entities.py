"""The topics about entities, as tables of the read model."""

from contracts.events.ledgers.entities import EntityRecorded
from contracts.events.registration import EntityChanged, EntityRegistered, RegisteredEntity
from gateway.tables import Entity, EntityLedger
from kit.copying import Column, Copy

ENTITY: Copy[RegisteredEntity] = Copy(
    table=Entity.__tablename__,
    columns=(
        Column("entity_id", "uuid"),
        Column("version", "bigint"),
        Column("uscc", "text"),
        Column("name", "text"),
        Column("kind", "text"),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("registered_on", "date"),
        Column("legal_form", "text"),
        Column("capital_amount", "numeric", lambda event: event.capital.amount if event.capital else None),
        Column("capital_currency", "text", lambda event: event.capital.currency if event.capital else None),
        Column("business_scope", "text"),
        Column("address", "text"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(EntityRegistered, EntityChanged),
)

ENTITY_LEDGER: Copy[EntityRecorded] = Copy(
    table=EntityLedger.__tablename__,
    columns=(
        Column("entity_id", "uuid"),
        Column("version", "bigint"),
        Column("registration_version", "bigint"),
        Column("uscc", "text"),
        Column("name", "text"),
        Column("kind", "text"),
        Column("state", "text"),
        Column("division_code", "text"),
        Column("bureau", "text"),
        Column("registered_on", "date"),
        Column("effective_on", "date"),
        Column("recorded_at", "timestamptz"),
    ),
    events=(EntityRecorded,),
)
