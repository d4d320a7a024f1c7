"""`lianhe up --traces`: one row and one command, followed in the trace viewer to what a subscriber is told."""

import re
from collections import Counter
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from demo.registry import write_registry
from tests.conftest import Eventually
from tests.e2e.test_subscriptions import Frontend, known, until
from tests.stack import Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(500)]

Road = Counter[tuple[str, str, str | None]]

ROW: Final[Road] = Counter(
    {
        ("lianhe-registration-import", "registration import row", None): 1,
        ("lianhe-registration-relay", "registration relay send", "registration import row"): 1,
        ("lianhe-ledgers-service", "ledgers.entity apply", "registration relay send"): 1,
        ("lianhe-gateway", "gateway.entity apply", "registration relay send"): 1,
        ("lianhe-ledgers-relay", "ledgers relay send", "ledgers.entity apply"): 1,
        ("lianhe-gateway", "gateway.entity-ledger apply", "ledgers relay send"): 1,
        ("lianhe-pairing", "pairing.facts apply", "ledgers relay send"): 1,
    }
)
"""Service, name and parent of each span, from a row of a file to the two rows of the read model."""
CALLER: Final = "b7ad6b7169203331"
COMMAND: Final[Road] = Counter(
    {
        ("lianhe-gateway", "gateway mutation", CALLER): 1,
        ("lianhe-gateway", "gateway command", "gateway mutation"): 1,
        ("lianhe-ledgers-service", "ledgers command", "gateway command"): 1,
        ("lianhe-gateway", "gateway wait", "gateway mutation"): 1,
        # the member, and the coverage that follows
        ("lianhe-ledgers-relay", "ledgers relay send", "ledgers command"): 2,
        ("lianhe-gateway", "gateway.ledgers apply", "ledgers relay send"): 2,
        ("lianhe-assessment", "assessment.facts apply", "ledgers relay send"): 1,
        ("lianhe-pairing", "pairing.coverage apply", "ledgers relay send"): 1,
        ("lianhe-registration-service", "registration.coverage apply", "ledgers relay send"): 1,
        ("lianhe-gateway", "gateway deliver", "gateway.ledgers apply"): 1,
    }
)
"""The same of a member recorded through the graph in a trace of its caller's, to what a subscriber is told."""


class Viewer:
    """The API of the trace viewer."""

    def __init__(self, stack: Stack) -> None:
        self.address = stack.state().addresses["traces"].removesuffix("/zipkin/")

    async def road(self, trace: str) -> Road:
        """Return each span of a trace, by service, name and its parent's name."""
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.get(f"{self.address}/api/v2/trace/{trace}")
        spans: list[dict[str, Any]] = answer.json() if answer.status_code == 200 else []
        names = {span["id"]: span["name"] for span in spans}
        return Counter(
            (span["localEndpoint"]["serviceName"], span["name"], names.get(parent := span.get("parentId"), parent))
            for span in spans
        )


async def test_a_row_and_a_command_are_followed_in_the_trace_viewer(tmp_path: Path, eventually: Eventually) -> None:
    register = tmp_path / "register"
    register.mkdir()
    answers = write_registry(register, entities=5, seed=7)
    with running(tmp_path / "data", options=["--traces"]) as stack:
        viewer = Viewer(stack)
        told = stack.run("import", str(register), "--rejects", str(tmp_path / "rejects.csv"))
        found = re.search(rf"{re.escape(viewer.address)}/zipkin/traces/([0-9a-f]{{32}})\n", told)
        assert found is not None, told
        await stack.settled(answers.accepted)

        async def whole() -> bool:
            return (await viewer.road(found[1])).total() >= ROW.total()

        await eventually(whole)
        assert await viewer.road(found[1]) == ROW

        district, department = Frontend(stack, "district"), Frontend(stack, "organisation_department")
        facts = {"uscc": "91999999MA0000001N", "name": "龙水锋刃五金", "divisionCode": "500111101000"}
        entity = await district.does("registerEntity", "entity: $e", "$e: EntityInput!", e=facts)
        await known(district, entity)
        trace = uuid4().hex
        begun = (await district.ask("{ changePosition }"))["changePosition"]
        async with department.connection() as connection:
            await department.listen(connection, begun)
            mutation = (
                "mutation ($k: String!, $p: PlacementInput!)"
                '{ recordMember(name: "王小明", placement: $p, idempotencyKey: $k) { status } }'
            )
            headers = {
                "Authorization": f"Bearer {department.token}",
                "traceparent": f"00-{trace}-{CALLER}-01",
            }
            variables = {"k": str(uuid4()), "p": {"standing": "FULL", "workplaceEntityId": entity}}
            async with httpx.AsyncClient(trust_env=False, timeout=60, headers=headers) as client:
                query = {"query": mutation, "variables": variables}
                answer = await client.post(f"{department.address}/graphql", json=query)
            assert answer.json() == {"data": {"recordMember": {"status": "APPLIED"}}}
            await until(connection, 1)

        async def told_too() -> bool:
            return (await viewer.road(trace)).total() >= COMMAND.total()

        await eventually(told_too)
        assert await viewer.road(trace) == COMMAND
