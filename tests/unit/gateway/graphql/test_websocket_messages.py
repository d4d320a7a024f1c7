"""Messages that clients send, before anything is done with them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.graphql.websocket_messages import authorization, malformed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["type", "id", "payload"]), inner),
    max_leaves=8,
)
KINDS = st.sampled_from(["connection_init", "ping", "pong", "subscribe", "complete", "next", "error"])


@pytest.mark.parametrize(
    "message",
    [
        {"type": "connection_init"},
        {"type": "connection_init", "payload": None},
        {"type": "ping", "payload": {"x": 1}},
        {"type": "pong"},
        {"type": "complete", "id": "a", "more": 1},
        {"type": "subscribe", "id": "a", "payload": {"query": "{ __typename }"}},
        {
            "type": "subscribe",
            "id": "号",
            "payload": {"query": "", "operationName": None, "variables": None, "extensions": {"x": []}},
        },
    ],
)
def test_what_the_protocol_allows_is_let_through(message: object) -> None:
    assert malformed(message) is None


@given(JSON | st.fixed_dictionaries({"type": KINDS}, optional={"id": JSON, "payload": JSON}))
def test_of_any_json_it_is_said_what_is_wrong_or_it_has_the_form_that_is_relied_on(message: object) -> None:
    reason = malformed(message)
    if reason is None:
        assert isinstance(message, dict)
        if message["type"] in {"subscribe", "complete"}:
            assert isinstance(message["id"], str)
            assert message["id"]
        if message["type"] == "subscribe":
            assert isinstance(message["payload"]["query"], str)
        else:
            assert isinstance(message.get("payload"), dict | None) or message["type"] == "complete"
    else:
        assert reason.startswith("Invalid message 消息无效")
        json.dumps(reason)


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({"authorization": "Bearer x"}, "Bearer x"),
        ({"a": 1, "Authorization": "Bearer x"}, "Bearer x"),
        ({"authorization": None}, None),
        ({}, None),
    ],
)
def test_a_payload_stands_for_a_header(payload: dict[str, object], found: str | None) -> None:
    assert authorization(payload) == found
