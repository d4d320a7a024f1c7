"""States of organisations' life, of their members and of who does the work, in the small district.

Nothing of it counts in the district's figures: the people, the units and their organisation are of no division 未分配,
and gatherings are counted by none.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from contracts.vocabulary import (
    UNASSIGNED_DIVISION,
    AssignmentRole,
    AssignmentTarget,
    Audience,
    BureauKind,
    CadreState,
    DevelopmentAction,
    FormationMode,
    GatheringKind,
    GatheringPlace,
    HonourKind,
    HonourLevel,
    MemberStanding,
    OrganisationForm,
    PostKind,
    UnitState,
)
from demo.district import names
from demo.district.development import APPLIED, road
from demo.district.study import DISTRICT
from demo.loading.bringing import Bringing

_PROBATION: Final = timedelta(days=365)
_TERM: Final = timedelta(days=3 * 365)
_SCAN: Final = b"%PDF-1.4\n%%EOF\n"
"""What is uploaded as evidence: a PDF without a page."""


class PeopleStates(Bringing):
    """Brings states of gatherings, units, cadres, developments, posts, honours, members and suggestions about."""

    async def bring_about(self) -> None:
        """Give the commands; given before, they change nothing.

        Raises:
            LoadError: a command is refused that should not be, or a service is away for too long.
        """
        await self._gatherings()
        await self._units()
        branch = await self._make(
            "ledgers",
            "/organisations",
            "branch of no division",
            name="未分配的联合党支部（演示）",
            form=OrganisationForm.JOINT_BRANCH.value,
            mode=FormationMode.CATCH_ALL.value,
            divisionCode=UNASSIGNED_DIVISION,
            effectiveOn=self._before(400),
        )
        await self._developments(branch)
        await self._records_of_members(branch)
        await self._suggestion(branch)

    async def _gatherings(self) -> None:
        scan = await self._doors.upload("ledgers", _SCAN, "application/pdf", "签到表（演示）.pdf")
        own = next(one.key for one in self._district.organisations if one.mode is FormationMode.SINGLE)
        held: dict[str, object] = {
            "place": GatheringPlace.ACTIVITY_ROOM.value,
            "expected": 4,
            "present": 3,
            "organisationId": self._id(own),
        }
        # no rule told the term before 2020
        stated: dict[GatheringKind, dict[str, object]] = {
            GatheringKind.TRAINING: {"audience": Audience.SECRETARIES.value},
            GatheringKind.ELECTION: {"termUntil": (self._day + _TERM).isoformat()},
        }
        for kind, days in ((GatheringKind.LECTURE, 9), (GatheringKind.ELECTION, 30), (GatheringKind.TRAINING, 12)):
            more = stated.get(kind, {})
            said = {"agenda": names.note("会议议程"), "evidenceIds": [str(scan)] if days == 9 else []}  # noqa: PLR2004
            body = {**held, **more, **said, "kind": kind.value, "heldOn": self._before(days)}
            await self._give("ledgers", "/gatherings", f"gathering {kind.value}", body)
        body = {**held, "kind": GatheringKind.THEME_DAY.value, "heldOn": self._before(3)}
        twice = await self._make("ledgers", "/gatherings", "gathering twice", **body)
        why = {"expectedVersion": 1, "note": names.note("重复记录")}
        await self._give("ledgers", f"/gatherings/{twice}/withdrawal", "gathering withdrawn", why)

    async def _units(self) -> None:
        """Close a bureau, an association and a division, and let a cadre leave; each was there before."""
        unit = {"divisionCode": UNASSIGNED_DIVISION, "effectiveOn": self._before(400)}
        bureau: dict[str, object] = {**unit, "name": "已撤销的部门（演示）", "kind": BureauKind.BUREAU.value}
        closed = {"state": UnitState.CLOSED.value, "expectedVersion": 1, "effectiveOn": self._before(10)}
        made = await self._make("ledgers", "/bureaus", "bureau closed", **bureau)
        await self._give("ledgers", f"/bureaus/{made}", "bureau closing", bureau | closed, method="PUT")

        association: dict[str, object] = {**unit, "name": "已撤销的协会（演示）"}
        made = await self._make("ledgers", "/associations", "association closed", **association)
        handed: dict[str, object] = {
            "associationId": str(made),
            "subject": "经营者满意度（演示）",
            "handedOut": 50,
            "handedOutOn": self._before(90),
        }
        lot = await self._make("pairing", "/questionnaires", "questionnaire counted", **handed)
        await self._give(
            "pairing", f"/questionnaires/{lot}/returns", "questionnaire returns", {"expectedVersion": 1, "returned": 41}
        )
        await self._give("ledgers", f"/associations/{made}", "association closing", association | closed, method="PUT")

        code = f"{DISTRICT}998000"
        for state in UnitState:
            division = {"divisionCode": code, "name": "已撤销的镇（演示）", "state": state.value}
            days = 400 if state is UnitState.ACTIVE else 10
            body = {"divisions": [division], "effectiveOn": self._before(days)}
            await self._give("ledgers", "/divisions/batch", f"division {state.value}", body)

        cadre: dict[str, object] = {**unit, "name": self._person(10)}
        made = await self._make("ledgers", "/cadres", "cadre left", **cadre)
        assigned = await self._make(
            "pairing",
            "/assignments",
            "assignment ended",
            cadreId=str(made),
            role=AssignmentRole.INSTRUCTOR.value,
            target=AssignmentTarget.ENTITY.value,
            targetId=self._id("cooperative"),
            startsOn=self._before(100),
        )
        end = {"expectedVersion": 1, "endedOn": self._before(10)}
        await self._give("pairing", f"/assignments/{assigned}/end", "assignment end", end)
        left = {"state": CadreState.LEFT.value, "expectedVersion": 1, "effectiveOn": self._before(5)}
        await self._give("ledgers", f"/cadres/{made}", "cadre leaving", cadre | left, method="PUT")

    async def _developments(self, branch: UUID) -> None:
        """Lead somebody to each state from admission on; the vote was a year and more ago."""
        voted = self._day - 2 * _PROBATION
        stages = road(voted, voted + _PROBATION)
        confirmed = next(place for place, one in enumerate(stages) if one.action is DevelopmentAction.CONFIRM)
        for number, (state, last) in enumerate(
            (("probationary", confirmed), ("prolonged", confirmed), ("full", confirmed + 1), ("filed", len(stages)))
        ):
            key = f"development {state}"
            if number == 0:
                quota: dict[str, object] = {"organisationId": str(branch), "year": voted.year, "places": 4}
                await self._doors.command("ledgers", "/quotas", f"quota of {branch}", quota, as_department=True)
            process = await self._make(
                "ledgers",
                "/developments",
                key,
                name=self._person(20 + number),
                organisationId=str(branch),
                effectiveOn=(voted + APPLIED).isoformat(),
            )
            address = f"/developments/{process}/steps"
            for version, stage in enumerate(stages[:last], 1):
                steps = [{"number": one, "doneOn": day.isoformat()} for one, day in stage.steps]
                body: dict[str, object] = {"action": stage.action.value, "expectedVersion": version, "steps": steps}
                await self._give("ledgers", address, f"{key} {stage.action.value}", body)
            if state == "prolonged":
                body = {
                    "action": DevelopmentAction.PROLONG.value,
                    "expectedVersion": last + 1,
                    "prolongedByMonths": 6,
                    "note": names.note("支部大会决定延长预备期"),
                }
                await self._give("ledgers", address, f"{key} prolonging", body)

    async def _records_of_members(self, branch: UUID) -> None:
        """Let posts and honours stand, end and be erased with their member; let two records be one person."""
        at = {"relationOrganisationId": str(branch), "managementOrganisationId": str(branch)}
        for number, state in enumerate(("kept", "undone", "erased", "twice")):
            member = await self._member(f"holder {state}", number, at)
            if state == "twice":
                merge = {"otherId": self._id("holder undone"), "expectedVersion": 1, "otherExpectedVersion": 1}
                body: dict[str, object] = {**at, **merge, "standing": MemberStanding.FULL.value}
                await self._give("ledgers", f"/members/{member}/merge", "members merged", body)
                continue
            holds = {"memberId": str(member), "kind": PostKind.QUALITY_POST.value, "since": self._before(90)}
            post = await self._make("ledgers", "/posts", f"post {state}", **holds, organisationId=str(branch))
            honoured: dict[str, object] = {
                "memberId": str(member),
                "kind": HonourKind.GOOD_MEMBER.value,
                "level": HonourLevel.DISTRICT.value,
                "year": self._day.year - 1,
                "awardedBy": "X区（演示）",
            }
            honour = await self._make("ledgers", "/honours", f"honour {state}", **honoured)
            if state == "undone":
                ended = {"expectedVersion": 1, "until": self._before(7)}
                await self._give("ledgers", f"/posts/{post}/ending", "post ended", ended)
                await self._give("ledgers", f"/honours/{honour}/withdrawal", "honour withdrawn", {"expectedVersion": 1})
            if state == "erased":
                await self._give("ledgers", f"/members/{member}/erasure", "records erased", {"expectedVersion": 1})

    async def _suggestion(self, branch: UUID) -> None:
        """Let three work at the entity of no division: it must found, founds one, and is deregistered."""
        shop = self._id("nowhere")
        at = {
            "workplaceEntityId": shop,
            "relationOrganisationId": str(branch),
            "managementOrganisationId": str(branch),
        }
        for number in range(3):
            await self._member(f"member nowhere {number}", 40 + number, at)
        await self._make(
            "ledgers",
            "/organisations",
            "organisation nowhere",
            name="未分配的店党支部（演示）",
            form=OrganisationForm.BRANCH.value,
            mode=FormationMode.SINGLE.value,
            entityIds=[shop],
            divisionCode=UNASSIGNED_DIVISION,
            effectiveOn=self._before(2),
        )
        end = {"expectedVersion": 1, "effectiveOn": self._before(1)}
        await self._give("registration", f"/entities/{shop}/deregistration", "nowhere deregistered", end)

    async def _member(self, key: str, number: int, at: Mapping[str, object]) -> UUID:
        return await self._make(
            "ledgers",
            "/members",
            key,
            **at,
            name=self._person(50 + number),
            standing=MemberStanding.FULL.value,
            effectiveOn=self._district.counted_on.isoformat(),
        )
