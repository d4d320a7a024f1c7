"""Loads the members of a district: recorded as they are, or developed step by step where the study tells of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from contracts.vocabulary import PartyPost
from demo.district.development import APPLIED, Stage, road
from demo.district.district import District
from demo.district.members import Member
from demo.loading.doors import Doors, Graph


class _Development(Graph):
    person_id: UUID


class People:
    """Loads members, secretaries, and what members' organisations are held up as.

    Args:
        district: whose they are.
        doors: of the services.
        ids: what the services call the district's things; members are added to it.
    """

    def __init__(self, district: District, doors: Doors, ids: dict[str, UUID]) -> None:
        self._district = district
        self._doors = doors
        self._ids = ids

    def quotas(self) -> list[tuple[str, int, int]]:
        """Return the quotas 名额 that the developed members took: organisation, year, places."""
        taken = Counter(
            (one.management, one.developed_on.year)
            for one in self._district.members
            if one.developed_on is not None and one.confirmed_on is not None
        )
        return [(organisation, year, places) for (organisation, year), places in sorted(taken.items())]

    async def quota(self, quota: tuple[str, int, int]) -> None:
        """Set a quota."""
        organisation, year, places = quota
        body: dict[str, object] = {"organisationId": str(self._ids[organisation]), "year": year, "places": places}
        await self._doors.command("ledgers", "/quotas", f"quota {organisation} {year}", body, as_department=True)

    async def member(self, member: Member) -> None:
        """Take a member in, with all that names them."""
        if member.developed_on is not None and member.confirmed_on is not None:
            await self._develop(member, road(member.developed_on, member.confirmed_on), member.developed_on + APPLIED)
            return
        body: dict[str, object] = {
            "name": member.name,
            "idNumber": member.id_number,
            "standing": member.standing.value,
            "workplaceEntityId": str(self._ids[member.workplace]),
            "relationOrganisationId": str(self._ids[member.relation]),
            "managementOrganisationId": str(self._ids[member.management]),
            "effectiveOn": self._district.counted_on.isoformat(),
        }
        key = f"member-{member.number}"
        answer = await self._doors.command("ledgers", "/members", key, body)
        self._ids[key] = UUID(answer.aggregates[0].id)

    async def profile(self, organisation: str) -> None:
        """State who is secretary of an organisation, and what it is held up as."""
        secretary = self._district.secretaries.get(organisation)
        held_up = self._district.demonstrations.get(organisation)
        body: dict[str, object] = {"expectedVersion": 1, "effectiveOn": self._district.counted_on.isoformat()}
        if secretary is not None:
            since = self._district.counted_on.isoformat()
            post = {"memberId": str(self._ids[f"member-{secretary}"]), "post": PartyPost.SECRETARY.value}
            body["committee"] = [{**post, "since": since}]
        if held_up is not None:
            body["demonstration"] = held_up.value
        path = f"/organisations/{self._ids[organisation]}/profile"
        await self._doors.command("ledgers", path, f"profile {organisation}", body, method="PUT")

    async def _develop(self, member: Member, stages: Sequence[Stage], applied_on: date) -> None:
        key = f"development-{member.number}"
        body: dict[str, object] = {
            "name": member.name,
            "organisationId": str(self._ids[member.management]),
            "workplaceEntityId": str(self._ids[member.workplace]),
            "effectiveOn": applied_on.isoformat(),
        }
        begun = await self._doors.command("ledgers", "/developments", key, body)
        address = f"/developments/{begun.aggregates[0].id}"
        for version, stage in enumerate(stages, begun.aggregates[0].version):
            steps = [{"number": number, "doneOn": day.isoformat()} for number, day in stage.steps]
            step: dict[str, object] = {"action": stage.action.value, "expectedVersion": version, "steps": steps}
            await self._doors.command("ledgers", f"{address}/steps", f"{key} {stage.action.value}", step)
        person = (await self._doors.read("ledgers", address, _Development)).person_id
        self._ids[f"member-{member.number}"] = person
        named: dict[str, object] = {"expectedVersion": 2, "idNumber": member.id_number}
        await self._doors.command("ledgers", f"/members/{person}/person", f"{key} person", named, method="PUT")
