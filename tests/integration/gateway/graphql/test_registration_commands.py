"""Registration's commands given through the graph, to registration itself."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from contracts.events.registration.markets import MarketChanged, MarketClosed, StallVacated
from gateway.commands import Commands, Owner
from gateway.graphql.http import graphql_app
from tests.conftest import MakeDatabase
from tests.integration.registration.desk import HOUSEHOLD, TOWNSHIP, A, B, Desk, desk_on

pytestmark = pytest.mark.servers

ANSWERS = "{employees: 9, fullMembers: 3, probationaryMembers: 0, hasOrganisation: false, wishesGuidance: true}"


class Frontend:
    """A frontend of the graph, whose commands come to a registration of the test's own."""

    def __init__(self, graph: httpx.AsyncClient, desk: Desk) -> None:
        self.desk = desk
        self._graph = graph

    async def gives(self, command: str, arguments: str) -> list[str]:
        """Give a command; return the ids of what it changed."""
        answer = await self.asks(command, arguments)
        assert answer["problem"] is None, answer
        return [one["id"] for one in answer["aggregates"]]

    async def asks(self, command: str, arguments: str) -> dict[str, Any]:
        """Give a command; return what it was answered."""
        answered = "aggregates { aggregate id version } problem { type detail errors { pointer } }"
        query = f'mutation {{ {command}({arguments}, idempotencyKey: "{uuid4()}") {{ {answered} }} }}'
        headers = self.desk.issuer.header("BUREAU", "500111000000")
        answer = (await self._graph.post("/graphql", json={"query": query}, headers=headers)).json()
        assert "errors" not in answer, answer
        found: dict[str, Any] = answer["data"][command]
        return found


@pytest.fixture
async def frontend(
    pool: asyncpg.Pool, make_database: MakeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Frontend]:
    monkeypatch.setattr("gateway.commands.SEEN_SECONDS", 0.0)  # what is told here goes to no read model
    async with desk_on(await make_database("registration"), tmp_path) as desk:
        commands = Commands({Owner.REGISTRATION: "http://registration"}, desk.client, pool)
        transport = httpx.ASGITransport(graphql_app(pool, commands=commands))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as graph:
            yield Frontend(graph, desk)


def entity(uscc: str) -> str:
    return f'entity: {{uscc: "{uscc}", name: "龙水五金", divisionCode: "{TOWNSHIP}"}}'


async def test_entities_answer_their_forms_at_once_or_later(frontend: Frontend) -> None:
    [made, form] = await frontend.gives("registerEntity", entity(A))
    step = f'id: "{form}", action: ANSWER, expectedVersion: 1'
    refused = await frontend.asks("stepPartyBuildingForm", step)
    assert refused["problem"]["errors"] == [{"pointer": "/partyBuilding"}]
    assert await frontend.gives("stepPartyBuildingForm", f"{step}, partyBuilding: {ANSWERS}") == [form]
    [changed, asked] = await frontend.gives(
        "changeEntity", f'id: "{made}", expectedVersion: 1, {entity(B)}, partyBuilding: {ANSWERS}'
    )
    assert (changed, asked != form) == (made, True)
    await frontend.gives("classifyEntity", f'id: "{made}", kind: OTHER, expectedVersion: 2')
    await frontend.gives("deregisterEntity", f'id: "{made}", expectedVersion: 3, partyBuilding: {ANSWERS}')
    assert [(one.occasion, one.state, one.full_members) for one in await frontend.desk.told(FormMoved)] == [
        ("REGISTRATION", "OPEN", None),
        ("REGISTRATION", "ANSWERED", 3),
        ("REGISTRATION", "SUPERSEDED", 3),
        ("CHANGE", "OPEN", None),
        ("CHANGE", "ANSWERED", 3),
        ("CHANGE", "SUPERSEDED", 3),
        ("DEREGISTRATION", "OPEN", None),
        ("DEREGISTRATION", "ANSWERED", 3),
    ]


async def test_commitments_are_signed_and_judged(frontend: Frontend) -> None:
    [made, _] = await frontend.gives("registerEntity", entity(A))
    promise = f'entityId: "{made}", kind: PUBLIC, promisedUntil: "2024-03-15", given: {{onBehalfOf: "李代办"}}'
    [commitment] = await frontend.gives("signCreditCommitment", promise)
    broken = f'id: "{commitment}", action: BREAK, expectedVersion: 1, given: {{note: "逾期"}}'
    await frontend.gives("stepCreditCommitment", broken)
    await frontend.gives("stepCreditCommitment", f'id: "{commitment}", action: REPAIR, expectedVersion: 2')
    assert [one.state for one in await frontend.desk.told(CommitmentMoved)] == ["SIGNED", "BROKEN", "REPAIRED"]


async def test_a_household_applies_brings_what_was_missing_and_is_registered(frontend: Frontend) -> None:
    papers = '{name: "王记面馆", address: "%s", applicant: {name: "王小明", telephone: "13800138000"}}'
    [applied] = await frontend.gives("applyForRegistration", f'divisionCode: "{TOWNSHIP}", papers: {papers % "一街"}')
    for number, more in enumerate(
        (
            'action: RETURN, given: {note: "缺材料"}',
            f"action: REAPPLY, papers: {papers % '二街'}",
            "action: ACCEPT",
            f'action: REGISTER, uscc: "{HOUSEHOLD}", partyBuilding: {ANSWERS}',
        ),
        1,
    ):
        await frontend.gives("stepApplication", f'id: "{applied}", expectedVersion: {number}, {more}')
    last = (await frontend.desk.told(ApplicationMoved))[-1]
    assert (last.state, last.uscc) == ("REGISTERED", HOUSEHOLD)
    found = await frontend.desk.read(f"/entities/{last.entity_id}")
    assert (found["name"], found["address"]) == ("王记面馆", "二街")


async def test_markets_and_stalls_are_kept(frontend: Frontend) -> None:
    [operator, _] = await frontend.gives("registerEntity", entity(A))
    [holder, _] = await frontend.gives("registerEntity", entity(HOUSEHOLD))
    facts = f'market: {{name: "%s", operatorEntityId: "{operator}", divisionCode: "{TOWNSHIP}"}}'
    [place, counted] = await frontend.gives("recordMarket", facts % "五金市场")
    assert counted == operator
    stalls = [
        (await frontend.gives("occupyStall", f'marketId: "{place}", entityId: "{holder}", number: "{one}"'))[0]
        for one in ("A-1", "A-2")
    ]
    await frontend.gives("vacateStall", f'id: "{stalls[0]}", expectedVersion: 1, until: "2024-02-28"')
    await frontend.gives("changeMarket", f'id: "{place}", expectedVersion: 1, {facts % "新市场"}')
    await frontend.gives("closeMarket", f'id: "{place}", expectedVersion: 2')
    assert [one.name for one in await frontend.desk.told(MarketChanged, MarketClosed)] == ["新市场", "新市场"]
    assert [str(one.stall_id) for one in await frontend.desk.told(StallVacated)] == stalls
