"""What organisations owe to organisational life over HTTP: on a day, by which rules, and by which plans."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.events.ledgers.life import MOST_TIMES, LifeRulePublished, TrainingPlanRecorded
from contracts.rules.life import LifeRule
from contracts.vocabulary import CallerRole, LifeDuty, LifePeriod, LifeState, OrganisationForm
from kit.clock import Clock, today
from kit.command_routes import Commanded, Commands, Key, Saga
from kit.commands import Answer, Body, Changed, allow
from kit.database import Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from services.ledgers.api.gatherings import FIRST_DAY, LAST_DAY
from services.ledgers.api.line_bodies import Code
from services.ledgers.domain.life import Owed
from services.ledgers.handlers.life import LifeRules, StatedRule, owed_by
from services.ledgers.repository.life import all_rules
from services.ledgers.repository.organisations import find_organisation

Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
ExpectedIfThere = Annotated[
    int | None, Field(ge=1, description="The version on which this was decided, where there is one already.")
]


class RuleBody(Body):
    """An edition of the rule on a duty."""

    duty: Annotated[LifeDuty, Field(description="What is owed 事项.")]
    forms: Annotated[
        Sequence[OrganisationForm],
        Field(max_length=len(OrganisationForm), description="Forms of organisations that owe it; none: nobody does."),
    ]
    period: Annotated[LifePeriod, Field(description="How often 周期.")]
    times: Annotated[int, Field(ge=1, le=MOST_TIMES, description="How often in a period 次数.")]
    committee_from: Annotated[
        int | None,
        Field(ge=1, le=1000, description="Only who has a committee 支委会 owes it: said, or so many members."),
    ] = None
    term_years: Annotated[int | None, Field(ge=1, le=10, description="Of elections: years of a term 任期.")] = None
    shift_months: Annotated[
        int | None, Field(ge=0, le=60, description="Of elections: months that one may come early or late 提前或延期.")
    ] = None
    source: Annotated[Source, Field(description="What it rests on, in English.")]
    source_zh: Annotated[Source, Field(description="依据.")]
    valid_from: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY, description="First day 生效日期.")]
    valid_until: Annotated[
        date | None, Field(ge=FIRST_DAY, le=LAST_DAY, description="Last day; until the next edition where not given.")
    ] = None


class PublishRule(RuleBody):
    """Command: publish an edition of a rule, or correct the one with the same duty and first day."""

    expected_version: ExpectedIfThere = None

    def stated(self) -> StatedRule:
        """Return it as it is stated."""
        return StatedRule(
            duty=self.duty,
            forms=tuple(self.forms),
            period=self.period,
            times=self.times,
            committee_from=self.committee_from,
            term_years=self.term_years,
            shift_months=self.shift_months,
            source=self.source,
            source_zh=self.source_zh,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class RuleNow(RuleBody):
    """An edition of a rule that holds from its first day until the next one on the duty."""

    @classmethod
    def of(cls, rule: LifeRule) -> "RuleNow":
        """Return it as it goes over HTTP."""
        return cls.model_validate(rule, from_attributes=True)


class RecordPlan(Body):
    """Command: a district trains secretaries so often in a year."""

    division_code: Code
    year: Annotated[int, Field(ge=2000, le=2999, description="年度.")]
    sessions: Annotated[int, Field(ge=0, le=MOST_TIMES, description="How often in the year 次数.")]
    expected_version: ExpectedIfThere = None


class OwedNow(Body):
    """A duty of a period, as it stands on the day."""

    duty: Annotated[LifeDuty, Field(description="What is owed 事项.")]
    first: Annotated[date, Field(description="First day of the period; of a term the election 周期首日.")]
    last: Annotated[date, Field(description="Last day of it; of a term the day until which it runs 周期末日.")]
    required: Annotated[int, Field(description="How often it is owed 应开展次数.")]
    held: Annotated[int, Field(description="How often it was held up to the day 已开展次数.")]
    state: Annotated[LifeState, Field(description="状态.")]

    @classmethod
    def of(cls, owed: Owed) -> "OwedNow":
        """Return it as it goes over HTTP."""
        return cls.model_validate(owed, from_attributes=True)


class LifeNow(Body):
    """What an organisation owes to organisational life on a day."""

    organisation_id: UUID
    on: Annotated[date, Field(description="The day, Asia/Shanghai.")]
    owed: Annotated[Sequence[OwedNow], Field(description="By duty and period 应开展事项.")]


class LifeRoutes:
    """The routes under `/life-rules` and `/training-plans`, and `/organisations/{id}/life`.

    Args:
        database: the ledgers'.
        commands: carries commands out.
        clock: tells today.
    """

    def __init__(self, database: Database, commands: Commands, clock: Clock) -> None:
        self._database = database
        self._commands = commands
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        routes = APIRouter(tags=["life 组织生活"], responses=PROBLEMS)
        for path, endpoint, summary in (
            ("/life-rules", self.publish, "Publish an edition of a rule 发布组织生活规则"),
            ("/training-plans", self.plan, "Plan the training of secretaries of a year 制定年度培训计划"),
        ):
            routes.add_api_route(path, endpoint, methods=["POST"], response_model=Answer, summary=summary)
        routes.add_api_route("/life-rules", self.rules, summary="Every edition of every rule 查询组织生活规则")
        routes.add_api_route(
            "/organisations/{organisation_id}/life",
            self.life,
            summary="What an organisation owes on a day 查询组织生活应开展事项",
        )
        return routes

    async def publish(
        self, request: Request, caller: TheCaller, body: PublishRule, key: Key = None, saga: Saga = None
    ) -> Response:
        """Publish an edition of a rule; what is owed follows from it at once."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            return 200, _answer(commanded, await LifeRules(commanded).publish(body.stated(), body.expected_version))

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def plan(
        self, request: Request, caller: TheCaller, body: RecordPlan, key: Key = None, saga: Saga = None
    ) -> Response:
        """Record how often a district trains secretaries in a year, or change it."""

        async def decide(commanded: Commanded) -> tuple[int, BaseModel]:
            plan = await LifeRules(commanded).plan(body.division_code, body.year, body.sessions, body.expected_version)
            return 200, _answer(commanded, plan)

        return await self._commands.carry_out(request, caller, key, saga, decide)

    async def rules(self, caller: TheCaller) -> list[RuleNow]:
        """Return every edition: the defaults, and those that were published, which stand before a default."""
        allow(caller, frozenset(CallerRole), caller.division_code)
        async with self._database.transaction() as transaction:
            return [RuleNow.of(one) for one in await all_rules(transaction.connection)]

    async def life(
        self,
        caller: TheCaller,
        organisation_id: UUID,
        on: Annotated[
            date | None, Query(ge=FIRST_DAY, le=LAST_DAY, description="The day, Asia/Shanghai; today where not given.")
        ] = None,
    ) -> LifeNow:
        """Return what an organisation owes on a day. Nothing of it is stored: it follows from what was held."""
        day = on or today(self._clock)
        async with self._database.transaction() as transaction:
            connection = transaction.connection
            organisation = await find_organisation(connection, organisation_id)
            if organisation is None:
                raise Problem(NOT_FOUND, "There is no such organisation.", "没有该党组织。")
            allow(caller, frozenset(CallerRole), organisation.division_code)
            owed = await owed_by(connection, organisation_id, day)
        return LifeNow(organisation_id=organisation_id, on=day, owed=[OwedNow.of(one) for one in owed])


def _answer(commanded: Commanded, stated: LifeRulePublished | TrainingPlanRecorded | None) -> Answer:
    if stated is None:
        return commanded.answer()
    return commanded.answer(Changed(aggregate=stated.topic, id=stated.key, version=stated.version))
