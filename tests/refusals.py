"""Commands and queries that name a person and are refused: the bodies that come back are looked through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import httpx

from cli.token import signed
from contracts.vocabulary import CallerRole
from demo.district.district import District
from demo.district.names import note, telephone
from demo.district.study import DISTRICT
from tests.stack import Stack

_EVERYWHERE: Final = DISTRICT.ljust(12, "0")


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that was to be refused, and what came back."""

    asked: str
    status: int
    body: bytes
    told: bool
    """Whether the body says what is wrong."""


async def provoke(stack: Stack, district: District) -> list[Refused]:
    """Send requests that name members of a district, each wrong in another way; return what came back."""
    addresses = stack.state().addresses
    known, other = district.members[0], district.members[1]
    person: Mapping[str, object] = {"name": known.name, "idNumber": known.id_number, "telephone": telephone(1)}
    full: Mapping[str, object] = {**person, "standing": "FULL"}
    wrong = known.id_number[:-1] + ("1" if known.id_number[-1] != "1" else "2")
    look: Mapping[str, object] = {"purpose": "VERIFICATION", "reason": note("本人来电查询")}
    applicant: Mapping[str, object] = {"name": known.name, "telephone": telephone(2)}
    papers: Mapping[str, object] = {"name": "", "applicant": applicant}
    asked: Sequence[tuple[str, str, str, object, CallerRole]] = (
        ("ledgers", "POST", "/members", full, CallerRole.SYSTEM),
        ("ledgers", "POST", "/members", {**full, "idNumber": wrong}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/members", person, CallerRole.SYSTEM),
        ("ledgers", "POST", "/members", {**full, "name": [known.name]}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/members", {**full, known.name: other.name}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/members", {**full, "relationOrganisationId": known.name}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/members", {**full, "telephone": f"{telephone(1)} {known.name}"}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/members", f"{known.name} {known.id_number}", CallerRole.SYSTEM),
        ("ledgers", "POST", "/members", full, CallerRole.READER),
        ("ledgers", "POST", f"/members/{uuid4()}/reveal", {"fields": ["NAME"], **look}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/members/search", {"name": known.name, **look}, CallerRole.READER),
        ("ledgers", "POST", "/members/search", {"name": known.name, "purpose": other.name}, CallerRole.SYSTEM),
        ("ledgers", "PUT", f"/members/{uuid4()}/person", {"expectedVersion": 1, **person}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/contacts", {"name": known.name, "entityId": str(uuid4())}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/transfers", {"memberId": known.id_number, "note": note("转接")}, CallerRole.SYSTEM),
        ("ledgers", "POST", "/developments", {"name": known.name, "organisationId": ""}, CallerRole.SYSTEM),
        ("registration", "POST", "/applications", {"papers": papers, "divisionCode": "1"}, CallerRole.SYSTEM),
        ("registration", "POST", "/applications", {"papers": {"applicant": applicant}}, CallerRole.READER),
        ("registration", "POST", f"/commitments/{uuid4()}/steps", {"note": note("违诺")}, CallerRole.SYSTEM),
        ("pairing", "POST", "/visits", {"cadreId": known.name, "note": note("走访")}, CallerRole.SYSTEM),
        ("assessment", "POST", "/ratings", {"note": note("评定"), known.id_number: 1}, CallerRole.SYSTEM),
        ("gateway", "POST", "/graphql", {"query": _naming(known.name, known.id_number)}, CallerRole.SYSTEM),
        ("gateway", "POST", "/graphql", _with_variables(known.name, known.id_number), CallerRole.SYSTEM),
    )
    tokens = {
        role: signed(stack.directory, role=role, division=_EVERYWHERE, subject="canaries", hours=1)[0]
        for role in (CallerRole.SYSTEM, CallerRole.READER)
    }
    found = []
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for service, method, path, body, role in asked:
            headers = {"Authorization": f"Bearer {tokens[role]}", "Idempotency-Key": str(uuid4())}
            answer = await client.request(method, addresses[service] + path, json=body, headers=headers)
            whole = f"{answer.headers}".encode() + b"\n" + answer.content
            told = b'"detail"' in answer.content or b'"errors"' in answer.content
            found.append(Refused(f"{service} {path} as {role.value}", answer.status_code, whole, told))
    return found


def _naming(name: str, number: str) -> str:
    return f'{{ members(filter: {{state: ["{name}"]}}) {{ totalCount }} entity(id: "{number}") {{ name }} }}'


def _with_variables(name: str, number: str) -> dict[str, object]:
    query = "query ($id: ID!, $on: Date!) { member(id: $id) { age(asOf: $on) } }"
    return {"query": query, "variables": {"id": number, "on": name}}
