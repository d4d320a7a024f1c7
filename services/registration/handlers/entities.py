"""Commands about one entity: register, change, deregister. Each locks its row before it decides."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from asyncpg import UniqueViolationError

from contracts.vocabulary import CallerRole, EntityState
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, INVALID, Problem
from services.registration.domain.entity import Registration
from services.registration.publish import entity_told
from services.registration.repository import Stated, Stored, load, lock, replace, upsert

REGISTRARS: Final = frozenset({CallerRole.DISTRICT, CallerRole.BUREAU, CallerRole.STATION, CallerRole.SYSTEM})
"""Who may register, change and deregister: 市场监管局 with its stations, the district, systems that act for them."""


READERS: Final = frozenset(CallerRole)
"""Who may see a registration: everybody with a token, within the division they speak for."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did to an entity: its version, None where nothing changed."""

    entity_id: UUID
    version: int | None


class Entities:
    """Carries out commands about entities.

    Args:
        commanded: the command under way.
    """

    def __init__(self, commanded: Commanded) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._caller = commanded.caller
        self._clock = commanded.clock

    async def register(self, facts: Registration, effective_on: date | None) -> Done:
        """Register an entity that isn't known yet.

        Raises:
            Problem: `forbidden`, or `conflict` with `entityId` and `currentVersion` where the code is known.
        """
        allow(self._caller, REGISTRARS, facts.division_code)
        known = await load(self._connection, facts.uscc)
        if known is not None:
            raise _registered(known.id, known.version)
        now, day = self._clock.now(), today(self._clock)
        holds_from = self._holds_from(effective_on) or facts.effective_on(known_before=False, today=day)
        stated = Stated(facts, facts.content_hash(), new_id(), holds_from)
        stored = (await upsert(self._connection, [stated], now=now, today=day)).get(facts.uscc)
        if stored is None or stored.version > 1:  # somebody else registered it since it was looked for
            known = await load(self._connection, facts.uscc)
            if known is None:
                raise LookupError(facts.uscc)
            raise _registered(known.id, known.version if stored is None else known.version - 1)
        return await self._tell(facts, stored, now)

    async def change(
        self, entity_id: UUID, expected_version: int, facts: Registration, effective_on: date | None
    ) -> Done:
        """Replace the facts of an entity; its USCC may be corrected.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where it is deregistered or another
                entity has the code.
        """
        known = await lock(self._connection, entity_id)
        expect(known, expected_version, "entity", "市场主体")
        if known is None:
            raise LookupError(entity_id)
        allow(self._caller, REGISTRARS, known.division_code)
        allow(self._caller, REGISTRARS, facts.division_code)
        refuse_deregistered(known.state)
        if known.content_hash == facts.content_hash():
            return Done(entity_id, None)
        holds_from, now = self._holds_from(effective_on) or today(self._clock), self._clock.now()
        try:
            stored = await replace(self._connection, entity_id, facts, known.state, holds_from, now)
        except UniqueViolationError:
            raise Problem(
                CONFLICT,
                "Another entity has this unified social credit code.",
                "该统一社会信用代码已属于另一市场主体。",
            ) from None
        return await self._tell(facts, stored, now)

    async def deregister(self, entity_id: UUID, expected_version: int, effective_on: date | None) -> Done:
        """Note that an entity is deregistered 注销. It stays, with its history.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where it is deregistered already.
        """
        known = await lock(self._connection, entity_id)
        expect(known, expected_version, "entity", "市场主体")
        if known is None:
            raise LookupError(entity_id)
        allow(self._caller, REGISTRARS, known.division_code)
        refuse_deregistered(known.state)
        holds_from, now = self._holds_from(effective_on) or today(self._clock), self._clock.now()
        facts = known.registration()
        stored = await replace(self._connection, entity_id, facts, EntityState.DEREGISTERED, holds_from, now)
        return await self._tell(facts, stored, now)

    async def _tell(self, facts: Registration, stored: Stored, now: datetime) -> Done:
        told = entity_told(
            facts,
            stored,
            now=now,
            traceparent=self._commanded.traceparent,
            correlation_id=self._commanded.correlation_id,
        )
        await tell(self._connection, [told])
        return Done(stored.id, stored.version)

    def _holds_from(self, effective_on: date | None) -> date | None:
        if effective_on is not None and effective_on > today(self._clock):
            raise Problem(
                INVALID,
                f"effectiveOn {effective_on} is in the future. Send the command on that day.",
                f"生效日期{effective_on}在未来，请届时再提交。",
                {"errors": [{"pointer": "/effectiveOn", "reason": "in the future", "reasonZh": "晚于今日"}]},
            )
        return effective_on


def refuse_deregistered(state: EntityState) -> None:
    """Refuse to change an entity that is deregistered.

    Raises:
        Problem: `conflict`.
    """
    if state is EntityState.DEREGISTERED:
        raise Problem(
            CONFLICT,
            "The entity is deregistered; nothing about it can be changed.",
            "该市场主体已注销，不能再变更。",
        )


def _registered(entity_id: UUID, version: int) -> Problem:
    return Problem(
        CONFLICT,
        "An entity with this unified social credit code is registered. Change that one.",
        "该统一社会信用代码已登记，请对已有主体办理变更。",
        {"entityId": str(entity_id), "currentVersion": version},
    )
