"""States of what registration and pairing record of entities, in the small district: what stands and what was undone.

Nothing of it counts in the district's figures: markets are operated by the district's own, and what is brought to the
cooperative is taken back.
"""

from collections.abc import Mapping
from datetime import date

from contracts.processes.discrepancy import DISCREPANCY
from contracts.vocabulary import (
    AllianceSide,
    AssignmentTarget,
    ContactRole,
    DiscrepancyAction,
    FormAction,
    MemberStanding,
    NamingKind,
    PartyMembership,
    VisitPurpose,
)
from demo.district import names
from demo.district.district import District
from demo.district.entities import Register
from demo.district.organisations import MICRO
from demo.loading.bringing import Bringing
from demo.loading.doors import Doors
from demo.loading.loader import Loader
from kit.commands import Answer
from services.registration.domain.party_building import edition_of


class EntityStates(Bringing):
    """Brings states of markets, stalls, annual reports, forms, contacts, visits, namings and alliances about.

    Args:
        district: the small one.
        doors: of the services.
        loader: which has loaded the district.
        cooperative: facts of the cooperative of `demo.loading.states`, as they were stated.
    """

    def __init__(self, district: District, doors: Doors, loader: Loader, cooperative: Mapping[str, object]) -> None:
        super().__init__(district, doors, loader)
        self._cooperative = cooperative
        self._workplaces = sorted({one.workplace for one in district.members})

    async def bring_about(self) -> None:
        """Give the commands; given before, they change nothing.

        Raises:
            LoadError: a command is refused that should not be, or a service is away for too long.
        """
        await self._markets()
        await self._annual_reports()
        await self._form()
        await self._contacts()
        await self._outreach()

    async def _markets(self) -> None:
        division = self._district.organisations[0].division_code
        for number, state in enumerate(("open", "closed")):
            operator = Register.MARKETS.uscc(self._district.seed, number)
            market = await self._make(
                "registration",
                "/markets",
                f"market {state}",
                name=f"{'开业' if state == 'open' else '关闭'}的市场（演示）",
                operatorEntityId=self._id(operator),
                divisionCode=division,
                effectiveOn=self._before(300),
            )
            for stall in range(2):
                key = f"stall {state} {stall}"
                taken = await self._make(
                    "registration",
                    "/stalls",
                    key,
                    marketId=str(market),
                    entityId=self._id(self._workplaces[stall]),
                    number=f"A{stall}",
                    since=self._before(200),
                )
                if state == "open" and stall:
                    left = {"expectedVersion": 1, "until": self._before(20)}
                    await self._give("registration", f"/stalls/{taken}/vacating", f"{key} vacated", left)
            if state == "closed":
                end = {"expectedVersion": 1, "effectiveOn": self._before(10)}
                await self._give("registration", f"/markets/{market}/closing", "market closing", end)

    async def _annual_reports(self) -> None:
        """File a report that differs in each field, and a late one that is corrected; all others are missing."""
        first, second, *_ = self._without_organisation()
        known = self._district.members_at()[second]
        wrong = {"fullMembers": 9, "probationaryMembers": 9, "hasOrganisation": True, "hasSecretary": True}
        right = {
            "fullMembers": known[MemberStanding.FULL],
            "probationaryMembers": known[MemberStanding.PROBATIONARY],
            "hasOrganisation": False,
        }
        in_time = {} if edition_of(self._day) is None else {"filedOn": self._day.isoformat()}
        filed = await self._file(first, wrong, self._day.year - 1, **in_time)
        differing = [one for one in filed.aggregates if one.aggregate == "registration-discrepancy"]
        roads = ((), (DiscrepancyAction.EXPLAIN,), (DiscrepancyAction.EXPLAIN, DiscrepancyAction.CLOSE))
        for one, way in zip(differing, roads, strict=True):
            for version, action in enumerate(way, one.version):
                body = {"action": action.value, "expectedVersion": version, "note": names.note("年报填写有误")}
                path = f"/discrepancies/{one.id}/steps"
                await self._give("registration", path, f"{DISCREPANCY.name} {len(way)} {action.value}", body)
        late = await self._file(second, {**right, "fullMembers": 8}, self._day.year - 2)
        report = next(one for one in late.aggregates if one.aggregate == "registration-annual-report")
        body = {"expectedVersion": report.version, "partyBuilding": _answers(right)}
        await self._give("registration", f"/annual-reports/{report.id}", "report corrected", body, method="PUT")

    def _without_organisation(self) -> list[str]:
        """Return codes of those with members and no organisation who were there in both years that are reported on."""
        covered = {uscc for one in self._district.organisations for uscc in one.entities}
        since = date(self._day.year - 2, 1, 1)
        early = {one.uscc for one in self._district.entities() if one.registered_on < since}
        return [uscc for uscc in self._workplaces if uscc not in covered and uscc in early]

    async def _file(self, uscc: str, answers: Mapping[str, object], year: int, **stated: str) -> Answer:
        """File a report; today, where no day is stated."""
        body = {
            "entityId": self._id(uscc),
            "year": year,
            "partyBuilding": _answers(answers),
            **stated,
        }
        return await self._give("registration", "/annual-reports", f"report {uscc}", body)

    async def _form(self) -> None:
        """Ask the cooperative anew, by answers that come along; correct them."""
        cooperative = self._id("cooperative")
        answers = _answers({"fullMembers": 0, "probationaryMembers": 0, "hasOrganisation": False})
        body = {**self._cooperative, "expectedVersion": 1, "partyBuilding": answers}
        answered = await self._give("registration", f"/entities/{cooperative}", "asked anew", body, method="PUT")
        form = next(one for one in answered.aggregates if one.aggregate == "registration-form")
        better = {**answers, "employees": 7}
        body = {"action": FormAction.CORRECT.value, "expectedVersion": form.version, "partyBuilding": better}
        await self._give("registration", f"/party-building-forms/{form.id}/steps", "form corrected", body)

    async def _contacts(self) -> None:
        for place, state in enumerate(("active", "ended", "erased")):
            body: dict[str, object] = {
                "name": self._person(place),
                "entityId": self._id("cooperative"),
                "role": ContactRole.INVESTOR.value,
                "partyMember": PartyMembership.YES.value,
                "since": self._before(500),
                "effectiveOn": self._before(100),
            }
            if state == "ended":
                body["until"] = self._before(50)
            contact = await self._make("ledgers", "/contacts", f"contact {state}", **body)
            if state == "erased":
                await self._give("ledgers", f"/contacts/{contact}/erasure", "contact erasure", {"expectedVersion": 1})

    async def _outreach(self) -> None:
        cooperative = self._id("cooperative")
        visit = await self._make(
            "pairing",
            "/visits",
            "visit withdrawn",
            cadreId=self._id("cadre-0"),
            target=AssignmentTarget.ENTITY.value,
            targetIds=[cooperative],
            purpose=VisitPurpose.SERVICE.value,
            visitedOn=self._before(15),
        )
        await self._give("pairing", f"/visits/{visit}/withdrawal", "visit withdrawal", {"expectedVersion": 1})
        naming = await self._make(
            "pairing",
            "/namings",
            "naming withdrawn",
            kind=NamingKind.DEMONSTRATION_BUSINESS.value,
            entityIds=[cooperative],
            document="共产党员示范经营户名单（演示）",
            namedOn=self._before(60),
        )
        back = {"expectedVersion": 1, "withdrawnOn": self._before(6)}
        await self._give("pairing", f"/namings/{naming}/withdrawal", "naming withdrawal", back)
        division = self._district.organisations[0].division_code
        parties = [
            {"side": AllianceSide.MASSES.value, "associationId": self._id(f"association {MICRO}")},
            {"side": AllianceSide.ENTERPRISE.value, "entityId": self._id(self._workplaces[0])},
            {"side": AllianceSide.SUBDISTRICT.value, "divisionCode": division},
        ]
        for state in ("formed", "dissolved"):
            alliance = await self._make(
                "pairing",
                "/alliances",
                f"alliance {state}",
                name=f"党建联盟{state}（演示）",
                divisionCode=division,
                parties=parties,
                formedOn=self._before(120),
            )
            if state == "dissolved":
                end = {"expectedVersion": 1, "effectiveOn": self._before(8)}
                await self._give("pairing", f"/alliances/{alliance}/dissolution", "alliance dissolution", end)


def _answers(stated: Mapping[str, object]) -> dict[str, object]:
    return {"employees": 50, "wishesGuidance": True, **stated}
