"""What a first look needs beside the figures: each state and each kind of bad input once, in the small district.

Nothing of it counts in the district's figures: entities out of the three kinds, the district or the register; members
who left; an organisation that is dissolved; transfers between villages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from contracts.vocabulary import (
    UNASSIGNED_DIVISION,
    FormationMode,
    LeavingReason,
    MemberStanding,
    OrganisationForm,
    TransferAction,
    TransferState,
)
from demo.district import names
from demo.district.codes import made_up_uscc
from demo.district.district import District
from demo.district.organisations import VILLAGE
from demo.loading.doors import Doors, Graph, LoadError
from demo.loading.figures import Figure
from demo.loading.loader import Loader
from kit.commands import Answer
from services.registration.api.bodies import BatchAnswer
from services.registration.handlers.batch import Outcome

MORE_ENTITIES: Final = 4
"""Taken in beside those of the study: a household that is registered online and deregistered
(`demo.loading.process_states`), one without a division, an enterprise that nobody classified, and a cooperative."""
REJECTED: Final = 2
DEREGISTERED: Final = 2
"""The household of `demo.loading.process_states`, and the one without a division (`demo.loading.people_states`)."""
LEFT: Final = 2
"""One resigned; one is a record that was merged into another (`demo.loading.people_states`)."""
STATES_REGISTER: Final = "T"
"""The letter of the list in whose codes these are."""
_A_YEAR: Final = timedelta(days=365)
_NOTE: Final = names.note("材料不全，请补正后重新办理")
_ROADS: Final[Mapping[TransferState, tuple[TransferAction, ...]]] = {
    TransferState.REQUESTED: (),
    TransferState.RELEASED: (TransferAction.RELEASE,),
    TransferState.RETURNED: (TransferAction.RELEASE, TransferAction.RETURN),
    TransferState.COMPLETED: (TransferAction.RELEASE, TransferAction.ACCEPT),
    TransferState.WITHDRAWN: (TransferAction.WITHDRAW,),
}
_QUERY: Final = """query ($erased: ID!, $codes: [String!]!) {
  all: entities { totalCount }
  deregistered: entities(filter: {state: [DEREGISTERED], usccIn: $codes}) { totalCount }
  unassigned: entities(filter: {division: {unassigned: true}, usccIn: $codes}) { totalCount }
  unknown: entities(filter: {kind: [UNKNOWN], usccIn: $codes}) { totalCount }
  other: entities(filter: {kind: [OTHER], usccIn: $codes}) { totalCount }
  dissolved: organisations(filter: {state: [DISSOLVED]}) { totalCount }
  left: members(filter: {state: [LEFT]}) { totalCount }
  erased: member(id: $erased) { id }
}"""
_TRANSFERS: Final = """{
  requested: transfers(filter: {state: [REQUESTED]}) { totalCount }
  released: transfers(filter: {state: [RELEASED]}) { totalCount }
  returned: transfers(filter: {state: [RETURNED]}) { totalCount }
  completed: transfers(filter: {state: [COMPLETED]}) { totalCount }
  withdrawn: transfers(filter: {state: [WITHDRAWN]}) { totalCount }
}"""


class _Count(Graph):
    total_count: int


class _Id(Graph):
    id: UUID


class _Shown(Graph):
    all: _Count
    deregistered: _Count
    unassigned: _Count
    unknown: _Count
    other: _Count
    dissolved: _Count
    left: _Count
    erased: _Id | None


class _Transfers(Graph):
    requested: _Count
    released: _Count
    returned: _Count
    completed: _Count
    withdrawn: _Count


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entity that registration rejects, and why, in English and Chinese."""

    index: int
    reason: str
    reason_zh: str


