"""A person on the way to membership, over the ledgers' HTTP side, with a day for each step of the regulation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from tests.integration.ledgers.desk import TOWNSHIP, Desk

NAME: Final = "欧阳晓燕"
DAYS: Final = {
    2: "2021-02-01",
    3: "2021-03-01",
    4: "2021-03-10",
    5: "2021-03-10",
    6: "2021-12-01",
    7: "2022-03-01",
    8: "2022-03-10",
    9: "2022-04-01",
    10: "2022-04-02",
    11: "2022-05-01",
    12: "2022-06-01",
    13: "2022-06-10",
    14: "2022-06-20",
    15: "2022-07-01",
    16: "2022-07-10",
    17: "2022-07-20",
    18: "2022-08-01",
    19: "2022-08-01",
    20: "2022-08-10",
    21: "2023-06-01",
    22: "2023-06-20",
    23: "2023-07-01",
    24: "2023-07-15",
    25: "2023-08-01",
}
ROAD: Final = (
    ("NAME_ACTIVIST", range(2, 4)),
    ("NAME_TARGET", range(4, 9)),
    ("ADMIT", range(9, 18)),
    ("CONFIRM", range(18, 25)),
    ("FILE", range(25, 26)),
)
"""What enters each stage, with the steps that lead there."""


def steps(numbers: Iterable[int]) -> list[dict[str, object]]:
    """Return steps as a command states them."""
    return [{"number": number, "doneOn": DAYS[number]} for number in numbers]


@dataclass
class Candidate:
    """A person on the way to membership. Their process and their member go by two ids."""

    desk: Desk
    process: UUID
    version: int = 1

    async def now(self) -> dict[str, Any]:
        """Return the development as the ledgers show it."""
        found: dict[str, Any] = (await self.desk.send("GET", f"/developments/{self.process}")).json()
        return found

    async def tries(self, action: str, **given: object) -> httpx.Response:
        """Take a step, and return the answer."""
        body = {"action": action, "expectedVersion": self.version, **given}
        answer = await self.desk.send("POST", f"/developments/{self.process}/steps", body, division=TOWNSHIP)
        if answer.status_code == httpx.codes.OK:
            self.version += 1
        return answer

    async def does(self, action: str, **given: object) -> None:
        """Take a step that must succeed."""
        answer = await self.tries(action, **given)
        assert answer.status_code == httpx.codes.OK, answer.text

    async def comes_to(self, last: str) -> None:
        """Go all the way from the application to an action."""
        for action, numbers in ROAD:
            await self.does(action, steps=steps(numbers))
            if action == last:
                return


async def applies(desk: Desk, organisation: UUID, **given: object) -> Candidate:
    """Let a person apply at an organisation."""
    body = {"name": NAME, "organisationId": str(organisation), "effectiveOn": "2021-01-10", **given}
    return Candidate(desk, await desk.made("/developments", body, division=TOWNSHIP))


async def branch(desk: Desk, division: str = TOWNSHIP, name: str = "五金支部") -> UUID:
    """Found a branch."""
    body = {"name": name, "form": "BRANCH", "mode": "CATCH_ALL", "entityIds": [], "divisionCode": division}
    return await desk.made("/organisations", body)


async def quota(desk: Desk, organisation: UUID, places: int, year: int = 2022) -> UUID:
    """Set a quota."""
    return await desk.made("/quotas", {"organisationId": str(organisation), "year": year, "places": places})
