"""Loads a district, step by step, each in the order in which the services need to hear of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Final, Protocol, TypeVar
from uuid import UUID

from contracts.vocabulary import AssignmentRole, AssignmentTarget, MemberStanding, VisitPurpose
from demo.district.district import District
from demo.district.entities import Entity
from demo.district.lines import Association, Cadre, Unit
from demo.district.organisations import PRIVATE, Organisation
from demo.district.outreach import HANDED_OUT_ON, NAMED_ON, Decision, Round
from demo.loading.doors import AT_ONCE, PATIENCE_SECONDS, Doors, Graph, LoadError, each
from demo.loading.people import People
from services.registration.api.bodies import BATCH_LIMIT, BatchAnswer
from services.registration.handlers.batch import Outcome

BATCHES_AT_ONCE: Final = 2
ESTABLISHED_ON: Final = date(2000, 1, 1)
"""Day from which divisions, bureaus and associations are taken to be there; no entity is older."""
_TICK_SECONDS: Final = 0.3
_RECORDED: Final = """
    query ($codes: [String!]!) { entities(filter: {usccIn: $codes, recorded: true}) { totalCount } }
"""

T = TypeVar("T")


class Watcher(Protocol):
    """Sees how far it is."""

    def moved(self, step: str, done: int, total: int) -> None:
        """Hear that so many of a step's commands are done."""
        ...


class _Page(Graph):
    total_count: int


class _Recorded(Graph):
    entities: _Page