class States:
    """Brings each state about, by the services' commands.

    Args:
        district: the small one.
        doors: of the services.
        loader: which has loaded the district; it knows the ids.

    Attributes:
        rejected: what registration rejected.
        cooperative: facts of the cooperative, as they were stated.
    """

    def __init__(self, district: District, doors: Doors, loader: Loader) -> None:
        self._district = district
        self._doors = doors
        self._loader = loader
        self._codes = tuple(
            made_up_uscc(category, STATES_REGISTER, district.seed, number)
            for number, category in enumerate(("92", "92", "91", "93"))
        )
        self.rejected: tuple[Rejected, ...] = ()
        self.cooperative: Mapping[str, object] = {}

    async def bring_about(self) -> None:
        """Give the commands; given before, they change nothing.

        Raises:
            LoadError: a command is refused that should not be, or a service is away for too long.
        """
        await self._entities()
        await self._organisation()
        await self._members()
        await self._transfers()

    async def figures(self) -> Sequence[Figure]:
        """Ask the graph for each state.

        Raises:
            LoadError: it answers with errors.
        """
        erased = str(self._loader.ids["member erased"])
        shown = await self._doors.ask(_QUERY, _Shown, {"erased": erased, "codes": self._codes})
        moved = await self._doors.ask(_TRANSFERS, _Transfers)
        transfers = {
            TransferState.REQUESTED: moved.requested,
            TransferState.RELEASED: moved.released,
            TransferState.RETURNED: moved.returned,
            TransferState.COMPLETED: moved.completed,
            TransferState.WITHDRAWN: moved.withdrawn,
        }
        entities = self._district.study.entities + MORE_ENTITIES
        return [
            Figure("all entities taken in 全部主体", entities, shown.all.total_count),
            Figure("rows rejected 拒收", REJECTED, len(self.rejected)),
            Figure("deregistered 注销", DEREGISTERED, shown.deregistered.total_count),
            Figure("without a division 未分配", 1, shown.unassigned.total_count),
            Figure("kind unknown 类别未定", 1, shown.unknown.total_count),
            Figure("of another kind 其他", 1, shown.other.total_count),
            Figure("organisations dissolved 撤销", 1, shown.dissolved.total_count),
            Figure("members who left 已出册", LEFT, shown.left.total_count),
            Figure("members erased, still shown 已删除仍显示", 0, 0 if shown.erased is None else 1),
            *(
                Figure(f"transfers {state.value} 转接{state.zh}", 1, found.total_count)
                for state, found in transfers.items()
            ),
        ]

    async def _entities(self) -> None:
        leaving, nowhere, unclassified, cooperative = self._codes
        home = self._district.organisations[0].division_code
        wrong = leaving[:-1] + ("1" if leaving[-1] != "1" else "2")
        stated: list[dict[str, str | None]] = [
            {"uscc": nowhere, "name": "未分配的店（演示）", "divisionCode": UNASSIGNED_DIVISION},
            {"uscc": unclassified, "name": "未分类的公司（演示）", "divisionCode": home},
            {"uscc": cooperative, "name": "合作社（演示）", "divisionCode": home, "legalForm": "农民专业合作社"},
            {"uscc": wrong, "name": "校验位错误的店（演示）", "divisionCode": home},
            {"uscc": cooperative, "name": "重复的合作社（演示）", "divisionCode": home},
        ]
        registered = (self._district.as_of - _A_YEAR).isoformat()
        entities = [dict(one, registeredOn=registered) for one in stated]
        self.cooperative = entities[2]
        body = {"entities": entities}
        answer = BatchAnswer.model_validate_json(
            await self._doors.send("registration", "/entities/batch", "states", body)
        )
        for one, key in zip(answer.outcomes, ("nowhere", "unclassified", "cooperative"), strict=False):
            if one.id is None:
                raise LoadError(f"registration did not take in {key}: {one.reason}\n登记服务未受理：{one.reason_zh}")
            self._loader.ids[key] = one.id
        self.rejected = tuple(
            Rejected(one.index, one.reason or "", one.reason_zh or "")
            for one in answer.outcomes
            if one.outcome is Outcome.REJECTED
        )

    async def _organisation(self) -> None:
        founded = self._district.counted_on.isoformat()
        body = {
            "name": "已撤销的党支部（演示）",
            "form": OrganisationForm.BRANCH.value,
            "mode": FormationMode.BUSINESS_DISTRICT.value,
            "divisionCode": self._district.organisations[0].division_code,
            "foundedOn": founded,
            "effectiveOn": founded,
        }
        made = await self._loader.make("ledgers", "/organisations", "organisation dissolved", body)
        end = {"expectedVersion": 1, "effectiveOn": self._district.as_of.isoformat()}
        await self._doors.command("ledgers", f"/organisations/{made}/dissolution", "dissolution", end)

    async def _members(self) -> None:
        first = len(self._district.members) + len(self._district.cadres)
        village = str(self._loader.ids[self._district.organisations[0].key])
        for number, (key, path) in enumerate((("member left", "leaving"), ("member erased", "erasure"))):
            body: dict[str, object] = {
                "name": names.person(first + number),
                "telephone": names.telephone(first + number),
                "standing": MemberStanding.FULL.value,
                "relationOrganisationId": village,
                "managementOrganisationId": village,
                "effectiveOn": self._district.counted_on.isoformat(),
            }
            made = await self._loader.make("ledgers", "/members", key, body)
            end: dict[str, object] = {"expectedVersion": 1}
            if path == "leaving":
                end |= {"reason": LeavingReason.RESIGNED.value, "effectiveOn": self._district.as_of.isoformat()}
            await self._doors.command("ledgers", f"/members/{made}/{path}", f"{key} {path}", end)

    async def _transfers(self) -> None:
        at_villages = [one for one in self._district.members if one.management.startswith(VILLAGE)]
        villages = [one.key for one in self._district.organisations if one.external]
        for (state, road), member in zip(_ROADS.items(), at_villages, strict=False):
            goes_to = next(one for one in villages if one != member.relation)
            # from today: a release of the district's day would have lapsed since
            body: dict[str, object] = {
                "memberId": str(self._loader.ids[f"member-{member.number}"]),
                "toOrganisationId": str(self._loader.ids[goes_to]),
            }
            asked = await self._doors.command("ledgers", "/transfers", f"transfer {state.value}", body)
            for action in road:
                asked = await self._step(asked, state, action)

    async def _step(self, asked: Answer, state: TransferState, action: TransferAction) -> Answer:
        transfer = next(one for one in asked.aggregates if one.aggregate == "ledgers-transfer")
        body: dict[str, object] = {"action": action.value, "expectedVersion": transfer.version, "note": _NOTE}
        path, key = f"/transfers/{transfer.id}/steps", f"transfer {state.value} {action.value}"
        return await self._doors.command("ledgers", path, key, body)
