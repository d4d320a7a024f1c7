"""The AsyncAPI 3.0.0 document: every topic, who tells on it, who hears it, and what a record looks like.

The payload schemas are copied in, so that the one file is whole wherever it is served. They use only keywords that
JSON Schema draft 7, AsyncAPI's own dialect, has too.
"""

from collections.abc import Iterable
from typing import Final

import yaml
from pydantic import JsonValue

from contracts.catalogue import ROOT, Topic, event_named
from contracts.envelope import (
    CAUSATION_ID,
    CONTENT_TYPE,
    CORRELATION_ID,
    ID,
    SOURCE,
    SPECVERSION,
    SUBJECT,
    TIME,
    TRACEPARENT,
    TYPE,
)
from contracts.events.base import MOMENT_PATTERN, EventData
from contracts.examples import examples
from contracts.wire_schema import Schema, wire_schema

ASYNCAPI_FILE: Final = ROOT / "asyncapi.yaml"
_KAFKA_BINDING: Final = "0.5.0"
_UUID: Final[Schema] = {"type": "string", "format": "uuid"}

HEADERS_SCHEMA: Final[Schema] = {
    "title": "CloudEvents headers 消息头",
    "description": "CloudEvents 1.0, Kafka binary mode: one header an attribute, each a UTF-8 string.",
    "type": "object",
    "required": [SPECVERSION, ID, SOURCE, TYPE, TIME, SUBJECT, CONTENT_TYPE],
    "properties": {
        SPECVERSION: {"const": "1.0"},
        ID: _UUID | {"description": "The same after a redelivery: a consumer takes each id of a source once."},
        SOURCE: {
            "type": "string",
            "pattern": "^/lianhe/[a-z]+(-[a-z]+)*$",
            "description": "The service that tells it.",
        },
        TYPE: {"type": "string", "description": "What happened, and in which version it is told."},
        TIME: {
            "type": "string",
            "format": "date-time",
            "pattern": MOMENT_PATTERN,
            "description": "When it was recorded.",
        },
        SUBJECT: {"type": "string", "minLength": 1, "description": "Id of the aggregate; equals the record key."},
        CORRELATION_ID: _UUID | {"description": "The same along everything that one command or import led to."},
        CAUSATION_ID: _UUID | {"description": "The event or command that led to this event."},
        CONTENT_TYPE: {"const": "application/json"},
        TRACEPARENT: {"type": "string", "description": "W3C Trace Context, where this fact is traced."},
    },
}


def asyncapi_document(topics: Iterable[Topic], version: str) -> Schema:
    """Build the document.

    Args:
        topics: the topics told of.
        version: version of the contracts.

    Raises:
        ValueError: two events mean different things by one shared name; or an example file is malformed.
        LookupError: a topic names an event that there is not, or an event has no example.
    """
    found = list(topics)
    events = [(topic, _event(name)) for topic in found for name in topic.events]
    schemas: Schema = {"headers": HEADERS_SCHEMA}
    for _, event in events:
        _add_schemas(schemas, event)
    return {
        "asyncapi": "3.0.0",
        "id": "urn:lianhe:events",
        "info": _info(version),
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {topic.topic: _channel(topic) for topic in found},
        "operations": {name: operation for topic in found for name, operation in _operations(topic)},
        "components": {
            "messages": {event.event_type: _message(topic, event) for topic, event in events},
            "schemas": schemas,
            "correlationIds": {
                "saga": {
                    "description": "Ties everything that one command or import led to.",
                    "location": f"$message.header#/{CORRELATION_ID}",
                }
            },
        },
    }


def asyncapi_yaml(document: Schema) -> str:
    """Write the document as YAML, Chinese as it is and no aliases."""
    return yaml.dump(document, Dumper=_NoAliases, allow_unicode=True, sort_keys=False, width=120)


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_NoAliases.add_representer(str, _write_text)


def _event(event_type: str) -> type[EventData]:
    event = event_named(event_type)
    if event is None:
        raise LookupError(f"a topic file names {event_type}, which is not in the catalogue")
    return event


def _info(version: str) -> Schema:
    return {
        "title": "Lianhe 联合: events 事件",
        "version": version,
        "description": (
            "The facts that the services of Lianhe tell on Kafka. Every record carries the whole state of its "
            "aggregate after the fact; a reader ignores fields it doesn't know and takes each event id once.\n\n"
            "联合平台各服务在 Kafka 上发布的事实。每条消息携带该聚合在事实发生后的完整状态；"
            "读者应忽略未知字段，并对同一来源的同一事件编号只处理一次。"
        ),
    }


