"""The ledger of Party organisations 党组织台账: what they are, whom they cover, how many members they have."""

from datetime import date
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.events.base import Amount, DivisionCode, EventData, RecordedAt, Version
from contracts.vocabulary import (
    Bureau,
    Demonstration,
    FormationMode,
    Industry,
    OrganisationForm,
    OrganisationState,
    PartyPost,
    VenueKind,
)

MOST_ENTITIES = 10_000
"""Entities that one organisation covers at the most: a record holds their ids."""
MOST_GROUPS = 1000
"""Groups 党小组 of one organisation at the most; a slip of the finger is more."""


LONGEST_CODE = 40
"""Signs of the code of an organisation at the most."""

MOST_POSTS = 50
MOST_VENUES = 50
MOST_YEARS = 50


class PostHeld(EventData):
    """A post 党内职务 that a member holds, who is named by an id: it tells nothing to who may not see members."""

    member_id: Annotated[UUID, Field(description="The member.")]
    post: Annotated[PartyPost, Field(description="书记, 副书记, 委员 …")]
    since: Annotated[date, Field(description="First day of it 任职日期.")]


class YearFunds(EventData):
    """Funds 党建经费 of a year."""

    year: Annotated[int, Field(ge=1949, le=2999, description="The year.")]
    amount: Annotated[Amount, Field(description="Yuan 元.")]


class Venue(EventData):
    """A venue 阵地."""

    kind: Annotated[VenueKind, Field(description="What it is.")]
    area: Annotated[Amount, Field(description="Square metres 平方米.")]


