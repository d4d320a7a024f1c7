"""JSON Schema (draft 2020-12) of an event's data, in the form in which it is on the wire.

The Pydantic models are the source. A schema describes what producers write: a field without a value is left out and
never null. Consumers take everything that fits the schema, and somewhat more (null for a field that may be left out, a
moment with another offset, a number for an amount).
"""

from typing import Final

from pydantic import JsonValue
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from contracts.catalogue import ROOT
from contracts.events.base import EventData

SCHEMAS_DIRECTORY: Final = ROOT / "schemas"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

NULL: Final[JsonValue] = {"type": "null"}

Schema = dict[str, JsonValue]
"""A JSON Schema, or a part of one."""


class _WireSchema(GenerateJsonSchema):
    """Pydantic's generator without its noise: no titles made of field names, no `default: null`."""

    schema_dialect = DIALECT

    def field_title_should_be_set(self, schema: core_schema.CoreSchema) -> bool:  # noqa: ARG002 - Pydantic's signature
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """Add the Chinese label of each word, for a reader of the schema."""
        found = super().enum_schema(schema)
        labels = {word.value: word.zh for word in schema["members"] if hasattr(word, "zh")}
        return found | {"x-labels-zh": labels} if labels else found


def wire_schema(event: type[EventData]) -> Schema:
    """Return the schema of an event's data.

    Raises:
        ValueError: a field may be null but isn't optional; such a field would be left out by the producer and missed
            by the consumer.
    """
    body: Schema = event.model_json_schema(mode="serialization", schema_generator=_WireSchema)
    head: Schema = {
        "$schema": DIALECT,
        "$id": f"urn:lianhe:schema:{event.event_type}",
        "title": event.__name__,
        "description": f"{event.meaning} {event.meaning_zh}。",
    }
    rest: Schema = {name: value for name, value in body.items() if name not in head}
    return head | _without_nulls(event.event_type, rest)


def schema_file(event_type: str) -> str:
    """Return the file name of a type's schema."""
    return f"{event_type}.json"


def _without_nulls(place: str, schema: Schema) -> Schema:
    found = {name: _inside(place, value) for name, value in schema.items()}
    required, properties = found.get("required", []), found.get("properties", {})
    if not isinstance(required, list) or not isinstance(properties, dict):
        return found
    fields: Schema = {}
    for name, field in properties.items():
        fields[name] = _not_null(field) if isinstance(field, dict) and _takes_null(field) else field
        if fields[name] != field and name in required:
            raise ValueError(f"{place}: field {name} may be None, so it needs None as its default")
    return found | {"properties": fields} if fields else found


def _inside(place: str, node: JsonValue) -> JsonValue:
    if isinstance(node, list):
        return [_inside(place, one) for one in node]
    return _without_nulls(place, node) if isinstance(node, dict) else node


def _takes_null(field: Schema) -> bool:
    return field == NULL or NULL in _options(field)


def _not_null(field: Schema) -> Schema:
    rest = {name: value for name, value in field.items() if name != "anyOf"}
    match [option for option in _options(field) if option != NULL]:
        case [dict(only)]:
            return only | rest
        case several:
            return {"anyOf": several} | rest


def _options(field: Schema) -> list[JsonValue]:
    options = field.get("anyOf", [])
    return options if isinstance(options, list) else []
