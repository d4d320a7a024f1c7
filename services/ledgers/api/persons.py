"""Commands about what names members, over HTTP: stating it, merging two records of one person; and erasures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.vocabulary import MEMBER_KEEPERS, DuplicateReason, PersonField
from kit.clock import Clock, today
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.mandates import refuse_beyond_mandate
from services.ledgers.api.line_bodies import Expected
from services.ledgers.api.member_bodies import BornIn, IdNumber, Place, Telephone
from services.ledgers.handlers.looking import reach_of
from services.ledgers.handlers.merging import Pair, merge_members
from services.ledgers.handlers.persons import StatedPerson, change_person
from services.ledgers.persons import Persons
from services.ledgers.repository.persons import duplicates, erasures

MOST: Final = 200
_FIRST: Final = UUID(int=0)

Limit = Annotated[int, Query(ge=1, le=MOST, description="At most so many 条数.")]
After = Annotated[UUID | None, Query(description="Go on behind this one: `next` of the page before.")]


class ChangePerson(Body):
    """Command: change what names a member; what isn't given stays."""

    expected_version: Expected
    name: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
        Field(description="姓名; encrypted, shown masked."),
    ] = None
    id_number: IdNumber = None
    telephone: Telephone = None
    born_in: BornIn = None
    without: Annotated[
        Sequence[PersonField], Field(max_length=len(PersonField), description="What to keep no longer 移除的项.")
    ] = ()

    def stated(self) -> StatedPerson:
        """Return what it states."""
        return StatedPerson(self.name, self.id_number, self.telephone, self.born_in, self.without)


class MergeMembers(Place):
    """Command: another member is the same person; standing and places are those of the one who goes on."""

    other_id: Annotated[UUID, Field(description="The record that is merged into this one 被合并的党员.")]
    expected_version: Expected
    other_expected_version: Expected


class DuplicatePair(Body):
    """Two members who may be one person."""

    member_id: UUID
    other_id: UUID
    reasons: Annotated[Sequence[DuplicateReason], Field(description="Why 疑似重复的依据.")]


class Duplicates(Body):
    """Members who may be recorded twice, by pages."""

    pairs: Sequence[DuplicatePair]
    next: Annotated[str | None, Field(description="For `after`; absent on the last page.")] = None


class ErasureNow(Body):
    """An erased member, and the end of the term by which nothing older is on the topic."""

    member_id: UUID
    erased_at: datetime
    due_at: datetime
    done_at: Annotated[datetime | None, Field(description="When the end of the term was noted; absent before.")] = None


class Erasures(Body):
    """Erased members, by pages."""

    erasures: Sequence[ErasureNow]
    next: Annotated[UUID | None, Field(description="For `after`; absent on the last page.")] = None


class PersonRoutes:
    """The routes under `/members` about persons, and `/erasures`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        persons: keeps what names members.
        clock: tells now.
    """

    def __init__(self, database: Database, commands: Commands, persons: Persons, clock: Clock) -> None:
        self._database = database
        self._commands = commands
        self._persons = persons
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes; to be included before those that take any id under `/members`."""
        routes = APIRouter(responses=PROBLEMS, tags=["persons 个人信息"])
        for path, method, endpoint, summary in (
            ("/members/{member_id}/person", "PUT", self.change, "Change what names a member 变更党员个人信息"),
            ("/members/{member_id}/merge", "POST", self.merge, "Merge another record into this one 合并重复党员"),
        ):
            routes.add_api_route(path, endpoint, methods=[method], response_model=Answer, summary=summary)
        routes.add_api_route(
            "/members/duplicates",
            self.duplicates,
            response_model_exclude_none=True,
            summary="Members who may be recorded twice 疑似重复党员",
        )
        routes.add_api_route(
            "/erasures",
            self.erasures,
            response_model_exclude_none=True,
            summary="Erased members, and the ends of their terms 个人信息删除进度",
        )
        return routes

    async def change(
        self,
        request: Request,
        caller: TheCaller,
        member_id: UUID,
        body: ChangePerson,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Change what names a member; what isn't given stays."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            member = await change_person(commanded, self._persons, member_id, body.expected_version, body.stated())
            changed = [] if member is None else [member]
            return 200, commanded.answer(
                *(Changed(aggregate=one.topic, id=one.key, version=one.version) for one in changed)
            )

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def merge(
        self,
        request: Request,
        caller: TheCaller,
        member_id: UUID,
        body: MergeMembers,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Merge another record of the same person into this one; it stays, as LEFT, with its history."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            pair = Pair(member_id, body.expected_version, body.other_id, body.other_expected_version)
            merged = await merge_members(commanded, self._persons, pair, body.stated_places(), body.effective_on)
            return 200, commanded.answer(
                *(
                    Changed(aggregate=one.topic, id=one.key, version=one.version)
                    for one in (merged.member, merged.other)
                )
            )

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def duplicates(
        self,
        caller: TheCaller,
        limit: Limit = 50,
        after: Annotated[
            str | None,
            Query(pattern=r"^[0-9a-f-]{36}_[0-9a-f-]{36}$", description="Go on behind: `next` of the page before."),
        ] = None,
    ) -> Duplicates:
        """Return pairs of members who may be one person, both in the caller's divisions."""
        one, _, other = (after or f"{_FIRST}_{_FIRST}").partition("_")
        async with self._database.transaction() as transaction:
            await refuse_beyond_mandate(transaction.connection, caller, today(self._clock))
            allow(caller, MEMBER_KEEPERS, caller.division_code)
            found = await duplicates(transaction.connection, reach_of(caller), (UUID(one), UUID(other)), limit)
        last = found[-1] if len(found) == limit else None
        return Duplicates(
            pairs=[DuplicatePair(member_id=it.member_id, other_id=it.other_id, reasons=it.reasons) for it in found],
            next=None if last is None else f"{last.member_id}_{last.other_id}",
        )

    async def erasures(self, caller: TheCaller, limit: Limit = 50, after: After = None) -> Erasures:
        """Return the erasures of the caller's divisions, in order of id."""
        async with self._database.transaction() as transaction:
            await refuse_beyond_mandate(transaction.connection, caller, today(self._clock))
            allow(caller, MEMBER_KEEPERS, caller.division_code)
            found = await erasures(transaction.connection, reach_of(caller), after, limit)
        return Erasures(
            erasures=[
                ErasureNow(member_id=it.member_id, erased_at=it.erased_at, due_at=it.due_at, done_at=it.done_at)
                for it in found
            ],
            next=found[-1].member_id if len(found) == limit else None,
        )
