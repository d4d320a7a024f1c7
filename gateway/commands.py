"""Commands on their way to the service that owns the fact, and the wait until the read model has what they changed.

Questions that only the owner can answer go the same way.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from http import HTTPStatus
from itertools import count
from typing import Annotated, Final
from uuid import UUID

import asyncpg
import httpx
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from contracts.events.ledgers.contacts import ContactEvent
from contracts.events.ledgers.development import DevelopmentMoved, QuotaRecorded
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.life import LifeRulePublished, RecordedGathering, TrainingPlanRecorded
from contracts.events.ledgers.lines import (
    AssociationRecorded,
    BureauRecorded,
    CadreRecorded,
    DivisionRecorded,
)
from contracts.events.ledgers.members import MemberRecorded
from contracts.events.ledgers.organisations import RecordedOrganisation
from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from contracts.events.ledgers.reorganisations import ReorganisationMoved
from contracts.events.ledgers.transfers import TransferMoved
from contracts.events.pairing import (
    NamingRecorded,
    QuestionnaireRecorded,
    RecordedAlliance,
    RecordedAssignment,
    VisitRecorded,
)
from contracts.events.registration import RegisteredEntity
from contracts.events.registration.annual_reports import AnnualReportRecorded, DiscrepancyMoved
from contracts.events.registration.applications import ApplicationMoved
from contracts.events.registration.commitments import CommitmentMoved
from contracts.events.registration.forms import FormMoved
from contracts.events.registration.markets import RecordedMarket, RecordedStall
from gateway.read_model import NoReadModelError, live_schema
from kit.database import Failure, failure_of
from kit.problems import UNAVAILABLE, Problem
from kit.telemetry import TRACEPARENT, answered, current_traceparent, step_span

SEEN_SECONDS: Final = 5.0
"""For so long a mutation waits for the read model; then its answer is pending."""
POLL_SECONDS: Final = 0.02
TIMEOUT_SECONDS: Final = 20.0
MOST_AT_ONCE: Final = 16
"""Commands under way at one owner; others wait for their turn. The client looks through all it has at each of them."""

FAILED_EVERY: Final = 10
"""After so many looks at the read model, one at the dead letters."""

TABLES: Final[Mapping[str, tuple[str, str, str]]] = {
    RegisteredEntity.topic: ("entity", "entity_id", "uuid"),
    DivisionRecorded.topic: ("division", "division_code", "text"),
    BureauRecorded.topic: ("bureau", "bureau_id", "uuid"),
    AssociationRecorded.topic: ("association", "association_id", "uuid"),
    CadreRecorded.topic: ("cadre", "cadre_id", "uuid"),
    RecordedOrganisation.topic: ("organisation", "organisation_id", "uuid"),
    MemberRecorded.topic: ("member", "member_id", "uuid"),
    ReorganisationMoved.topic: ("reorganisation", "process_id", "uuid"),
    TransferMoved.topic: ("transfer", "process_id", "uuid"),
    RecordedGathering.topic: ("gathering", "gathering_id", "uuid"),
    LifeRulePublished.topic: ("life_rule", "rule_id", "uuid"),
    TrainingPlanRecorded.topic: ("training_plan", "plan_id", "uuid"),
    ContactEvent.topic: ("contact", "contact_id", "uuid"),
    FloatingMoved.topic: ("floating", "process_id", "uuid"),
    DevelopmentMoved.topic: ("development", "process_id", "uuid"),
    QuotaRecorded.topic: ("quota", "quota_id", "uuid"),
    PostRecorded.topic: ("post", "post_id", "uuid"),
    HonourRecorded.topic: ("honour", "honour_id", "uuid"),
    RecordedAssignment.topic: ("assignment", "assignment_id", "uuid"),
    RecordedAlliance.topic: ("alliance", "alliance_id", "uuid"),
    VisitRecorded.topic: ("visit", "visit_id", "uuid"),
    NamingRecorded.topic: ("naming", "naming_id", "uuid"),
    QuestionnaireRecorded.topic: ("questionnaire", "questionnaire_id", "uuid"),
    FormMoved.topic: ("party_building_form", "process_id", "uuid"),
    CommitmentMoved.topic: ("credit_commitment", "process_id", "uuid"),
    ApplicationMoved.topic: ("household_application", "process_id", "uuid"),
    RecordedMarket.topic: ("market", "market_id", "uuid"),
    RecordedStall.topic: ("stall", "stall_id", "uuid"),
    AnnualReportRecorded.topic: ("annual_report", "report_id", "uuid"),
    DiscrepancyMoved.topic: ("discrepancy", "process_id", "uuid"),
}
"""Where the read model keeps the aggregates that a topic tells: table, key, and the key's type."""

