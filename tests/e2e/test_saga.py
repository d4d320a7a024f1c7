"""The saga on the whole stack: an entity that must found an organisation, the partner suggested, the rating given."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.stack import Stack, running

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

DISTRICT, TOWNSHIP = "500111000000", "500111101000"
USCC, NEIGHBOUR = "91999999MA0000001N", "91999999MA0000002R"

ALTERED = (
    (
        "ledgers",
        "UPDATE coverage SET duty = 'SHOULD_JOIN' WHERE duty = 'MET' AND full_members = 3",
        "UPDATE coverage SET duty = 'MET' WHERE duty = 'SHOULD_JOIN' AND full_members = 3",
        "entity_id",
    ),
    (
        "ledgers",
        "UPDATE membership SET related = 4 WHERE related = 3",
        "UPDATE membership SET related = 3 WHERE related = 4",
        "organisation_id",
    ),
    (
        "assessment",
        "UPDATE rating SET band = 'B' WHERE band = 'A'",
        "UPDATE rating SET band = 'A' WHERE band = 'B'",
        "organisation_id",
    ),
    (
        "pairing",
        "UPDATE suggestion SET state = 'OPEN' WHERE state = 'SETTLED' AND version > 0",
        "UPDATE suggestion SET state = 'SETTLED' WHERE state = 'OPEN'",
        "entity_id",
    ),
    (
        "registration",
        "UPDATE cadre SET state = 'LEFT'",
        "UPDATE cadre SET state = 'ACTIVE'",
        "cadre_id",
    ),
    (
        "gateway",
        "UPDATE model_1.alliance SET name = '改'",
        "UPDATE model_1.alliance SET name = '龙水党建联合体'",
        "alliance_id",
    ),
)
"""A row altered in a store, how it is put right, and the column by which it is named."""

WHOLE = """
    query ($entity: ID!) {
      entity(id: $entity) {
        name
        ledger { version }
        coverage { fullMembers organisationCoverage workCoverage duty }
        members { totalCount nodes { maskedName } }
        assignments { nodes { role cadre { bureauUnit { name } } } }
        suggestion { state partner { name rating { band } } reasons { reason } }
        organisations { nodes { name membership { related managed gap } rating {
          state points band evidence { part points of } scheme { nameZh } } } }
      }
    }
