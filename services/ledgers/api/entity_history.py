"""Every state of an entity over HTTP, and what held on a day as it was known at a moment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field
from pydantic.alias_generators import to_camel

from contracts.events.ledgers.coverage import CoveragePeriod
from contracts.vocabulary import (
    MEMBER_KEEPERS,
    Bureau,
    CallerRole,
    EntityKind,
    EntityState,
    OrganisationCoverage,
)
from contracts.vocabulary.members import FEWEST_SHOWN
from kit.callers import Caller
from kit.clock import Clock, today
from kit.commands import Body, allow
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.mandates import refuse_beyond_mandate
from kit.problems import NOT_FOUND, Problem
from services.ledgers.domain.entity_history import Span, held_on, spans
from services.ledgers.repository.entity_history import covered_on, division_of, versions_of

MOST_VERSIONS: Final = 200


class EntityHistoryQuery(Body):
    """As of which day and which moment an entity is asked for, and which page of its states."""

    effective_on: Annotated[
        date | None, Field(description="What held on this day; today where not given 生效日期.")
    ] = None
    recorded_at: Annotated[
        AwareDatetime | None, Field(description="As it was known at this moment; now where not given 认知时点.")
    ] = None
    before: Annotated[
        int | None, Field(ge=1, description="Go on behind: `next` of the page before; states below this version.")
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_VERSIONS, description="At most so many states 条数.")] = 50


class EntityVersionNow(Body):
    """A state of an entity that the ledgers heard, and the days on which it held."""

    registration_version: Annotated[int, Field(description="Counts the states at registration from 1.")]
    uscc: str
    name: str
    kind: EntityKind
    state: EntityState
    division_code: str
    bureau: Bureau
    registered_on: date | None = None
    effective_on: Annotated[date, Field(description="Day from which it holds, Asia/Shanghai 生效日期.")]
    until: Annotated[
        date | None, Field(description="Last day on which it held; absent while it holds, or held on no day 截止日期.")
    ] = None
    superseded: Annotated[
        bool, Field(description="Whether a newer state begins on its day or before it, so it held on no day 已被更正.")
    ]
    recorded_at: Annotated[datetime, Field(description="Moment at which the ledgers learnt it, UTC 入账时间.")]
    changed: Annotated[
        Sequence[str], Field(description="The facts that differ from the state before it; none of the first 变更项.")
    ]

    @classmethod
    def of(cls, span: Span) -> "EntityVersionNow":
        """Return it as it goes over HTTP."""
        version = span.version
        return cls(
            registration_version=version.registration_version,
            uscc=version.uscc,
            name=version.name,
            kind=version.kind,
            state=version.state,
            division_code=version.division_code,
            bureau=version.bureau,
            registered_on=version.registered_on,
            effective_on=version.effective_on,
            until=span.until,
            superseded=span.superseded,
            recorded_at=version.recorded_at,
            changed=[to_camel(name) for name in span.changed],
        )


class CoveredOn(Body):
    """By what an entity was covered on a day, and since when and until when it was so."""

    since: Annotated[date, Field(description="First day on which it was so.")]
    until: Annotated[date | None, Field(description="Last day, as it was known; absent where none was known.")] = None
    full_members: Annotated[
        int | None, Field(description="正式党员; 1 and 2 are absent for who may not see members 1至2人仅限授权者.")
    ] = None
    probationary_members: Annotated[int | None, Field(description="预备党员; as for `fullMembers`.")] = None
    organisation_coverage: Annotated[OrganisationCoverage, Field(description="组织覆盖: none, covered, own.")]
    organisation_ids: Annotated[Sequence[UUID], Field(description="The organisations that covered it.")]
    work_coverage: Annotated[bool, Field(description="工作覆盖: a cadre was assigned.")]

    @classmethod
    def of(cls, period: CoveragePeriod, caller: Caller) -> "CoveredOn":
        """Return it as a caller may see it."""
        shown = period.model_dump()
        if caller.role not in MEMBER_KEEPERS:
            few = {name for name in ("full_members", "probationary_members") if 0 < shown[name] < FEWEST_SHOWN}
            shown |= dict.fromkeys(few)
        return cls.model_validate(shown)


class EntityHistoryNow(Body):
    """What held of an entity on a day, as it was known at a moment, and every state that was known then."""

    entity_id: UUID
    effective_on: Annotated[date, Field(description="The day that is asked for.")]
    recorded_at: Annotated[datetime, Field(description="The moment as of which it was known, UTC.")]
    held: Annotated[
        EntityVersionNow | None,
        Field(description="What held on the day; absent where nothing was known to hold then 当日有效状态."),
    ] = None
    covered: Annotated[
        CoveredOn | None,
        Field(description="By what it was covered then; absent without member, organisation and cadre 当日覆盖情况."),
    ] = None
    versions: Annotated[Sequence[EntityVersionNow], Field(description="Every state known then, the newest first.")]
    next: Annotated[int | None, Field(description="For `before`; absent on the last page.")] = None


class EntityHistoryRoutes:
    """The route `/entities/{entityId}/history`.

    Args:
        database: the ledgers'.
        clock: tells now.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(responses=PROBLEMS, tags=["entities 市场主体台账"])
        routes.add_api_route(
            "/entities/{entity_id}/history",
            self.history,
            response_model_exclude_none=True,
            summary="Every state of an entity; what held on a day, as known at a moment 市场主体历史",
        )
        return routes

    async def history(
        self, caller: TheCaller, entity_id: UUID, asked: Annotated[EntityHistoryQuery, Query()]
    ) -> EntityHistoryNow:
        """Return what held on a day as it was known at a moment, and the states known then, the newest first."""
        moment = asked.recorded_at or self._clock.now()
        day = asked.effective_on or today(self._clock)
        async with self._database.transaction() as transaction:
            await self._refuse_strangers(transaction.connection, caller, entity_id)
            known = spans(await versions_of(transaction.connection, entity_id), moment)
            covered = await covered_on(transaction.connection, entity_id, day, moment)
        held = held_on(known, day)
        behind = [one for one in known if asked.before is None or one.version.registration_version < asked.before]
        page = behind[: asked.limit]
        return EntityHistoryNow(
            entity_id=entity_id,
            effective_on=day,
            recorded_at=moment,
            held=None if held is None else EntityVersionNow.of(held),
            covered=None if covered is None else CoveredOn.of(covered, caller),
            versions=[EntityVersionNow.of(one) for one in page],
            next=page[-1].version.registration_version if len(behind) > len(page) else None,
        )

    async def _refuse_strangers(self, connection: Connection, caller: Caller, entity_id: UUID) -> None:
        """Refuse who may not see the entity as it is now: another division, or beyond a mandate.

        Raises:
            Problem: `not-found`, or `forbidden`.
        """
        await refuse_beyond_mandate(connection, caller, today(self._clock))
        division = await division_of(connection, entity_id)
        if division is None:
            raise Problem(
                NOT_FOUND,
                "The ledgers know no such entity. Right after its registration, ask again in a moment.",
                "台账中没有该市场主体；若刚完成登记，请稍后重试。",
            )
        allow(caller, frozenset(CallerRole), division)