class RecordedOrganisation(EventData):
    """Whole state of a Party organisation."""

    topic: ClassVar[str] = "ledgers-organisation"

    organisation_id: Annotated[UUID, Field(description="Id of the organisation.")]
    version: Annotated[Version, Field(description="Counts its changes from 1; a higher one is newer.")]
    code: Annotated[
        str | None,
        StringConstraints(pattern=r"^[0-9A-Z][0-9A-Z._/-]*$", max_length=LONGEST_CODE),
        Field(description="组织编码 in the books of 组织部, where known; no two organisations have the same."),
    ] = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=200), Field(description="名称.")]
    form: Annotated[OrganisationForm, Field(description="党支部, 联合党支部, 党总支 or 党委.")]
    external: Annotated[
        bool, Field(description="外部党组织: of a village, a community, another district; members relate to it.")
    ]
    mode: Annotated[FormationMode | None, Field(description="组建方式; an external one has none.")] = None
    entity_ids: Annotated[
        tuple[UUID, ...],
        Field(max_length=MOST_ENTITIES, description="The entities it covers; with SINGLE the one whose own it is."),
    ]
    superior_id: Annotated[UUID | None, Field(description="The organisation above it.")] = None
    association_id: Annotated[UUID | None, Field(description="The association whose branch it is.")] = None
    has_committee: Annotated[
        bool | None, Field(description="支委会: whether it has a committee; absent where it follows from its members.")
    ] = None
    groups: Annotated[
        int | None, Field(ge=0, le=MOST_GROUPS, description="党小组: how many; absent where unknown.")
    ] = None
    division_code: Annotated[DivisionCode, Field(description="行政区划; 000000000000 while unassigned.")]
    bureau: Annotated[Bureau, Field(description="The line 条.")]
    state: Annotated[OrganisationState, Field(description="DISSOLVED once it is no more.")]
    founded_on: Annotated[date | None, Field(description="成立日期, where known.")] = None
    industry: Annotated[Industry | None, Field(description='产业 of the "6+2", where known.')] = None
    committee: Annotated[
        tuple[PostHeld, ...] | None,
        Field(max_length=MOST_POSTS, description="班子: secretary first, then the others; absent where not known."),
    ] = None
    last_elected_on: Annotated[date | None, Field(description="Day of the last election 换届选举, where known.")] = None
    election_due_on: Annotated[
        date | None, Field(description="Day on which the next is due: 3 years later, with a 党委 5.")
    ] = None
    election_put_off_to: Annotated[
        date | None, Field(description="Day to which it was put off 延期换届, at most a year later.")
    ] = None
    full_time_workers: Annotated[int | None, Field(ge=0, le=10_000, description="专职党建工作者, a number.")] = None
    funds: Annotated[
        tuple[YearFunds, ...] | None, Field(max_length=MOST_YEARS, description="党建经费 by years, the latest last.")
    ] = None
    venues: Annotated[tuple[Venue, ...] | None, Field(max_length=MOST_VENUES, description="阵地.")] = None
    demonstration: Annotated[Demonstration | None, Field(description="区级示范 or 市级示范, while it is one.")] = None
    standardisation_pilot: Annotated[
        bool | None, Field(description="Whether it is a pilot of 标准化建设试点; absent where not known.")
    ] = None
    effective_on: Annotated[date, Field(description="Day from which this state holds, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledgers recorded it, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the organisation's id."""
        return str(self.organisation_id)


def secretary_id(organisation: RecordedOrganisation) -> UUID | None:
    """Return who is the secretary 书记 of an organisation, where that is known."""
    held = (one.member_id for one in organisation.committee or () if one.post is PartyPost.SECRETARY)
    return next(held, None)


class OrganisationFounded(RecordedOrganisation):
    """An organisation was founded, or became known."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.organisation.founded.v1"
    meaning: ClassVar[str] = "An organisation was founded, or became known to the ledgers."
    meaning_zh: ClassVar[str] = "党组织成立入账"


class OrganisationChanged(RecordedOrganisation):
    """Something about an organisation changed."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.organisation.changed.v1"
    meaning: ClassVar[str] = "Something about an organisation changed, such as the entities it covers."
    meaning_zh: ClassVar[str] = "党组织信息变更"


class OrganisationDissolved(RecordedOrganisation):
    """An organisation was dissolved."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.organisation.dissolved.v1"
    meaning: ClassVar[str] = "An organisation was dissolved; its record stays."
    meaning_zh: ClassVar[str] = "党组织撤销"


class MembershipCounted(EventData):
    """How many members belong to an organisation, by relation 组织关系 and by management 管理 (domain rule 3)."""

    event_type: ClassVar[str] = "cn.lianhe.ledgers.membership.counted.v1"
    topic: ClassVar[str] = "ledgers-membership"
    meaning: ClassVar[str] = "The number of members of an organisation changed, by relation or by management."
    meaning_zh: ClassVar[str] = "党组织党员数变化（组织关系与管理）"

    organisation_id: Annotated[UUID, Field(description="Id of the organisation.")]
    version: Annotated[Version, Field(description="Counts the changes of these figures from 1.")]
    related: Annotated[int, Field(ge=0, description="Members whose relation 组织关系 is here.")]
    managed: Annotated[int, Field(ge=0, description="Members who are managed 管理 here.")]
    related_and_managed: Annotated[int, Field(ge=0, description="Members of whom both are here.")]
    full_related: Annotated[int, Field(ge=0, description="Full members 正式党员 among those related.")]
    full_managed: Annotated[int, Field(ge=0, description="Full members 正式党员 among those managed.")]
    division_code: Annotated[DivisionCode, Field(description="The organisation's 行政区划.")]
    bureau: Annotated[Bureau, Field(description="The organisation's line 条.")]
    effective_on: Annotated[date, Field(description="Day from which these figures hold, Asia/Shanghai.")]
    recorded_at: Annotated[RecordedAt, Field(description="Moment at which the ledgers counted, UTC.")]

    @property
    def key(self) -> str:
        """Record key: the organisation's id."""
        return str(self.organisation_id)


EVENTS: Final[tuple[type[EventData], ...]] = (
    OrganisationFounded,
    OrganisationChanged,
    OrganisationDissolved,
    MembershipCounted,
)