def _server() -> Schema:
    return {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "The Kafka brokers. Kafka 集群地址",
        "variables": {"bootstrap": {"default": "localhost:9092", "description": "As KAFKA_BOOTSTRAP_SERVERS says."}},
    }


def _channel(topic: Topic) -> Schema:
    settings: Schema = {
        name: [value] if name == "cleanup.policy" else int(value) for name, value in topic.settings.items()
    }
    return {
        "address": topic.topic,
        "title": topic.meaning_zh,
        "description": f"{topic.meaning}\n\n{topic.meaning_zh}",
        "servers": [{"$ref": "#/servers/broker"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in topic.events},
        "tags": [_data_class(topic)],
        "bindings": {
            "kafka": {
                "topic": topic.topic,
                "partitions": topic.partitions,
                "topicConfiguration": settings,
                "bindingVersion": _KAFKA_BINDING,
            }
        },
        "x-owner": topic.owner,
        "x-readers": list(topic.readers),
        "x-key": topic.key,
    }


def _operations(topic: Topic) -> Iterable[tuple[str, Schema]]:
    channel: Schema = {
        "channel": {"$ref": f"#/channels/{topic.topic}"},
        "messages": [{"$ref": f"#/channels/{topic.topic}/messages/{name}"} for name in topic.events],
    }
    tells: Schema = {"action": "send", "summary": f"{topic.owner} tells 发布"}
    yield f"{topic.owner}-tells-{topic.topic}", tells | channel
    for reader in topic.readers:
        hears: Schema = {"action": "receive", "summary": f"{reader} hears 订阅"}
        yield f"{reader}-hears-{topic.topic}", hears | channel


def _message(topic: Topic, event: type[EventData]) -> Schema:
    only_type: Schema = {"type": "object", "properties": {TYPE: {"const": event.event_type}}}
    key: Schema = {"type": "string", "description": f"{topic.key} of the data."}
    return {
        "name": event.event_type,
        "title": event.meaning_zh,
        "summary": event.meaning,
        "contentType": "application/json",
        "headers": {"allOf": [{"$ref": "#/components/schemas/headers"}, only_type]},
        "payload": {"$ref": f"#/components/schemas/{event.event_type}"},
        "correlationId": {"$ref": "#/components/correlationIds/saga"},
        "tags": [_data_class(topic)],
        "bindings": {"kafka": {"key": key | _property(event, topic.key), "bindingVersion": _KAFKA_BINDING}},
        "examples": [
            {
                "name": example.name,
                "headers": {name: value.decode() for name, value in example.headers},
                "payload": example.data,
            }
            for example in examples(event.event_type)
        ],
    }


def _data_class(topic: Topic) -> Schema:
    return {"name": f"data-class:{topic.data_class}"}


def _property(event: type[EventData], name: str) -> Schema:
    properties = wire_schema(event)["properties"]
    found = properties.get(name) if isinstance(properties, dict) else None
    return found if isinstance(found, dict) else {}


def _add_schemas(schemas: Schema, event: type[EventData]) -> None:
    """Put an event's schema and the ones it refers to among the components, each under its name."""
    schema = wire_schema(event)
    shared = schema.pop("$defs", {})
    body: Schema = {name: value for name, value in schema.items() if name not in {"$schema", "$id"}}
    named = shared if isinstance(shared, dict) else {}
    for name, one in (named | {event.event_type: body}).items():
        pointed = _repoint(one)
        if schemas.setdefault(name, pointed) != pointed:
            raise ValueError(f"{event.event_type}: {name} means something else in another event; rename one of them")


def _repoint(node: JsonValue) -> JsonValue:
    """Turn references to `$defs` into ones to components; draft 7 wants nothing beside a `$ref`, so wrap it."""
    if isinstance(node, list):
        return [_repoint(one) for one in node]
    if not isinstance(node, dict):
        return node
    found: Schema = {name: _repoint(value) for name, value in node.items() if name != "$ref"}
    target = node.get("$ref")
    if not isinstance(target, str):
        return found
    reference: Schema = {"$ref": target.replace("#/$defs/", "#/components/schemas/")}
    return found | {"allOf": [reference]} if found else reference