_SET_ASIDE: Final = """
    SELECT EXISTS (
        SELECT FROM dead_letter
        WHERE topic = ANY($1::text[]) AND record_key = ANY($2::text[]) AND state <> 'REDRIVEN' AND recorded_at >= $3
    )
"""

Body = Mapping[str, object]


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class Changed(_Wire):
    """An aggregate that a command changed."""

    aggregate: str
    id: str
    version: int


class Done(_Wire):
    """What an owner did."""

    aggregates: Sequence[Changed]
    correlation_id: UUID


class Seen(Enum):
    """What the gateway knows of what an owner did."""

    APPLIED = "applied"
    PENDING = "pending"
    FAILED = "failed"


class Owner(StrEnum):
    """The services that take commands."""

    REGISTRATION = "registration"
    LEDGERS = "ledgers"
    ASSESSMENT = "assessment"
    PAIRING = "pairing"


class PlaceRefused(_Wire):
    """A place of what was sent, and what is wrong there."""

    pointer: str
    reason: str
    reason_zh: str | None = None


class Refused(_Wire):
    """Why an owner did nothing (RFC 9457)."""

    type: str
    title: str
    title_zh: str
    status: int
    detail: str
    detail_zh: str
    current_version: int | None = None
    entity_id: UUID | None = None
    member_id: UUID | None = None
    errors: Annotated[Sequence[PlaceRefused], Field(default_factory=tuple)]


_DONE: Final = TypeAdapter(Done)
_REFUSED: Final = TypeAdapter(Refused)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a caller.

    Attributes:
        owner: the service that owns the fact.
        method: HTTP method.
        path: at the owner.
        body: as the owner's OpenAPI says; what is None is left out.
        key: the caller's idempotency key.
        authorization: the caller's own header; the owner checks it.
        saga: the correlation id of what this follows from.
    """

    owner: Owner
    method: str
    path: str
    body: Body
    key: str
    authorization: str | None
    saga: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a caller asks of an owner, because only the owner keeps it.

    Attributes:
        owner: the service that keeps it.
        path: at the owner.
        parameters: of the query, as they stand in its address.
        authorization: the caller's own header; the owner checks it.
    """

    owner: Owner
    path: str
    parameters: Mapping[str, str]
    authorization: str | None


