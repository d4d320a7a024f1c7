"""Each state of the processes once, in the small district, by the roads that their machines have.

Nothing of it counts in the district's figures: members of villages float and stay where they are counted, organisations
are renamed, who applies is admitted nowhere, and the household that is registered online is deregistered.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import create_model

from contracts.processes.development import DEVELOPMENT
from contracts.processes.floating import FLOATING
from contracts.processes.machine import Machine
from contracts.processes.registration import APPLICATION, COMMITMENT
from contracts.processes.reorganisation import REORGANISATION
from contracts.vocabulary import (
    ApplicationAction,
    CommitmentKind,
    DevelopmentState,
    FloatingReason,
    FormationMode,
    ReorganisationKind,
    ReorganisationState,
)
from contracts.vocabulary.word import Word
from demo.district import names
from demo.district.codes import made_up_uscc
from demo.district.development import APPLIED, road
from demo.district.district import District
from demo.district.organisations import VILLAGE
from demo.loading.doors import Doors, Graph
from demo.loading.figures import Figure
from demo.loading.loader import Loader
from demo.loading.states import STATES_REGISTER
from kit.commands import Answer

_NOTE: Final = names.note("按流程办理")
_A_MONTH: Final = timedelta(days=30)
_LONG: Final = timedelta(days=20 * 365)
"""A promise that doesn't fall due while the demo is shown; a day that each run names alike."""
_WITHOUT_TRANSFERS: Final = 5
"""The members of villages before these are transferred by `demo.loading.states`."""


