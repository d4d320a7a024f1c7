"""The topics about entities, as tables of the read model."""

from contracts.events.ledgers import EntityRecorded
from contracts.events.registration import EntityChanged, EntityRegistered, RegisteredEntity
from gateway.projection.copying import Column, Copy
from gateway.tables import Entity, EntityLedger

ENTITY: Copy[RegisteredEntity] = Copy(
    table=Entity.__tablename__,
    columns=(
        Column("entity_id", "uuid", lambda event: event.entity_id),
        Column("version", "bigint", lambda event: event.version),
        Column("uscc", "text", lambda event: event.uscc),
        Column("name", "text", lambda event: event.name),
        Column("kind", "text", lambda event: event.kind.value),
        Column("state", "text", lambda event: event.state.value),
        Column("division_code", "text", lambda event: event.division_code),
        Column("bureau", "text", lambda event: event.bureau.value),
        Column("registered_on", "date", lambda event: event.registered_on),
        Column("legal_form", "text", lambda event: event.legal_form),
        Column("capital_amount", "numeric", lambda event: event.capital.amount if event.capital else None),
        Column("capital_currency", "text", lambda event: event.capital.currency if event.capital else None),
        Column("business_scope", "text", lambda event: event.business_scope),
        Column("address", "text", lambda event: event.address),
        Column("effective_on", "date", lambda event: event.effective_on),
        Column("recorded_at", "timestamptz", lambda event: event.recorded_at),
    ),
    identity=lambda event: event.entity_id,
    version=lambda event: event.version,
)
ENTITY_EVENTS = (EntityRegistered, EntityChanged)

ENTITY_LEDGER: Copy[EntityRecorded] = Copy(
    table=EntityLedger.__tablename__,
    columns=(
        Column("entity_id", "uuid", lambda event: event.entity_id),
        Column("version", "bigint", lambda event: event.version),
        Column("registration_version", "bigint", lambda event: event.registration_version),
        Column("uscc", "text", lambda event: event.uscc),
        Column("name", "text", lambda event: event.name),
        Column("kind", "text", lambda event: event.kind.value),
        Column("state", "text", lambda event: event.state.value),
        Column("division_code", "text", lambda event: event.division_code),
        Column("bureau", "text", lambda event: event.bureau.value),
        Column("registered_on", "date", lambda event: event.registered_on),
        Column("effective_on", "date", lambda event: event.effective_on),
        Column("recorded_at", "timestamptz", lambda event: event.recorded_at),
    ),
    identity=lambda event: event.entity_id,
    version=lambda event: event.version,
)
ENTITY_LEDGER_EVENTS = (EntityRecorded,)