class Commands:
    """Sends commands to their owners, and waits for the read model.

    Args:
        owners: their addresses; one that isn't there is away.
        client: how to send.
        pool: connections that can read the read model and the gateway's dead letters.
        topic_prefix: put before the contract's topic names.
    """

    def __init__(
        self, owners: Mapping[Owner, str], client: httpx.AsyncClient, pool: asyncpg.Pool, topic_prefix: str = ""
    ) -> None:
        self._owners = owners
        self._client = client
        self._pool = pool
        self._looks = _Looks(pool)
        self._turns = {owner: asyncio.Semaphore(MOST_AT_ONCE) for owner in Owner}
        self._topic_prefix = topic_prefix

    async def send(self, command: Command) -> Done | Refused:
        """Give a command to its owner. An owner that doesn't answer is a refusal too: the same may be sent again."""
        headers = {"Idempotency-Key": command.key}
        if command.authorization is not None:
            headers["Authorization"] = command.authorization
        if command.saga is not None:
            headers["Correlation-Id"] = command.saga
        address = self._owners.get(command.owner)
        if address is None:
            return unavailable()
        body = {name: value for name, value in command.body.items() if value is not None}
        with step_span("gateway command", {"peer.service": command.owner.value}, SpanKind.CLIENT) as span:
            if (traceparent := current_traceparent()) is not None:
                headers[TRACEPARENT] = traceparent
            answer = await self._sent(command, address + command.path, body, headers)
            if isinstance(answer, Refused):
                answered(span, answer.status)
        return answer

    async def _sent(self, command: Command, address: str, body: Body, headers: Mapping[str, str]) -> Done | Refused:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS), self._turns[command.owner]:
                answer = await self._client.request(command.method, address, json=body, headers=headers, timeout=None)
            if answer.status_code < HTTPStatus.BAD_REQUEST:
                return _DONE.validate_json(answer.content)
            return _REFUSED.validate_json(answer.content)
        except (httpx.HTTPError, TimeoutError, ValidationError):
            return unavailable()

    async def ask(self, question: Question) -> bytes | Refused:
        """Return what an owner answers to a question, as JSON, or why it doesn't; one that is away is a refusal too."""
        headers = {} if question.authorization is None else {"Authorization": question.authorization}
        address = self._owners.get(question.owner)
        if address is None:
            return away()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS), self._turns[question.owner]:
                answer = await self._client.get(
                    address + question.path, params=question.parameters, headers=headers, timeout=None
                )
            if answer.status_code < HTTPStatus.BAD_REQUEST:
                return answer.content
            return _REFUSED.validate_json(answer.content)
        except (httpx.HTTPError, TimeoutError, ValidationError):
            return away()

    async def seen(self, changed: Sequence[Changed], since: datetime) -> Seen:
        """Wait until the read model has every version, or a newer one, or the gateway set one of them aside.

        A read model that can't be asked is no reason to fail: the command is done.

        Args:
            changed: what an owner changed.
            since: the moment before it was asked to.
        """
        try:
            with step_span("gateway wait", {}) as span:
                found = await self._seen(changed, since)
                span.set_attribute("lianhe.seen", found.value)
        except Exception as error:
            if isinstance(error, NoReadModelError) or failure_of(error) is Failure.RETRY:
                return Seen.PENDING
            raise
        return found

    async def _seen(self, changed: Sequence[Changed], since: datetime) -> Seen:
        waited = [one for one in changed if one.aggregate in TABLES]
        deadline = asyncio.get_running_loop().time() + SEEN_SECONDS
        for look in count(1):
            if not waited:
                break
            there = await self._looks.versions(waited)
            waited = [one for one in waited if there.get((one.aggregate, one.id), 0) < one.version]
            if waited and not look % FAILED_EVERY and await self._set_aside(waited, since):
                return Seen.FAILED
            if waited and asyncio.get_running_loop().time() > deadline:
                return Seen.PENDING
        return Seen.APPLIED

    async def _set_aside(self, waited: Sequence[Changed], since: datetime) -> bool:
        topics = [self._topic_prefix + one.aggregate for one in waited]
        return bool(await self._pool.fetchval(_SET_ASIDE, topics, [one.id for one in waited], since))


Versions = Mapping[tuple[str, str], int]
"""What the read model has, by (aggregate, id)."""


class _Looks:
    """Looks at the read model for all who wait at once: a statement a table, however many they are.

    A hundred commands a second that each looked by itself kept the database busy with nothing else.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._asked: dict[str, set[str]] = {}
        self._next: asyncio.Task[Versions] | None = None

    async def versions(self, wanted: Sequence[Changed]) -> Versions:
        """Return, a moment later, what the read model has of these, and of what others asked for meanwhile."""
        for one in wanted:
            self._asked.setdefault(one.aggregate, set()).add(one.id)
        if self._next is None:
            self._next = asyncio.create_task(self._look())
        return await asyncio.shield(self._next)  # one who goes away takes nobody's look along

    async def _look(self) -> Versions:
        await asyncio.sleep(POLL_SECONDS)
        asked, self._asked, self._next = self._asked, {}, None
        schema = await live_schema(self._pool)
        found: dict[tuple[str, str], int] = {}
        for aggregate, ids in asked.items():
            table, key, kind = TABLES[aggregate]
            rows = await self._pool.fetch(
                f"SELECT {key}::text AS id, version FROM {schema}.{table} "  # noqa: S608 - declared
                f"WHERE {key} = ANY($1::text[]::{kind}[])",
                list(ids),
            )
            found |= {(aggregate, row["id"]): row["version"] for row in rows}
        return found


def unavailable() -> Refused:
    """Return the refusal of an owner that doesn't answer."""
    problem = Problem(
        UNAVAILABLE,
        "The service that owns this doesn't answer. Send the same again, with the same idempotencyKey.",
        "负责该数据的服务暂无应答。请使用相同的 idempotencyKey 重新提交。",
    )
    return _REFUSED.validate_json(problem.body())


def away() -> Refused:
    """Return the refusal of an owner that doesn't answer a question."""
    problem = Problem(
        UNAVAILABLE,
        "The service that keeps this doesn't answer. Ask again in a moment; the rest of the graph is there.",
        "保存该数据的服务暂无应答，请稍后重试；其他查询不受影响。",
    )
    return _REFUSED.validate_json(problem.body())