_NO_MEMBERS_YET: Final = (
    DevelopmentState.APPLICANT,
    DevelopmentState.ACTIVIST,
    DevelopmentState.TARGET,
    DevelopmentState.ENDED,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of process, and how one is begun and led on.

    Attributes:
        machine: of the kind.
        service: that owns it.
        path: of its commands.
        topic: that tells it.
        listed: the query of the graph that lists it.
        begins: what the command that begins one states, by the place of the state among those shown.
        with_action: what a step states beside action, version and note.
        states: those that are shown; all that somebody leads to where none are given.
        besides: by state, those that follow from what `demo.loading.people_states` brings about.
    """

    machine: Machine[Any, Any]
    service: str
    path: str
    topic: str
    listed: str
    begins: Callable[[int], Mapping[str, object]]
    with_action: Callable[[Word], Mapping[str, object]] = lambda _: {}
    states: Sequence[Word] = ()
    besides: Mapping[Word, int] = field(default_factory=dict)

    def roads(self) -> Mapping[Word, Sequence[Word]]:
        """Return for each state the shortest road to it, over steps that somebody takes."""
        found: dict[Word, tuple[Word, ...]] = {self.machine.begins.target: ()}
        left = deque(found)
        while left:
            state = left.popleft()
            for step in self.machine.steps_from(state):
                if step.who and step.target not in found:
                    found[step.target] = (*found[state], step.action)
                    left.append(step.target)
        return {state: way for state, way in found.items() if not self.states or state in self.states}


class _Count(Graph):
    total_count: int


class _Application(Graph):
    entity_id: UUID


class ProcessStates:
    """Brings each state of the processes about, by the services' commands.

    Args:
        district: the small one.
        doors: of the services.
        loader: which has loaded the district; it knows the ids.
    """

    def __init__(self, district: District, doors: Doors, loader: Loader) -> None:
        self._district = district
        self._doors = doors
        self._ids = loader.ids
        self._uscc = made_up_uscc("92", STATES_REGISTER, district.seed, 0)
        self._floating = [one for one in district.members if one.management.startswith(VILLAGE)][_WITHOUT_TRANSFERS:]
        self._villages = [one for one in district.organisations if one.external]
        self._workplaces = sorted({one.workplace for one in district.members})
        self._own = [one for one in district.organisations if one.mode is FormationMode.SINGLE]
        self._kinds = self._all_kinds()

    async def bring_about(self) -> None:
        """Give the commands; given before, they change nothing.

        Raises:
            LoadError: a command is refused that should not be, or a service is away for too long.
        """
        for kind in self._kinds:
            for place, (state, way) in enumerate(kind.roads().items()):
                await self._lead(kind, place, state, way)

    async def figures(self) -> Sequence[Figure]:
        """Ask the graph for each state.

        Raises:
            LoadError: it answers with errors.
        """
        figures = []
        for kind in self._kinds:
            states = list(kind.roads())
            asked = " ".join(
                f"{state.value.lower()}: {kind.listed}(filter: {{state: [{state.value}]}}) {{ totalCount }}"
                for state in states
            )
            fields: dict[str, Any] = {state.value.lower(): (_Count, ...) for state in states}
            shown = await self._doors.ask(f"{{ {asked} }}", create_model("Shown", **fields))
            figures += [
                Figure(
                    f"{kind.machine.name}: {state.value} {kind.machine.name_zh}：{state.zh}",
                    1 + kind.besides.get(state, 0),
                    getattr(shown, state.value.lower()).total_count,
                )
                for state in states
            ]
        return figures

    async def _lead(self, kind: Kind, place: int, state: Word, way: Sequence[Word]) -> None:
        key = f"{kind.topic} {state.value}"
        answer = await self._give(kind, kind.path, key, kind.begins(place))
        for action in way:
            process = _process(answer, kind)
            body = {"action": action.value, "expectedVersion": process[1], "note": _NOTE, **kind.with_action(action)}
            answer = await self._give(kind, f"{kind.path}/{process[0]}/steps", f"{key} {action.value}", body)
            if action is ApplicationAction.REGISTER:
                await self._deregister(process[0])

    async def _give(self, kind: Kind, path: str, key: str, body: Mapping[str, object]) -> Answer:
        return await self._doors.command(kind.service, path, key, body, as_department=kind.machine is REORGANISATION)

    async def _deregister(self, application: str) -> None:
        entity = (await self._doors.read("registration", f"/applications/{application}", _Application)).entity_id
        promise = {
            "entityId": str(entity),
            "kind": CommitmentKind.PUBLIC.value,
            "promisedUntil": (self._district.as_of + _LONG).isoformat(),
        }
        await self._doors.command("registration", "/commitments", "promised online", promise)
        body = {"expectedVersion": 1, "effectiveOn": self._district.as_of.isoformat()}
        await self._doors.command("registration", f"/entities/{entity}/deregistration", "registered online", body)

    def _all_kinds(self) -> Sequence[Kind]:
        return (
            Kind(
                COMMITMENT,
                "registration",
                "/commitments",
                "registration-commitment",
                "creditCommitments",
                self._commitment,
            ),
            Kind(
                APPLICATION,
                "registration",
                "/applications",
                "registration-application",
                "householdApplications",
                self._application,
                self._registering,
            ),
            Kind(FLOATING, "ledgers", "/floatings", "ledgers-floating", "floatings", self._out),
            Kind(
                REORGANISATION,
                "ledgers",
                "/reorganisations",
                "ledgers-reorganisation",
                "reorganisations",
                self._rename,
                besides={ReorganisationState.PROPOSED: 1},  # the one entity of an organisation was deregistered
            ),
            Kind(
                DEVELOPMENT,
                "ledgers",
                "/developments",
                "ledgers-development",
                "developments",
                self._applicant,
                self._developing,
                (
                    DevelopmentState.APPLICANT,
                    DevelopmentState.ACTIVIST,
                    DevelopmentState.TARGET,
                    DevelopmentState.ENDED,
                ),
            ),
        )

    def _commitment(self, place: int) -> Mapping[str, object]:
        return {
            "entityId": str(self._ids[self._workplaces[place]]),
            "kind": CommitmentKind.NOTIFICATION.value,
            "promisedUntil": (self._district.as_of + _LONG).isoformat(),
        }

    def _application(self, place: int) -> Mapping[str, object]:
        return {
            "papers": {
                "name": f"网上申请的店{place}（演示）",
                "applicant": {"name": names.person(place), "telephone": names.telephone(place)},
            },
            "divisionCode": self._villages[0].division_code,
        }

    def _registering(self, action: Word) -> Mapping[str, object]:
        return {"uscc": self._uscc} if action is ApplicationAction.REGISTER else {}

    def _out(self, place: int) -> Mapping[str, object]:
        member = self._floating[place]
        away = next(one for one in self._villages if one.key != member.relation)
        return {
            "memberId": str(self._ids[f"member-{member.number}"]),
            "toOrganisationId": str(self._ids[away.key]),
            "outSince": (self._district.as_of - _A_MONTH).isoformat(),
            "reason": FloatingReason.BUSINESS.value,
        }

    def _rename(self, place: int) -> Mapping[str, object]:
        organisation = self._own[-1 - place]
        return {
            "kind": ReorganisationKind.RENAME.value,
            "organisationId": str(self._ids[organisation.key]),
            "name": f"{organisation.name}（更名）",
        }

    def _applicant(self, place: int) -> Mapping[str, object]:
        return {
            "name": names.person(len(self._district.members) + place),
            "organisationId": str(self._ids[self._own[0].key]),
            "effectiveOn": (self._district.as_of + APPLIED).isoformat(),
        }

    def _developing(self, action: Word) -> Mapping[str, object]:
        stages = road(self._district.as_of, self._district.as_of)
        steps = next((stage.steps for stage in stages if stage.action is action), ())
        return {"steps": [{"number": number, "doneOn": day.isoformat()} for number, day in steps]}


def _process(answer: Answer, kind: Kind) -> tuple[str, int]:
    """Return id and version of the process that an answer is about."""
    changed = next(one for one in answer.aggregates if one.aggregate == kind.topic)
    return changed.id, changed.version
