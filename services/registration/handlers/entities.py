"""Commands about one entity: register, change, deregister, classify. Each locks its row before it decides.

Registering, changing and deregistering ask the Party-building questions; being classified is none of the entity's own
doing, and asks nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from asyncpg import UniqueViolationError

from contracts.events.registration.forms import FormMoved
from contracts.vocabulary import REGISTRARS, CallerRole, EntityKind, EntityState, FormOccasion
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from services.registration.domain.entity import Registration
from services.registration.domain.kind import may_count_as
from services.registration.domain.misfit import Misfit
from services.registration.domain.party_building import Answers
from services.registration.handlers.accompanying import Accompanying
from services.registration.handlers.forms import Asked, Forms
from services.registration.handlers.operators import follow_code, refuse_operator
from services.registration.handlers.refusals import refuse_future, refuse_misfits
from services.registration.handlers.stalls import vacate_of
from services.registration.publish import entity_told
from services.registration.repository.entities import Known, Stated, Stored, load, lock, replace, upsert

READERS: Final = frozenset(CallerRole)
"""Who may see a registration: everybody with a token, within the division they speak for."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did to an entity: its version, None where nothing changed, and the form that it was asked."""

    entity_id: UUID
    version: int | None
    forms: Sequence[FormMoved] = ()