class Loader:
    """Loads a district. Every command has a key of its own, so that loading again, or going on, changes nothing.

    Args:
        district: what to load.
        doors: of the services.
        watcher: sees how far it is.

    Attributes:
        ids: what the services call the district's things: by code of an entity that something names, and by key of a
            unit, an association, an organisation; members and cadres by `member-<number>` and `cadre-<number>`.
    """

    def __init__(self, district: District, doors: Doors, watcher: Watcher) -> None:
        self._district = district
        self._doors = doors
        self._watcher = watcher
        self._members_at = district.members_at()
        self.ids: Final[dict[str, UUID]] = {}

    async def load(self) -> None:
        """Load everything.

        Raises:
            LoadError: a command is refused, a service is away for too long, or another district is there.
        """
        district = self._district
        await self._divisions()
        await self.entities(district.entities(), "entities 市场主体", district.study.entities, district.referred())
        await self._all("bureaus 部门", [one for one in district.units if one.above is None], self._unit)
        await self._all("stations 监管所", [one for one in district.units if one.above], self._unit)
        await self._all("associations 协会", [one for one in district.associations if not one.above], self._association)
        await self._all("sub-associations 分会", [one for one in district.associations if one.above], self._association)
        await self._all("cadres 干部", district.cadres, self._cadre)
        await self.heard_of(sorted(district.referred()))
        await self._all("organisations 党组织", district.organisations, self._organisation)
        people = People(district, self._doors, self.ids)
        await self._all("quotas 名额", people.quotas(), people.quota)
        await self._all("members 党员", district.members, people.member)
        profiled = sorted({*district.secretaries, *district.demonstrations})
        await self._all("profiles 党组织概况", profiled, people.profile)
        await self._all("assignments 联系", district.cadres, self._assignment)
        await self._all("rounds of visits 走访", district.outreach.rounds, self._round)
        await self._all("decisions of naming 命名", district.outreach.decisions, self._decision)
        await self._all("questionnaires 问卷", [district.outreach.questionnaires], self._questionnaire)

    async def entities(self, entities: Iterable[Entity], step: str, total: int, referred: frozenset[str]) -> None:
        """Take entities in, by batches; of those that something names the ids are kept.

        Raises:
            LoadError: one is rejected, or known with other facts.
        """
        done = 0
        self._watcher.moved(step, done, total)

        async def take_in(numbered: tuple[int, Sequence[Entity]]) -> None:
            nonlocal done
            number, batch = numbered
            body = {"entities": [self._entity_body(one) for one in batch], "carriedOver": True}
            content = await self._doors.send("registration", "/entities/batch", f"{step} {number}", body)
            for one in BatchAnswer.model_validate_json(content).outcomes:
                entity = batch[one.index]
                if one.outcome is not Outcome.NEW or one.id is None:
                    raise _known_before(entity, one.reason, one.reason_zh)
                if entity.uscc in referred:
                    self.ids[entity.uscc] = one.id
            done += len(batch)
            self._watcher.moved(step, done, total)

        await each(enumerate(_batches(entities, BATCH_LIMIT)), take_in, at_once=BATCHES_AT_ONCE)

    async def heard_of(self, codes: Sequence[str]) -> None:
        """Wait until the ledgers know entities.

        Raises:
            LoadError: nothing more arrives for too long.
        """
        step, arrived = "to the ledgers 入台账", 0
        loop = asyncio.get_running_loop()
        moved = loop.time()
        for chunk in _batches(codes, BATCH_LIMIT):
            before = -1
            while True:
                found = (await self._doors.ask(_RECORDED, _Recorded, {"codes": list(chunk)})).entities.total_count
                self._watcher.moved(step, arrived + found, len(codes))
                if found != before:
                    before, moved = found, loop.time()
                if found == len(chunk):
                    break
                if loop.time() - moved > PATIENCE_SECONDS:
                    raise LoadError(
                        f"entities don't arrive in the ledgers: {arrived + found} of {len(codes)}. See "
                        f"`lianhe status` and `lianhe logs`.\n"
                        f"市场主体未能进入台账：{arrived + found}/{len(codes)}，"
                        f"请查看 `lianhe status` 与 `lianhe logs`。"
                    )
                await asyncio.sleep(_TICK_SECONDS)
            arrived += len(chunk)

    async def make(self, service: str, path: str, key: str, body: Mapping[str, object]) -> UUID:
        """Give a command that makes something; keep its id under the key, and return it."""
        answer = await self._doors.command(service, path, key, _stated(body))
        made = self.ids[key] = UUID(answer.aggregates[0].id)
        return made

    async def _all(self, step: str, items: Sequence[T], do: Callable[[T], Awaitable[object]]) -> None:
        done = 0
        self._watcher.moved(step, done, len(items))

        async def one(item: T) -> None:
            nonlocal done
            await do(item)
            done += 1
            self._watcher.moved(step, done, len(items))

        await each(items, one, at_once=AT_ONCE)

    async def _divisions(self) -> None:
        divisions = [{"divisionCode": one.code, "name": one.name} for one in self._district.divisions()]
        body = {"divisions": divisions, "effectiveOn": ESTABLISHED_ON.isoformat()}
        # The same key whatever the seed: a second district in one place is refused before anything of it is there.
        await self._doors.command("ledgers", "/divisions/batch", "divisions", body)

    async def _unit(self, unit: Unit) -> None:
        body = {
            "name": unit.name,
            "kind": unit.kind.value,
            "parentId": self._id(unit.above),
            "bureau": unit.line.value,
            "divisionCode": unit.division_code,
            "effectiveOn": ESTABLISHED_ON.isoformat(),
        }
        await self.make("ledgers", "/bureaus", unit.key, body)

    async def _association(self, association: Association) -> None:
        body = {
            "name": association.name,
            "parentId": self._id(association.above and _association_key(association.above)),
            "divisionCode": association.division_code,
            "effectiveOn": ESTABLISHED_ON.isoformat(),
        }
        await self.make("ledgers", "/associations", _association_key(association.key), body)

    async def _cadre(self, cadre: Cadre) -> None:
        body: dict[str, object] = {
            "name": cadre.name,
            "bureauId": self._id(cadre.station),
            "divisionCode": cadre.division_code,
            "effectiveOn": self._district.counted_on.isoformat(),
        }
        await self.make("ledgers", "/cadres", f"cadre-{cadre.number}", body)

    async def _organisation(self, organisation: Organisation) -> None:
        body = {
            "name": organisation.name,
            "form": organisation.form.value,
            "external": organisation.external,
            "mode": organisation.mode and organisation.mode.value,
            "entityIds": [self._id(one) for one in organisation.entities],
            "associationId": self._id(organisation.association and _association_key(organisation.association)),
            "divisionCode": organisation.division_code,
            "foundedOn": organisation.founded_on.isoformat(),
            "effectiveOn": organisation.founded_on.isoformat(),
        }
        await self.make("ledgers", "/organisations", organisation.key, body)

    async def _assignment(self, cadre: Cadre) -> None:
        body: dict[str, object] = {
            "cadreId": self._id(f"cadre-{cadre.number}"),
            "role": AssignmentRole.CONTACT_CADRE.value,
            "target": cadre.target.value,
            "targetId": self._id(cadre.assigned_to),
            "startsOn": self._district.assigned_on.isoformat(),
        }
        await self.make("pairing", "/assignments", f"assignment-{cadre.number}", body)

    async def _round(self, one: Round) -> None:
        body: dict[str, object] = {
            "cadreId": self._id(f"cadre-{one.cadre}"),
            "target": AssignmentTarget.ENTITY.value,
            "targetIds": [self._id(uscc) for uscc in one.entities],
            "purpose": VisitPurpose.SURVEY.value,
            "visitedOn": one.visited_on.isoformat(),
        }
        await self._doors.command("pairing", "/visits", f"round-{one.number}", body)

    async def _decision(self, one: Decision) -> None:
        body: dict[str, object] = {
            "kind": one.kind.value,
            "entityIds": [self._id(uscc) for uscc in one.entities],
            "document": one.document,
            "namedOn": NAMED_ON.isoformat(),
        }
        await self._doors.command("pairing", "/namings", f"decision-{one.number}", body)

    async def _questionnaire(self, copies: int) -> None:
        body: dict[str, object] = {
            "associationId": self._id(_association_key(PRIVATE)),
            "subject": "《助力市场主体纾困解难》26条硬措施（演示）",
            "handedOut": copies,
            "handedOutOn": HANDED_OUT_ON.isoformat(),
        }
        await self._doors.command("pairing", "/questionnaires", "questionnaire", body)

    def _entity_body(self, entity: Entity) -> dict[str, object]:
        body: dict[str, object] = {
            "uscc": entity.uscc,
            "name": entity.name,
            "divisionCode": entity.division_code,
            "registeredOn": entity.registered_on.isoformat(),
            "legalForm": entity.legal_form,
            "businessScope": entity.business_scope,
        }
        if entity.capital is not None:
            body["capital"] = {"amount": str(entity.capital)}
        if entity.uscc in self._district.employees:
            working = self._members_at[entity.uscc]
            body["partyBuilding"] = {
                "employees": self._district.employees[entity.uscc],
                "fullMembers": working[MemberStanding.FULL],
                "probationaryMembers": working[MemberStanding.PROBATIONARY],
                "hasOrganisation": False,
                "hasSecretary": False,
                "wishesGuidance": True,
            }
        return body

    def _id(self, key: str | None) -> str | None:
        return None if key is None else str(self.ids[key])


def _association_key(key: str) -> str:
    """Return a key that no organisation has: a branch goes by that of its association."""
    return f"association {key}"


def _stated(body: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if value is not None}


def _batches(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _known_before(entity: Entity, reason: str | None, reason_zh: str | None) -> LoadError:
    if reason is not None:
        return LoadError(f"registration rejects {entity.uscc}: {reason}\n登记服务拒收 {entity.uscc}：{reason_zh}")
    return LoadError(
        f"{entity.uscc} was registered here before, by other commands or more than 30 days ago. Name another place by "
        f"--data-dir, or begin anew with `lianhe down --wipe`.\n"
        f"{entity.uscc} 此前已登记（由其他命令，或早于30天）。"
        f"请用 --data-dir 指定其他目录，或先运行 `lianhe down --wipe`。"
    )
