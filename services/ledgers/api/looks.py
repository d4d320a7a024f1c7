"""Looking at what is sealed, over HTTP, and the audit records of it.

These change nothing, so they take no idempotency key and no answer of theirs is kept: each time is noted by itself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from contracts.vocabulary import LookKind, LookPurpose, PersonField
from kit.command_routes import Saga
from kit.commands import Body
from kit.http_api import PROBLEMS, TheCaller
from kit.ids import new_id
from services.ledgers.api.member_bodies import IdNumber, Telephone
from services.ledgers.api.members import MemberNow
from services.ledgers.api.persons import Limit
from services.ledgers.domain import persons as domain
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.looking import Looking, Noted, Why
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.persons import PersonRecord
from services.ledgers.repository.persons import LookFilter

SHORTEST_REASON: Final = 6
LONGEST_REASON: Final = 500
_NO_STORE: Final = {"Cache-Control": "no-store"}


class Looks(Body):
    """What somebody looks for."""

    purpose: Annotated[LookPurpose, Field(description="What it is looked at for 查看目的.")]
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=SHORTEST_REASON, max_length=LONGEST_REASON),
        Field(description="The same in own words; kept sealed 具体事由."),
    ]

    def why(self) -> Why:
        """Return it as the handler takes it."""
        return Why(self.purpose, self.reason)


class Reveal(Looks):
    """Command: show what names a member."""

    fields: Annotated[
        Sequence[PersonField], Field(min_length=1, max_length=len(PersonField), description="Which of it 查看的项.")
    ]


class Search(Looks):
    """Command: find members by exactly what names them; where several are given, all must be theirs."""

    name: Annotated[
        str | None, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Field(description="姓名.")
    ] = None
    id_number: IdNumber = None
    telephone: Telephone = None

    def wanted(self) -> dict[PersonField, str]:
        """Return what is searched for, as it is compared.

        Raises:
            Problem: `invalid`, where nothing is.
        """
        given = {
            PersonField.NAME: self.name and domain.compared_name(self.name),
            PersonField.ID_NUMBER: self.id_number and domain.compared_id_number(self.id_number),
            PersonField.TELEPHONE: self.telephone and domain.compared_telephone(self.telephone),
        }
        wanted = {kind: value for kind, value in given.items() if value}
        if not wanted:
            refuse_misfits(
                [Misfit("/", "name, idNumber or telephone is needed", "须填写姓名、公民身份号码或联系电话之一")]
            )
        return wanted


class RevealedRecord(Body):
    """What one record says of a member; only what was asked for."""

    member_id: Annotated[UUID, Field(description="Under whom it was recorded: the member, or one merged into them.")]
    recorded_at: datetime
    name: str | None = None
    id_number: str | None = None
    telephone: str | None = None

    @classmethod
    def of(cls, record: PersonRecord, fields: Sequence[PersonField]) -> "RevealedRecord":
        """Return the fields asked for of a record."""
        names = {one.value.lower(): getattr(record.facts, one.value.lower()) for one in fields}
        return cls.model_validate({"member_id": record.record_id, "recorded_at": record.recorded_at, **names})


class Revealed(Body):
    """What names a member: their own record first, then those merged into it."""

    look_id: Annotated[UUID, Field(description="The audit record 审计记录.")]
    correlation_id: UUID
    records: Sequence[RevealedRecord]


class FoundMembers(Body):
    """Members who were found, their names masked."""

    look_id: Annotated[UUID, Field(description="The audit record 审计记录.")]
    correlation_id: UUID
    members: Sequence[MemberNow]
    more: Annotated[bool, Field(description="Whether there are more than are shown; give more to search for.")]


class LookNow(Body):
    """An audit record. `reason` is absent where whom it was about was erased."""

    look_id: UUID
    kind: LookKind
    looked_by: Annotated[str, Field(description="Claim `sub` of the caller's token.")]
    looked_as: str
    division_code: str
    purpose: LookPurpose
    reason: str | None = None
    fields: Sequence[PersonField]
    member_ids: Sequence[UUID]
    correlation_id: UUID
    looked_at: datetime

    @classmethod
    def of(cls, noted: Noted) -> "LookNow":
        """Return it as it goes over HTTP."""
        look = noted.look
        return cls(
            look_id=look.look_id,
            kind=look.kind,
            looked_by=look.looked_by,
            looked_as=look.looked_as,
            division_code=look.division_code,
            purpose=look.purpose,
            reason=noted.reason,
            fields=look.fields,
            member_ids=look.member_ids,
            correlation_id=look.correlation_id,
            looked_at=look.looked_at,
        )


class LookPage(Body):
    """Audit records, the newest first."""

    looks: Sequence[LookNow]
    next: Annotated[UUID | None, Field(description="For `before`; absent on the last page.")] = None


class LookQuery(Body):
    """Which audit records are asked for."""

    looked_by: Annotated[str | None, Field(max_length=200, description="By this caller 操作人.")] = None
    member_id: Annotated[UUID | None, Field(description="About this member 党员.")] = None
    kind: LookKind | None = None
    purpose: LookPurpose | None = None
    since: Annotated[AwareDatetime | None, Field(description="From this moment on.")] = None
    until: Annotated[AwareDatetime | None, Field(description="Before this moment.")] = None
    before: Annotated[UUID | None, Field(description="Go on behind: `next` of the page before.")] = None
    limit: Limit = 50

    @model_validator(mode="after")
    def _since_before_until(self) -> "LookQuery":
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("since is not before until")
        return self


class LookRoutes:
    """The routes that open what is sealed, and `/audit`.

    Args:
        looking: opens, and notes who looked.
    """

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    def router(self) -> APIRouter:
        """Return the routes; to be included before those that take any id under `/members`."""
        routes = APIRouter(responses=PROBLEMS, tags=["audit 审计"])
        routes.add_api_route(
            "/members/{member_id}/reveal",
            self.reveal,
            methods=["POST"],
            response_model_exclude_none=True,
            summary="Show what names a member; it is noted 查看党员个人信息",
        )
        routes.add_api_route(
            "/members/search",
            self.search,
            methods=["POST"],
            response_model_exclude_none=True,
            summary="Find members by what names them; it is noted 按个人信息检索党员",
        )
        routes.add_api_route(
            "/audit",
            self.audit,
            response_model_exclude_none=True,
            summary="Who looked at what is sealed, for 组织部 alone 审计记录",
        )
        return routes

    async def reveal(
        self, caller: TheCaller, member_id: UUID, body: Reveal, answer: Response, saga: Saga = None
    ) -> Revealed:
        """Show what names a member, with what was recorded under members merged into them."""
        answer.headers.update(_NO_STORE)
        correlation_id, fields = saga or new_id(), list(dict.fromkeys(body.fields))
        look_id, records = await self._looking.reveal(caller, member_id, fields, body.why(), correlation_id)
        return Revealed(
            look_id=look_id,
            correlation_id=correlation_id,
            records=[RevealedRecord.of(one, fields) for one in records],
        )

    async def search(self, caller: TheCaller, body: Search, answer: Response, saga: Saga = None) -> FoundMembers:
        """Find members of the caller's divisions by exactly what names them."""
        answer.headers.update(_NO_STORE)
        correlation_id = saga or new_id()
        found = await self._looking.search(caller, body.wanted(), body.why(), correlation_id)
        return FoundMembers(
            look_id=found.look_id,
            correlation_id=correlation_id,
            members=[MemberNow.model_validate(one, from_attributes=True) for one in found.members],
            more=found.more,
        )

    async def audit(self, caller: TheCaller, asked: Annotated[LookQuery, Query()]) -> LookPage:
        """Return who looked at what is sealed, when, as what, and what for."""
        wanted = LookFilter(asked.looked_by, asked.member_id, asked.kind, asked.purpose, asked.since, asked.until)
        found = await self._looking.noted(caller, wanted, asked.before, asked.limit)
        return LookPage(
            looks=[LookNow.of(one) for one in found],
            next=found[-1].look.look_id if len(found) == asked.limit else None,
        )