class Entities:
    """Carries out commands about entities.

    Args:
        commanded: the command under way.
        forms: of the same command.
    """

    def __init__(self, commanded: Commanded, forms: Forms) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._caller = commanded.caller
        self._clock = commanded.clock
        self._forms = forms
        self._accompanying = Accompanying()

    async def register(self, facts: Registration, effective_on: date | None, answers: Answers | None = None) -> Done:
        """Register an entity that isn't known yet.

        Raises:
            Problem: `forbidden`, `invalid`, or `conflict` with `entityId` and `currentVersion` where the code is known.
        """
        allow(self._caller, REGISTRARS, facts.division_code)
        refuse_future(effective_on, today(self._clock))
        self._forms.refuse(answers)
        known = await load(self._connection, facts.uscc)
        if known is not None:
            raise _registered(known.id, known.version)
        now, day = self._clock.now(), today(self._clock)
        holds_from = effective_on or facts.effective_on(known_before=False, today=day)
        stated = Stated(facts, facts.content_hash(), new_id(), holds_from)
        stored = (await upsert(self._connection, [stated], now=now, today=day)).get(facts.uscc)
        if stored is None or stored.version > 1:  # somebody else registered it since it was looked for
            known = await load(self._connection, facts.uscc)
            if known is None:
                raise LookupError(facts.uscc)
            raise _registered(known.id, known.version if stored is None else known.version - 1)
        await self._tell(facts, stored, now)
        return await self._asked(stored, facts, FormOccasion.REGISTRATION, answers, {})

    async def change(
        self,
        entity_id: UUID,
        expected_version: int,
        facts: Registration,
        effective_on: date | None,
        answers: Answers | None = None,
    ) -> Done:
        """Replace the facts of an entity; its USCC may be corrected.

        Answers that come with facts that are known already are an occasion, too.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid`, or `conflict` where it is deregistered or
                another entity has the code.
        """
        accompanying = await self._accompanying.hold(self._connection, [entity_id])
        before, known = await self._held(entity_id, expected_version)
        allow(self._caller, REGISTRARS, facts.division_code)
        refuse_deregistered(known.state)
        refuse_future(effective_on, today(self._clock))
        self._forms.refuse(answers)
        if known.content_hash == facts.content_hash():
            if answers is None:
                return Done(entity_id, None)
            asked = Asked(
                entity_id, known.division_code, known.bureau, FormOccasion.CHANGE, answers, before.get(entity_id)
            )
            return Done(entity_id, None, await self._forms.ask([asked]))
        classified_as = known.classified_as
        if classified_as is not None and not may_count_as(facts.uscc, classified_as):
            classified_as = None
        now = self._clock.now()
        try:
            stored = await replace(
                self._connection,
                entity_id,
                facts,
                content_hash=facts.content_hash(),
                classified_as=classified_as,
                state=known.state,
                effective_on=effective_on or today(self._clock),
                now=now,
            )
        except UniqueViolationError:
            raise Problem(
                CONFLICT,
                "Another entity has this unified social credit code.",
                "该统一社会信用代码已属于另一市场主体。",
            ) from None
        await self._tell(facts, stored, now)
        place = (facts.division_code, facts.bureau)
        await self._accompanying.move(self._commanded, accompanying, {entity_id: place}, asked={entity_id})
        if known.uscc != facts.uscc:
            await follow_code(self._commanded, entity_id, facts.uscc)
        return await self._asked(stored, facts, FormOccasion.CHANGE, answers, before)

    async def deregister(
        self, entity_id: UUID, expected_version: int, effective_on: date | None, answers: Answers | None = None
    ) -> Done:
        """Note that an entity is deregistered 注销. It stays, with its history; stalls are vacant, promises end.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid`, or `conflict` where it is deregistered
                already, or operates a market that is open.
        """
        accompanying = await self._accompanying.hold(self._connection, [entity_id])
        before, known = await self._held(entity_id, expected_version)
        refuse_deregistered(known.state)
        refuse_future(effective_on, today(self._clock))
        self._forms.refuse(answers)
        await refuse_operator(
            self._connection, entity_id, "close it or hand it to another operator first", "请先关闭市场或更换开办者"
        )
        day, now = effective_on or today(self._clock), self._clock.now()
        facts = known.registration()
        stored = await replace(
            self._connection,
            entity_id,
            facts,
            content_hash=known.content_hash,
            classified_as=known.classified_as,
            state=EntityState.DEREGISTERED,
            effective_on=day,
            now=now,
        )
        await self._tell(facts, stored, now)
        await vacate_of(self._commanded, entity_id, day)
        await self._accompanying.end(self._commanded, accompanying)
        return await self._asked(stored, facts, FormOccasion.DEREGISTRATION, answers, before)

    async def classify(
        self, entity_id: UUID, expected_version: int, kind: EntityKind, effective_on: date | None
    ) -> Done:
        """Classify an entity; from then on that goes before what follows from its code, in files too.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, `invalid` where its code can't be of that kind, or
                `conflict` where it is deregistered or operates a market that is open.
        """
        _, known = await self._held(entity_id, expected_version)
        refuse_deregistered(known.state)
        refuse_future(effective_on, today(self._clock))
        if kind is EntityKind.SPECIALISED_MARKET or not may_count_as(known.uscc, kind):
            refuse_misfits([Misfit("/kind", "can't be what this entity counts as", "与该主体的代码不符")])
        await refuse_operator(self._connection, entity_id, "it counts as that as long as it does", "开办期间类别不变")
        return await self._classified(known, kind, effective_on)

    async def count_as_market(self, known: Known) -> Done:
        """Let an operator's entity, whose row is locked, count as a specialised market; it may do so already."""
        return await self._classified(known, EntityKind.SPECIALISED_MARKET, None)

    async def _classified(self, known: Known, kind: EntityKind, effective_on: date | None) -> Done:
        if known.classified_as is kind:
            return Done(known.id, None)
        now, facts = self._clock.now(), known.registration()
        stored = await replace(
            self._connection,
            known.id,
            facts,
            content_hash=known.content_hash,
            classified_as=kind,
            state=known.state,
            effective_on=effective_on or today(self._clock),
            now=now,
        )
        await self._tell(facts, stored, now)
        return Done(known.id, stored.version)

    async def _held(self, entity_id: UUID, expected_version: int) -> tuple[Mapping[UUID, FormMoved], Known]:
        before = await self._forms.hold([entity_id])
        known = await lock(self._connection, entity_id)
        expect(known, expected_version, "entity", "市场主体")
        if known is None:
            raise LookupError(entity_id)
        allow(self._caller, REGISTRARS, known.division_code)
        return before, known

    async def _tell(self, facts: Registration, stored: Stored, now: datetime) -> None:
        told = entity_told(
            facts,
            stored,
            now=now,
            traceparent=self._commanded.traceparent,
            correlation_id=self._commanded.correlation_id,
        )
        await tell(self._connection, [told])

    async def _asked(
        self,
        stored: Stored,
        facts: Registration,
        occasion: FormOccasion,
        answers: Answers | None,
        before: Mapping[UUID, FormMoved],
    ) -> Done:
        asked = Asked(stored.id, facts.division_code, facts.bureau, occasion, answers, before.get(stored.id))
        return Done(stored.id, stored.version, await self._forms.ask([asked]))


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
