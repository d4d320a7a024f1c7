"""The protocol graphql-transport-ws, state by state (graphql-ws, PROTOCOL.md)."""

import time
from typing import Any

import orjson
import pytest

from gateway.changes.watching import Watch
from gateway.graphql.http import graphql_app
from gateway.graphql.websocket import Limits
from tests.integration.gateway.subscriptions.conftest import Gateway
from tests.integration.gateway.subscriptions.socket import Socket

pytestmark = pytest.mark.servers

CHANGED = "subscription { coverageChanged { position } }"
TYPENAME = {"type": "next", "payload": {"data": {"__typename": "Query"}}}


async def test_a_connection_begins_asks_and_ends_an_operation(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.send({"type": "connection_init"})
        assert await socket.hear() == {"type": "connection_ack"}
        assert socket.protocol == "graphql-transport-ws"
        await socket.subscribe("{ __typename }", "a")
        assert await socket.hear() == {"id": "a", **TYPENAME}
        assert await socket.hear() == {"id": "a", "type": "complete"}
        await socket.subscribe("{ __typename }", "a")
        assert await socket.hear() == {"id": "a", **TYPENAME}, "an id is free again"


@pytest.mark.parametrize("payload", [None, {}, {"x": 1}])
async def test_a_payload_may_be_left_out_or_null(gateway: Gateway, payload: object) -> None:
    async with gateway.socket() as socket:
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.hear() == {"type": "connection_ack"}


async def test_a_ping_is_answered_at_any_time_and_a_pong_needs_no_answer(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.send({"type": "ping", "payload": {"x": 1}})
        assert await socket.hear() == {"type": "pong"}
        await socket.begin()
        await socket.send({"type": "pong"})
        await socket.silent()


async def test_the_server_pings(gateway: Gateway) -> None:
    await gateway.stop()
    await gateway.start(Limits(ping_seconds=0.05))
    async with gateway.socket() as socket:
        await socket.begin()
        for _ in range(3):
            assert await socket.hear() == {"type": "ping"}
            await socket.send({"type": "pong"})


@pytest.mark.parametrize("ended_by", ["client", "nothing"])
async def test_a_subscription_that_is_completed_tells_no_more(gateway: Gateway, ended_by: str) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, "a")
        if ended_by == "client":
            await socket.send({"id": "a", "type": "complete"})
            await socket.send({"id": "unknown", "type": "complete"})
        await socket.silent()
        await socket.subscribe("{ __typename }", "b")
        assert await socket.hear() == {"id": "b", **TYPENAME}


async def test_one_that_is_not_acknowledged_may_not_subscribe(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.subscribe("{ __typename }")
        assert await socket.over() == (4401, "Unauthorized")


async def test_one_that_does_not_begin_in_time_is_closed(gateway: Gateway) -> None:
    await gateway.stop()
    await gateway.start(Limits(init_seconds=0.05))
    async with gateway.socket() as socket:
        assert await socket.over() == (4408, "Connection initialisation timeout")


async def test_beginning_twice_is_too_often(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.send({"type": "connection_init"})
        assert await socket.over() == (4429, "Too many initialisation requests")


async def test_an_id_that_is_in_use_is_taken(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, "a")
        await socket.subscribe(CHANGED, "a")
        assert await socket.over() == (4409, "Subscriber for a already exists")


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("{", "WebSocket message must be valid JSON"),
        (b"\x00", "WebSocket message type must be text"),
        ([], "Input should be"),
        ("7", "Input should be"),
        ({}, "Unable to extract tag"),
        ({"type": 7}, "Input tag '7'"),
        ({"type": "x" * 500}, "Input tag 'xxx"),
        ({"type": "next"}, "Input tag 'next'"),
        ({"type": "ping", "payload": 7}, "(ping.payload)"),
        ({"type": "connection_init", "payload": []}, "(connection_init.payload)"),
        ({"type": "complete"}, "(complete.id)"),
        ({"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}}, "(subscribe.id)"),
        ({"type": "subscribe", "id": ["a"], "payload": {"query": "{ __typename }"}}, "(subscribe.id)"),
        ({"type": "subscribe", "id": "a"}, "(subscribe.payload)"),
        ({"type": "subscribe", "id": "a", "payload": "x"}, "(subscribe.payload)"),
        ({"type": "subscribe", "id": "a", "payload": {}}, "(subscribe.payload.query)"),
        ({"type": "subscribe", "id": "a", "payload": {"query": 7}}, "(subscribe.payload.query)"),
        ({"type": "subscribe", "id": "a", "payload": {"query": "x", "variables": []}}, "(subscribe.payload.variables)"),
        (
            {"type": "subscribe", "id": "a", "payload": {"query": "x", "operationName": 7}},
            "(subscribe.payload.operationName)",
        ),
    ],
)
async def test_what_is_no_message_closes_with_4400(gateway: Gateway, message: Any, place: str) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.send(message)
        code, reason = await socket.over()
        assert code == 4400
        assert place in reason
        assert len(reason.encode()) <= 123


async def test_a_message_that_is_too_large_closes_with_1009(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.send({"type": "ping", "payload": {"x": "一" * 200_000}})
        assert (await socket.over())[0] == 1009


async def test_another_protocol_is_not_spoken(gateway: Gateway) -> None:
    async with gateway.socket(protocols=["graphql-ws"]) as socket:
        assert await socket.over() == (4406, "Subprotocol not acceptable")
    async with gateway.socket(protocols=["x", "graphql-transport-ws"]) as socket:
        await socket.begin()
        assert socket.protocol == "graphql-transport-ws"


async def test_a_page_of_another_origin_is_refused(gateway: Gateway) -> None:
    async with gateway.socket({"origin": "https://elsewhere.test"}) as socket:
        assert (await socket.over())[0] == 1008
        assert socket.protocol is None
    async with gateway.socket({"origin": "https://gateway"}) as socket:
        await socket.begin()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { coverageChanged", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { coverageChanged { position } ratingChanged { position } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription A { coverageChanged { position } } query B { __typename }", "OPERATION_RESOLUTION_FAILED"),
        ("subscription ($x: Position!) { coverageChanged(after: $x) { position } }", "BAD_USER_INPUT"),
        ("{ " + "__typename " * 501 + "}", "QUERY_TOO_LARGE"),
        ('subscription { coverageChanged(filter: {division: {under: "x"}}) { position } }', "BAD_USER_INPUT"),
        ("subscription { coverageChanged @skip(if: true) { position } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_an_operation_that_cannot_be_run_is_an_error_and_the_connection_goes_on(
    gateway: Gateway, query: str, code: str
) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe(CHANGED, "other")
        await socket.subscribe(query)
        assert (await socket.refused())["extensions"]["code"] == code
        await socket.subscribe("{ __typename }")
        assert await socket.hear() == {"id": "1", **TYPENAME}


async def test_an_error_of_a_field_is_in_the_answer(gateway: Gateway) -> None:
    async with gateway.socket() as socket:
        await socket.begin()
        await socket.subscribe('{ entity(id: "x") { id } __typename }')
        message = await socket.hear()
        assert message["type"] == "next"
        assert message["payload"]["data"] == {"entity": None, "__typename": "Query"}
        assert message["payload"]["errors"][0]["path"] == ["entity"]
        assert await socket.hear() == {"id": "1", "type": "complete"}


async def test_an_alias_names_the_answer_and_an_id_is_any_text(gateway: Gateway) -> None:
    from tests.integration.gateway.subscriptions.test_changes import changed  # noqa: PLC0415 - used here alone

    async with gateway.socket() as socket:
        await socket.begin()
        query = "subscription ($p: Position) { now: coverageChanged(after: $p) { at: position __typename } }"
        await socket.subscribe(query, '号"\\1', p=await gateway.position())
        await gateway.projection.hears(changed("E1"))
        told = await socket.told('号"\\1')
        assert list(told) == ["now"]
        assert told["now"] == {"at": await gateway.position(), "__typename": "CoverageChange"}


async def test_a_connection_has_so_many_operations_and_no_more(gateway: Gateway) -> None:
    await gateway.stop()
    await gateway.start(Limits(operations=2))
    async with gateway.socket() as socket:
        await socket.begin()
        for name in ("a", "b", "c"):
            await socket.subscribe(CHANGED, name)
        assert (await socket.refused("c"))["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
        await socket.send({"id": "a", "type": "complete"})
        await socket.subscribe("{ __typename }", "c")
        assert await socket.hear() == {"id": "c", **TYPENAME}


async def test_a_process_has_so_many_connections_and_no_more(gateway: Gateway) -> None:
    await gateway.stop()
    await gateway.start(Limits(connections=1))
    async with gateway.socket() as first:
        await first.begin()
        async with gateway.socket() as second:
            assert (await second.over())[0] == 1013
    async with gateway.socket() as third:
        await third.begin()


@pytest.mark.parametrize("name", ["authorization", "Authorization"])
async def test_the_token_comes_with_the_payload_or_with_the_handshake(gateway: Gateway, name: str) -> None:
    await gateway.stop()
    await gateway.start(anonymous=False)
    header = gateway.issuer.header()
    async with gateway.socket() as socket:
        await socket.begin({name: header["Authorization"]})
    async with gateway.socket(header) as socket:
        await socket.begin()
    async with gateway.socket(header) as socket:
        await socket.send({"type": "connection_init", "payload": {name: "Bearer nonsense"}})
        assert (await socket.over())[0] == 4403


@pytest.mark.parametrize(
    "payload", [{}, {"authorization": "Bearer x"}, {"authorization": 7}, {"authorization": "令牌"}]
)
async def test_one_without_a_token_that_holds_is_forbidden(gateway: Gateway, payload: object) -> None:
    await gateway.stop()
    await gateway.start(anonymous=False)
    async with gateway.socket() as socket:
        await socket.send({"type": "connection_init", "payload": payload})
        code, reason = await socket.over()
        assert code == 4403
        assert reason.startswith("Forbidden 身份未认证: ")


async def test_a_token_that_expires_ends_the_connection(gateway: Gateway) -> None:
    await gateway.stop()
    await gateway.start(Limits(ping_seconds=0.05), anonymous=False)
    about_to_expire = gateway.issuer.header(exp=int(time.time()) - 28)  # a token holds 30 s longer than it says
    async with gateway.socket() as socket:
        await socket.begin({"authorization": about_to_expire["Authorization"]})
        await socket.subscribe(CHANGED)
        code, reason = await socket.over()
        assert code == 4403
        assert "expired" in reason


async def test_an_issuer_that_is_away_lets_nobody_begin(gateway: Gateway, tmp_path: Any) -> None:
    from gateway.auth import Scopes  # noqa: PLC0415 - used here alone
    from kit.callers import Verifier  # noqa: PLC0415

    scopes = Scopes(Verifier.of(gateway.issuer.name, str(tmp_path / "none.json")), anonymous=False)
    socket = Socket(graphql_app(gateway.pool, scope_of=scopes), gateway.issuer.header())
    async with socket:
        await socket.send({"type": "connection_init"})
        assert (await socket.over())[0] == 1013


async def test_a_gateway_that_watches_no_changes_refuses_subscriptions_and_answers_queries(gateway: Gateway) -> None:
    for app in (graphql_app(gateway.pool), graphql_app(gateway.pool, watch=Watch("postgresql://localhost:1/none"))):
        async with Socket(app) as socket:
            await socket.begin()
            await socket.subscribe(CHANGED)
            assert (await socket.refused())["extensions"]["code"] == "SERVICE_UNAVAILABLE"
            await socket.subscribe("{ __typename }")
            assert await socket.hear() == {"id": "1", **TYPENAME}


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_http_says_where_subscriptions_go(gateway: Gateway, method: str) -> None:
    import httpx  # noqa: PLC0415 - used here alone

    async with httpx.AsyncClient(transport=httpx.ASGITransport(gateway.app), base_url="http://gateway") as client:
        accept = {"accept": "application/graphql-response+json"}
        if method == "POST":
            answer = await client.post("/graphql", json={"query": CHANGED}, headers=accept)
        else:
            answer = await client.get("/graphql", params={"query": CHANGED}, headers=accept)
    assert answer.status_code == (400 if method == "POST" else 405)
    [error] = orjson.loads(answer.content)["errors"]
    assert ("graphql-transport-ws" in error["message"]) is (method == "POST")
