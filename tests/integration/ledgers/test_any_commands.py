"""Whatever is commanded, in whatever order, what is told stays whole.

Each member is counted once, coverage is as the plain rules say, no quota is exceeded, no stage is skipped.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from contracts.vocabulary import DevelopmentAction, FloatingAction, LeavingReason, TransferAction
from tests.conftest import MakeDatabase
from tests.integration.ledgers.candidate import NAME, ROAD, steps
from tests.integration.ledgers.desk import TOWNSHIP, Desk, desk_on, problem
from tests.integration.ledgers.told import Told

pytestmark = pytest.mark.servers

T = TypeVar("T")

ENTITIES: Final = 3
YEAR: Final = 2022
LEAST_KINDS: Final = 10
STANDINGS: Final = st.sampled_from(["FULL", "FULL", "PROBATIONARY"])
SETTINGS: Final = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Ledgers:
    """The ledgers on one database, which every run of commands finds empty."""

    runner: asyncio.Runner
    desk: Desk
    done: Counter[str] = field(default_factory=Counter)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something of the desk's."""
        return self.runner.run(work)

    async def empty(self) -> None:
        """Take all that the last run left away."""
        rows = await self.desk.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%'"
        )
        tables = ", ".join(row["tablename"] for row in rows)
        async with self.desk.database.transaction() as transaction:
            await transaction.connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


