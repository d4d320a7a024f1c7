"""The two coverages 两个覆盖 of an entity, and what it still owes to them (domain rules 1 and 2)."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from contracts.events.base import DivisionCode, EventData, RecordedAt, Uscc, Version
from contracts.vocabulary import Bureau, CoverageDuty, EntityKind, EntityState, OrganisationCoverage


class CoveragePeriod(EventData):
    """Days on which the coverage was the same: by which organisations, of how many members, with a cadre or without."""

    since: Annotated[date, Field(description="First day, Asia/Shanghai.")]
    until: Annotated[date | None, Field(description="Last day; absent while it is so.")] = None
    full_members: Annotated[int, Field(ge=0, description="Full members 正式党员 who worked there.")]
    probationary_members: Annotated[int, Field(ge=0, description="Probationary members 预备党员 who worked there.")]
    organisation_coverage: Annotated[OrganisationCoverage, Field(description="组织覆盖: none, covered, own.")]
    organisation_ids: Annotated[tuple[UUID, ...], Field(description="The organisations that covered it.")]
    work_coverage: Annotated[bool, Field(description="工作覆盖: an instructor, first secretary or cadre was assigned.")]


class RecordedCoverage(EventData):
    """Whole state of an entity's coverage. Only entities with a member, an organisation or a cadre ever have one."""

    topic: ClassVar[str] = "ledgers-coverage"

    entity_id: Annotated[UUID, Field(description="Id of the entity.")]
    uscc: Annotated[Uscc, Field(description="Unified social credit code 统一社会信用代码.")]
    version: Annotated[Version, Field(description="Counts the changes of the coverage from 1.")]
    kind: Annotated[EntityKind, Field(description="What the entity counts as.")]
    state: Annotated[EntityState, Field(description="State of the entity's registration.")]
    full_members: Annotated[int, Field(ge=0, description="Full members 正式党员 who work there.")]
    probationary_members: Annotated[int, Field(ge=0, description="Probationary members 预备党员 who work there.")]
    organisation_coverage: Annotated[OrganisationCoverage, Field(description="组织覆盖: none, covered, own.")]
    organisation_ids: Annotated[tuple[UUID, ...], Field(description="The organisations that cover it.")]
    work_coverage: Annotated[bool, Field(description="工作覆盖: an instructor, first secretary or cadre is assigned.")]
    duty: Annotated[CoverageDuty, Field(description="What is still owed.")]
    must_found_since: Annotated[date | None, Field(description="Day from which it must found one, while it must.")] = (
        None
    )
    must_found_due: Annotated[
        date | None, Field(description="Day on which it should have one, by the rule of that day 应建期限.")
    ] = None
    periods: Annotated[
        tuple[CoveragePeriod, ...] | None,
        Field(
            description="Since when and until when it was covered by what, in order, as known now 覆盖期间; days "
            "without member, organisation and cadre have none. Absent where a ledger of before told the state."
        ),
    ] = None
    division_code: Annotated[DivisionCode, Field(description="行政区划; 000000000000 while unassigned.")]
    bureau: Annotated[Bureau, Field(description="The bureau line 条.")]
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledgers decided it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the entity's id."""
        return str(self.entity_id)


class CoverageChanged(RecordedCoverage):
    """The coverage of an entity changed, and with it no duty to found an organisation."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.coverage.changed.v1"
    meaning: ClassVar[str] = "The figures of an entity's coverage changed."
    meaning_zh: ClassVar[str] = "两个覆盖情况变化"


class FoundingRequired(RecordedCoverage):
    """An entity must found an organisation from now on 应建未建."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.coverage.founding-required.v1"
    meaning: ClassVar[str] = "An entity has three full members or more and no organisation: it must found one."
    meaning_zh: ClassVar[str] = "列入应建未建名单"


class FoundingSettled(RecordedCoverage):
    """An entity need not found an organisation any more."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.coverage.founding-settled.v1"
    meaning: ClassVar[str] = "An entity that had to found an organisation is covered, or need not any more."
    meaning_zh: ClassVar[str] = "移出应建未建名单"


EVENTS: Final[tuple[type[EventData], ...]] = (CoverageChanged, FoundingRequired, FoundingSettled)
