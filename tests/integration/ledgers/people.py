"""Persons for tests, and the requests about them."""

from typing import Any, Final
from uuid import UUID

import httpx

from tests.id_numbers import id_number
from tests.integration.ledgers.desk import TOWNSHIP, Desk

WHY: Final = {"purpose": "VERIFICATION", "reason": "核对组织关系介绍信"}
ALL: Final = ["NAME", "ID_NUMBER", "TELEPHONE"]
NUMBER: Final = id_number("19850308")


async def branch(desk: Desk, division: str = TOWNSHIP) -> UUID:
    """Found an organisation."""
    facts = {"name": "支部", "form": "BRANCH", "mode": "CATCH_ALL", "entityIds": [], "divisionCode": division}
    return await desk.made("/organisations", facts)


async def person(desk: Desk, place: UUID, **facts: object) -> UUID:
    """Take a member into the ledger."""
    body = {"name": "王小明", "standing": "FULL", "relationOrganisationId": str(place), **facts}
    return await desk.made("/members", body)


async def version(desk: Desk, member: UUID) -> int:
    """Return the version that a command about a member expects."""
    found: int = (await desk.send("GET", f"/members/{member}")).json()["version"]
    return found


async def change(desk: Desk, member: UUID, expected: int | None = None, **facts: object) -> httpx.Response:
    """Change what names a member."""
    body = {"expectedVersion": expected or await version(desk, member), **facts}
    return await desk.send("PUT", f"/members/{member}/person", body)


async def revealed(desk: Desk, member: UUID) -> list[dict[str, Any]]:
    """Return all that is recorded of a member, without the moments."""
    answer = await desk.send("POST", f"/members/{member}/reveal", {"fields": ALL, **WHY})
    assert answer.status_code == 200, answer.text
    return [{key: value for key, value in one.items() if key != "recordedAt"} for one in answer.json()["records"]]


async def found(desk: Desk, **wanted: object) -> list[UUID]:
    """Return who is found."""
    answer = await desk.send("POST", "/members/search", {**wanted, **WHY})
    assert answer.status_code == 200, answer.text
    return [UUID(one["memberId"]) for one in answer.json()["members"]]