"""


@dataclass(frozen=True, slots=True)
class Graph:
    """A frontend with a token, at the gateway."""

    client: httpx.AsyncClient
    saga: str

    async def ask(self, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables})
        body: dict[str, Any] = answer.json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    async def does(self, mutation: str, arguments: str, **variables: object) -> str:
        """Give a command of the saga; return the id of what it changed first."""
        types = "".join(f", ${name}: {kind}" for name, (kind, _) in _typed(variables).items())
        query = (
            f"mutation ($key: String!, $saga: ID{types}) {{ {mutation}({arguments}, idempotencyKey: $key, "
            "correlationId: $saga) { status correlationId aggregates { id } problem { detail detailZh } } }"
        )
        values = {name: value for name, (_, value) in _typed(variables).items()}
        found = (await self.ask(query, {"key": str(uuid4()), "saga": self.saga, **values}))[mutation]
        assert found["status"] == "APPLIED", found
        assert found["correlationId"] == self.saga
        made: str = found["aggregates"][0]["id"]
        return made


def _typed(variables: Mapping[str, object]) -> dict[str, tuple[str, object]]:
    return {name: value for name, value in variables.items() if isinstance(value, tuple)}


def frontend(stack: Stack, role: str, saga: str) -> Graph:
    token = stack.run("token", "--role", role, "--division", "500111").strip()
    address = stack.state().addresses["gateway"]
    client = httpx.AsyncClient(
        base_url=address, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60
    )
    return Graph(client, saga)


async def seen(graph: Graph, entity: str, wanted: str, found: object) -> dict[str, Any]:
    """Ask for the whole until one part of it, a path of names, is as wanted."""
    answer: dict[str, Any] = {}
    for _ in range(300):
        answer = (await graph.ask(WHOLE, {"entity": entity}))["entity"]
        if _part(answer, wanted.split(".")) == found:
            return answer
        await asyncio.sleep(0.1)
    pytest.fail(f"{wanted} is not {found}: {json.dumps(answer, ensure_ascii=False)}")


def _part(whole: Any, path: Sequence[str]) -> Any:
    for name in path:
        if isinstance(whole, list):
            whole = whole[int(name)] if int(name) < len(whole) else None
        else:
            whole = None if whole is None else whole[name]
    return whole


async def test_from_three_members_to_a_rating_in_one_saga(tmp_path: Path) -> None:
    saga = str(uuid4())
    with running(tmp_path / "data") as stack:
        district, department = frontend(stack, "district", saga), frontend(stack, "organisation_department", saga)
        try:
            await _saga(district, department)
        finally:
            await district.client.aclose()
            await department.client.aclose()
        assert await _of_the_saga(stack, saga) == {
            "registration": {"entity.registered", "form.moved"},
            "ledgers": {
                "bureau.recorded",
                "cadre.recorded",
                "entity.recorded",
                "member.recorded",
                "coverage.changed",
                "coverage.founding-required",
                "coverage.founding-settled",
                "division.recorded",
                "association.recorded",
                "organisation.founded",
                "membership.counted",
            },
            "assessment": {"rating.given"},
            "pairing": {"suggestion.made", "suggestion.settled", "assignment.made", "alliance.formed"},
        }
        assert _checked(stack) == (0, [])
        for service, altering, restoring, key in ALTERED:
            async with stack.database(service) as connection:
                altered = await connection.fetchval(f"{altering} RETURNING {key}")
                status, differences = _checked(stack, "--wait", "0")
                assert (status, str(altered) in "".join(differences)) == (1, True), (altering, differences)
                await connection.execute(restoring)
        assert _checked(stack) == (0, [])


async def _saga(district: Graph, department: Graph) -> None:
    facts = {"divisionCode": TOWNSHIP}
    entity, neighbour = [
        await district.does("registerEntity", "entity: $e", e=("EntityInput!", facts | {"uscc": uscc, "name": name}))
        for uscc, name in ((USCC, "龙水锋刃五金"), (NEIGHBOUR, "龙水老店"))
    ]
    await seen(district, entity, "ledger.version", 1)
    await seen(district, neighbour, "ledger.version", 1)
    founded = {"name": "老店支部", "form": "BRANCH", "mode": "SINGLE", "entityIds": [neighbour]}
    await department.does("foundOrganisation", "organisation: $o", o=("OrganisationInput!", founded))
    for _ in range(3):
        await department.does(
            "recordMember",
            "name: $n, placement: $p",
            n=("String!", "王小明"),
            p=("PlacementInput!", {"standing": "FULL", "workplaceEntityId": entity}),
        )
    suggested = await seen(department, entity, "suggestion.partner.name", "老店支部")
    assert suggested["coverage"]["duty"] == "MUST_FOUND"
    assert suggested["suggestion"]["state"] == "OPEN"
    assert "SAME_TOWNSHIP" in [one["reason"] for one in suggested["suggestion"]["reasons"]]

    bureau = {"name": "龙水市场监管所", "kind": "BUREAU", "divisionCode": TOWNSHIP}
    station = await district.does("setUpBureau", "bureau: $b", b=("BureauInput!", bureau))
    cadre = await district.does(
        "recordCadre", "cadre: $c", c=("CadreInput!", {"divisionCode": TOWNSHIP, "bureauId": station, "name": "赵六"})
    )
    assignment: dict[str, object] = {"cadreId": cadre, "role": "CONTACT_CADRE", "target": "ENTITY", "targetId": entity}
    await _once_known(district, "assignCadre", "assignment", "AssignmentInput!", assignment)
    await seen(district, entity, "coverage.workCoverage", True)
    own = {"name": "锋刃五金支部", "form": "BRANCH", "mode": "SINGLE", "entityIds": [entity]}
    branch = await department.does("foundOrganisation", "organisation: $o", o=("OrganisationInput!", own))
    member = {"standing": "FULL", "relationOrganisationId": branch, "managementOrganisationId": branch}
    for _ in range(3):
        await department.does(
            "recordMember", "name: $n, placement: $p", n=("String!", "李四"), p=("PlacementInput!", member)
        )
    answer = await seen(department, entity, "organisations.nodes.0.rating.points", "100")
    assert answer == {
        "name": "龙水锋刃五金",
        "ledger": {"version": 1},
        "coverage": {"fullMembers": 3, "organisationCoverage": "OWN", "workCoverage": True, "duty": "MET"},
        "members": {"totalCount": 3, "nodes": [{"maskedName": "王**"}] * 3},
        "assignments": {"nodes": [{"role": "CONTACT_CADRE", "cadre": {"bureauUnit": {"name": "龙水市场监管所"}}}]},
        "suggestion": {
            "state": "SETTLED",
            "partner": {"name": "老店支部", "rating": {"band": "D"}},
            "reasons": answer["suggestion"]["reasons"],
        },
        "organisations": {
            "nodes": [
                {
                    "name": "锋刃五金支部",
                    "membership": {"related": 3, "managed": 3, "gap": 0},
                    "rating": {
                        "state": "CURRENT",
                        "points": "100",
                        "band": "A",
                        "evidence": [
                            {"part": part, "points": points, "of": points}
                            for part, points in (("COVERAGE", "40"), ("RELATION_GAP", "40"), ("SIZE", "20"))
                        ],
                        "scheme": {"nameZh": answer["organisations"]["nodes"][0]["rating"]["scheme"]["nameZh"]},
                    },
                }
            ]
        },
    }
    assert "堡垒指数" in answer["organisations"]["nodes"][0]["rating"]["scheme"]["nameZh"]
    await _alliance(district, entity)
    hidden = await district.ask("query ($e: ID!) { entity(id: $e) { members { totalCount } } }", {"e": entity})
    assert hidden == {"entity": {"members": {"totalCount": 0}}}, "members are not for the district's clerk"


async def _alliance(district: Graph, entity: str) -> None:
    stated = [{"divisionCode": DISTRICT, "name": "X区"}, {"divisionCode": TOWNSHIP, "name": "龙水镇"}]
    await district.does("recordDivisions", "divisions: $d", d=("[DivisionInput!]!", stated))
    association = await district.does(
        "setUpAssociation", "association: $a", a=("AssociationInput!", {"name": "个私协", "divisionCode": DISTRICT})
    )
    parties = [
        {"side": "MASSES", "associationId": association},
        {"side": "ENTERPRISE", "entityId": entity},
        {"side": "SUBDISTRICT", "divisionCode": TOWNSHIP},
    ]
    alliance = {"name": "龙水党建联合体", "divisionCode": TOWNSHIP, "parties": parties}
    await _once_known(district, "formAlliance", "alliance", "AllianceInput!", alliance)
    shown = await district.ask("{ alliances { nodes { parties { side entity { name } division { name } } } } }", {})
    assert shown["alliances"]["nodes"][0]["parties"] == [
        {"side": "MASSES", "entity": None, "division": None},
        {"side": "ENTERPRISE", "entity": {"name": "龙水锋刃五金"}, "division": None},
        {"side": "SUBDISTRICT", "entity": None, "division": {"name": "龙水镇"}},
    ]


async def _once_known(graph: Graph, mutation: str, name: str, kind: str, value: Mapping[str, object]) -> None:
    """Give a command as soon as its owner has heard of what it refers to."""
    query = (
        f"mutation ($key: String!, $saga: ID, $v: {kind}) {{ {mutation}({name}: $v, idempotencyKey: $key, "
        "correlationId: $saga) { status problem { type } } }"
    )
    for _ in range(100):
        found = (await graph.ask(query, {"key": str(uuid4()), "saga": graph.saga, "v": value}))[mutation]
        if found["status"] == "APPLIED":
            return
        assert found["problem"]["type"] == "urn:lianhe:problem:not-found", found
        await asyncio.sleep(0.1)
    pytest.fail(f"{mutation}: its owner never heard of what it refers to")


async def _of_the_saga(stack: Stack, saga: str) -> dict[str, set[str]]:
    """Return what the services told under one correlation id, by service."""
    found: dict[str, set[str]] = {}
    for headers in await stack.headers():
        if headers["ce_correlationid"] == saga:
            _, _, service, aggregate, verb, _ = headers["ce_type"].split(".")
            found.setdefault(service, set()).add(f"{aggregate}.{verb}")
    return found


def _checked(stack: Stack, *options: str) -> tuple[int, list[str]]:
    process = stack.lianhe("check", "--json", *options)
    out, error = process.communicate(timeout=120)
    assert out, error
    found = [each for one in json.loads(out)["comparisons"] for each in one["differences"]]
    return process.returncode, [f"{one['id']}: {one['what']}" for one in found]