class Commands(RuleBasedStateMachine):
    """Random commands, of which the ledgers refuse what they must; `Told` looks at what they tell of the others."""

    def __init__(self, ledgers: Ledgers) -> None:
        super().__init__()
        self.ledgers = ledgers
        self.told = Told()
        self.heard = 0
        self.entities: list[UUID] = []

    @initialize()
    def begin(self) -> None:
        self.ledgers.run(self.ledgers.empty())
        for number in range(ENTITIES):
            self.entities.append(self.ledgers.run(self.ledgers.desk.knows_entity(number)))
        for covers in range(3):
            self.found(covers, external=False)
        self.nothing_told_contradicts_anything()
        for organisation in self.organisations():
            self.gives("POST", "/quotas", {"organisationId": str(organisation), "year": YEAR, "places": 1})
        home = {"relationOrganisationId": str(self.organisations()[0]), "workplaceEntityId": str(self.entities[0])}
        for standing in ("FULL", "FULL", "PROBATIONARY"):
            self.gives("POST", "/members", {"name": "王小明", "standing": standing, **home})

    @invariant()
    def nothing_told_contradicts_anything(self) -> None:
        rows = self.ledgers.run(self.ledgers.desk.outbox())
        self.told.hears(rows[self.heard :])
        self.heard = len(rows)
        self.told.check(self.entities)

    @rule(covers=st.integers(0, 2), external=st.booleans())
    def found(self, covers: int, *, external: bool) -> None:
        body: dict[str, object] = {"name": "支部", "form": "BRANCH", "external": external, "divisionCode": TOWNSHIP}
        if not external:
            mode = ("CATCH_ALL", "SINGLE", "JOINT")[covers]
            body |= {"mode": mode, "entityIds": [str(one) for one in self.entities[:covers]]}
        self.gives("POST", "/organisations", body)

    @rule(data=st.data())
    def dissolve(self, data: st.DataObject) -> None:
        if there := self.drawn(data, self.organisations()):
            self.gives("POST", f"/organisations/{there}/dissolution", self.expecting(f"ledgers-organisation {there}"))

    @rule(data=st.data(), standing=STANDINGS)
    def record(self, data: st.DataObject, standing: str) -> None:
        self.gives("POST", "/members", {"name": "王小明", "standing": standing, **self.places(data)})

    @rule(data=st.data(), standing=STANDINGS)
    def place(self, data: st.DataObject, standing: str) -> None:
        if member := self.drawn(data, self.members()):
            body = {"standing": standing, **self.places(data), **self.expecting(f"ledgers-member {member}")}
            self.gives("PUT", f"/members/{member}", body)

    @rule(data=st.data(), reason=st.sampled_from(LeavingReason))
    def leave(self, data: st.DataObject, reason: str) -> None:
        if member := self.drawn(data, self.members()):
            body = {"reason": reason, **self.expecting(f"ledgers-member {member}")}
            self.gives("POST", f"/members/{member}/leaving", body)

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        if member := self.drawn(data, self.members()):
            self.gives("POST", f"/members/{member}/erasure", self.expecting(f"ledgers-member {member}"))

    @rule(data=st.data(), steps_on=st.integers(0, 2))
    def transfer(self, data: st.DataObject, steps_on: int) -> None:
        member, there = self.drawn(data, self.members()), self.drawn(data, self.organisations())
        if member is None or there is None:
            return
        asked = self.gives("POST", "/transfers", {"memberId": str(member), "toOrganisationId": str(there)})
        if asked.status_code == httpx.codes.CREATED:
            process = asked.json()["aggregates"][0]["id"]
            for version, action in ((1, "RELEASE"), (2, "ACCEPT"))[:steps_on]:
                body = {"action": action, "expectedVersion": version}
                self.gives("POST", f"/transfers/{process}/steps", body, what=f"transfer {action}")

    @rule(data=st.data(), action=st.sampled_from(TransferAction))
    def step_transfer(self, data: st.DataObject, action: str) -> None:
        self.steps(data, "transfers", sorted(self.told.transfers), action)

    @rule(data=st.data())
    def report_out(self, data: st.DataObject) -> None:
        if member := self.drawn(data, self.members()):
            away = self.drawn_or_not(data, self.organisations())
            body = {"memberId": str(member), "outSince": "2023-10-01", "reason": "WORK", "toDivisionCode": TOWNSHIP}
            self.gives("POST", "/floatings", body | ({"toOrganisationId": str(away)} if away else {}))

    @rule(data=st.data(), action=st.sampled_from(FloatingAction))
    def step_floating(self, data: st.DataObject, action: str) -> None:
        self.steps(data, "floatings", sorted(self.told.floatings), action)

    @rule(data=st.data(), places=st.integers(0, 1))
    def set_quota(self, data: st.DataObject, places: int) -> None:
        if not (there := self.drawn(data, self.organisations())):
            return
        known = [one for one in self.told.quotas.values() if one.organisation_id == there]
        if known:
            body = {"places": places, "expectedVersion": known[0].version}
            self.gives("PUT", f"/quotas/{known[0].quota_id}", body)
        else:
            self.gives("POST", "/quotas", {"organisationId": str(there), "year": YEAR, "places": places})

    @rule(data=st.data(), stages=st.integers(1, len(ROAD)), forgets=st.booleans())
    def develop(self, data: st.DataObject, stages: int, *, forgets: bool) -> None:
        if not (there := self.drawn(data, self.organisations()[:1])):
            return
        body: dict[str, object] = {"name": NAME, "organisationId": str(there), "effectiveOn": "2021-01-10"}
        if shop := self.drawn_or_not(data, self.entities):
            body["workplaceEntityId"] = str(shop)
        applied = self.gives("POST", "/developments", body)
        if applied.status_code == httpx.codes.CREATED:
            self.goes_on(applied.json()["aggregates"][0]["id"], 1, ROAD[:stages], forgets=forgets)

    @rule(data=st.data(), stages=st.integers(1, 3), forgets=st.booleans())
    def go_on(self, data: st.DataObject, stages: int, *, forgets: bool) -> None:
        states = ("APPLICANT", "ACTIVIST", "TARGET", "PROBATIONARY", "FULL")
        known = {one.process_id: one for one in self.told.open_developments() if one.state in states}
        if process := self.drawn(data, sorted(known)):
            first = states.index(known[process].state)
            self.goes_on(str(process), known[process].version, ROAD[first : first + stages], forgets=forgets)

    @rule(data=st.data(), action=st.sampled_from(DevelopmentAction), step=st.integers(1, 25))
    def step_development(self, data: st.DataObject, action: str, step: int) -> None:
        done = steps([step]) if step > 1 and data.draw(st.booleans()) else []
        there = self.drawn(data, self.organisations())
        more: dict[str, object] = {"steps": done, "prolongedByMonths": 6}
        if there is not None:
            more["organisationId"] = str(there)
        if action == DevelopmentAction.PROLONG:
            more["effectiveOn"] = "2023-07-01"
        self.steps(data, "developments", sorted(self.told.developments), action, **more)

    @rule()
    def admit_all_at_once(self) -> None:
        waiting = [one for one in self.told.open_developments() if one.state == "TARGET"]

        async def admit() -> Sequence[httpx.Response]:
            return await asyncio.gather(
                *(
                    self.ledgers.desk.send(
                        "POST",
                        f"/developments/{one.process_id}/steps",
                        {"action": "ADMIT", "expectedVersion": one.version, "steps": steps(range(9, 18))},
                    )
                    for one in waiting
                )
            )

        for answer in self.ledgers.run(admit()):
            self.noted("admitted at once", answer)

    def goes_on(self, process: str, version: int, road: Sequence[tuple[str, range]], *, forgets: bool) -> None:
        """Go on by some stages; whoever forgets leaves out the last step of the last of them."""
        for later, (action, numbers) in enumerate(road):
            done = numbers[:-1] if forgets and later + 1 == len(road) else numbers
            body = {"action": action, "expectedVersion": version + later, "steps": steps(done)}
            answer = self.gives("POST", f"/developments/{process}/steps", body, what=f"development {action}")
            if answer.status_code != httpx.codes.OK:
                return

    def steps(self, data: st.DataObject, kind: str, known: Sequence[UUID], action: str, **more: object) -> None:
        if process := self.drawn(data, known):
            body = {"action": action, "note": "原因", **self.expecting(f"ledgers-{kind[:-1]} {process}"), **more}
            self.gives("POST", f"/{kind}/{process}/steps", body, what=f"{kind} {action}")

    def gives(self, method: str, path: str, body: dict[str, Any], what: str | None = None) -> httpx.Response:
        """Give a command; it is done, or refused in both languages, and never fails."""
        answer = self.ledgers.run(self.ledgers.desk.send(method, path, body))
        parts = path.split("/")
        self.noted(what or f"{method} {parts[1]} {' '.join(parts[3:])}".strip(), answer)
        return answer

    def noted(self, what: str, answer: httpx.Response) -> None:
        if answer.is_success:
            self.ledgers.done[what] += 1
        else:
            status, _ = problem(answer)
            assert status < httpx.codes.INTERNAL_SERVER_ERROR, (what, answer.text)

    def organisations(self) -> list[UUID]:
        return sorted(one.organisation_id for one in self.told.organisations.values())

    def members(self) -> list[UUID]:
        return sorted(self.told.members)

    def places(self, data: st.DataObject) -> dict[str, str]:
        drawn = {
            "workplaceEntityId": self.drawn_or_not(data, self.entities),
            "relationOrganisationId": self.drawn_or_not(data, self.organisations()),
            "managementOrganisationId": self.drawn_or_not(data, self.organisations()),
        }
        return {name: str(place) for name, place in drawn.items() if place is not None}

    def drawn(self, data: st.DataObject, among: Sequence[UUID]) -> UUID | None:
        return data.draw(st.sampled_from(among)) if among else None

    def drawn_or_not(self, data: st.DataObject, among: Sequence[UUID]) -> UUID | None:
        return self.drawn(data, among) if data.draw(st.booleans()) else None

    def expecting(self, aggregate: str) -> dict[str, int]:
        return {"expectedVersion": self.told.versions[aggregate]}


def test_whatever_is_commanded_nothing_told_contradicts_anything(make_database: MakeDatabase, tmp_path: Path) -> None:
    stack = AsyncExitStack()

    async def opened() -> Desk:
        return await stack.enter_async_context(desk_on(await make_database("ledgers"), tmp_path))

    with asyncio.Runner() as runner:
        ledgers = Ledgers(runner, runner.run(opened()))

        class OnThese(Commands):
            def __init__(self) -> None:
                super().__init__(ledgers)

        try:
            run_state_machine_as_test(OnThese, settings=SETTINGS)
        finally:
            runner.run(stack.aclose())
    assert len(ledgers.done) > LEAST_KINDS, "too few kinds of commands were ever done"
