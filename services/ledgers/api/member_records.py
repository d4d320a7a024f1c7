"""Posts 岗位 and honours 荣誉 of members over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.ledgers.development import Year
from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from contracts.vocabulary import MEMBER_KEEPERS, HonourKind, HonourLevel, PostKind
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import STATE, Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.ledgers.api.line_bodies import Expected
from services.ledgers.handlers.member_records import MemberRecords, StatedHonour, StatedPost
from services.ledgers.repository.records import HONOURS, POSTS


class TakeUpPost(Body):
    """Command: a member holds a post, at an organisation or at an entity."""

    member_id: Annotated[UUID, Field(description="The member.")]
    kind: Annotated[PostKind, Field(description="岗位类别.")]
    organisation_id: Annotated[UUID | None, Field(description="党组织; or the entity.")] = None
    entity_id: Annotated[UUID | None, Field(description="市场主体; or the organisation.")] = None
    since: Annotated[date | None, Field(description="First day; today where not given.")] = None


class EndPost(Body):
    """Command: a post is held no more."""

    expected_version: Expected
    until: Annotated[date | None, Field(description="Last day; today where not given.")] = None


class AwardHonour(Body):
    """Command: a member was honoured."""

    member_id: Annotated[UUID, Field(description="The member.")]
    kind: Annotated[HonourKind, Field(description="荣誉类别.")]
    level: Annotated[HonourLevel, Field(description="级别.")]
    year: Year
    awarded_by: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
        Field(description="授予单位: a unit, never a person; it is told."),
    ]


class WithdrawHonour(Body):
    """Command: an honour stands no more."""

    expected_version: Expected


class PostNow(PostRecorded):
    """A post as it is now."""

    model_config = STATE


class HonourNow(HonourRecorded):
    """An honour as it is now."""

    model_config = STATE


class MemberRecordRoutes:
    """The routes under `/posts` and `/honours`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
    """

    def __init__(self, database: Database, commands: Commands) -> None:
        self._database = database
        self._commands = commands

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(tags=["posts and honours 岗位与荣誉"], responses=PROBLEMS)
        for path, endpoint, status, summary in (
            ("/posts", self.take_up, 201, "A member holds a post 设岗"),
            ("/posts/{post_id}/ending", self.end_post, 200, "A post is held no more 离岗"),
            ("/honours", self.honour, 201, "A member was honoured 授予荣誉"),
            ("/honours/{honour_id}/withdrawal", self.withdraw, 200, "An honour stands no more 撤销荣誉"),
        ):
            routes.add_api_route(
                path, endpoint, methods=["POST"], status_code=status, response_model=Answer, summary=summary
            )
        routes.add_api_route("/posts/{post_id}", self.post_now, summary="A post 查询岗位")
        routes.add_api_route("/honours/{honour_id}", self.honour_now, summary="An honour 查询荣誉")
        return routes

    async def take_up(
        self, request: Request, caller: TheCaller, body: TakeUpPost, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record that a member holds a post."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            stated = StatedPost(body.member_id, body.kind, body.organisation_id, body.entity_id, body.since)
            return 201, _answer(commanded, await MemberRecords(commanded).take_up(stated))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def end_post(
        self, request: Request, caller: TheCaller, post_id: UUID, body: EndPost, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record that a post is held no more."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            ended = await MemberRecords(commanded).end_post(post_id, body.expected_version, body.until)
            return 200, _answer(commanded, ended)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def honour(
        self, request: Request, caller: TheCaller, body: AwardHonour, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record that a member was honoured."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            stated = StatedHonour(body.member_id, body.kind, body.level, body.year, body.awarded_by)
            return 201, _answer(commanded, await MemberRecords(commanded).honour(stated))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def withdraw(
        self,
        request: Request,
        caller: TheCaller,
        honour_id: UUID,
        body: WithdrawHonour,
        key: Key = None,
        saga: Saga = None,
    ) -> Response:
        """Record that an honour stands no more."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            withdrawn = await MemberRecords(commanded).withdraw_honour(honour_id, body.expected_version)
            return 200, _answer(commanded, withdrawn)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def post_now(self, caller: TheCaller, post_id: UUID) -> PostNow:
        """Return a post, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            found = await POSTS.find(transaction.connection, post_id)
        if found is None:
            raise Problem(NOT_FOUND, "There is no such post.", "没有该岗位。")
        allow(caller, MEMBER_KEEPERS, found.division_code)
        return PostNow.model_validate(found, from_attributes=True)

    async def honour_now(self, caller: TheCaller, honour_id: UUID) -> HonourNow:
        """Return an honour, with the version that a command expects."""
        async with self._database.transaction() as transaction:
            found = await HONOURS.find(transaction.connection, honour_id)
        if found is None:
            raise Problem(NOT_FOUND, "There is no such honour.", "没有该荣誉。")
        allow(caller, MEMBER_KEEPERS, found.division_code)
        return HonourNow.model_validate(found, from_attributes=True)


def _answer(commanded: Commanded, state: PostRecorded | HonourRecorded) -> Answer:
    return commanded.answer(Changed(aggregate=state.topic, id=state.key, version=state.version))
