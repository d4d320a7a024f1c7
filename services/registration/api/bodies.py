"""Bodies of the entity commands, and the way from them to facts by the rules of an import."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.vocabulary import UNASSIGNED_DIVISION, Bureau, EntityKind, EntityState
from kit.commands import Body
from kit.problems import INVALID, Problem
from services.registration.api.party_building import WithPartyBuilding
from services.registration.domain.bureau import bureau_of
from services.registration.domain.capital import Capital
from services.registration.domain.entity import (
    ADDRESS_LIMIT,
    BUSINESS_SCOPE_LIMIT,
    LEGAL_FORM_LIMIT,
    NAME_LIMIT,
    Registration,
)
from services.registration.domain.kind import kind_of
from services.registration.domain.uscc import USCC_LENGTH, UsccFault, normalise_uscc, uscc_fault
from services.registration.handlers.batch import Line, Outcome, StatedEntity
from services.registration.repository.entities import Known

BATCH_LIMIT = 500
"""Entities a request: a batch of every consumer."""

_USCC_FAULTS = {
    UsccFault.LENGTH: (f"has not {USCC_LENGTH} characters", f"长度不是{USCC_LENGTH}位"),
    UsccFault.CHARACTERS: ("holds a character that no code has", "含有代码中不应出现的字符"),
    UsccFault.CHECK_DIGIT: ("has a wrong check digit", "校验位错误"),
}


def valid_uscc(text: str, pointer: str) -> str:
    """Return a code as it is stored.

    Args:
        text: as it was sent.
        pointer: where it stands in the request, for the problem.

    Raises:
        Problem: `invalid`: it is none.
    """
    uscc = normalise_uscc(text)
    fault = uscc_fault(uscc)
    if fault is not None:
        raise _invalid(pointer, *_USCC_FAULTS[fault])
    return uscc


class CapitalBody(Body):
    """Registered capital 注册资金."""

    amount: Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=4, description="In whole units, 元.")]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="ISO 4217.")] = "CNY"


class EntityFacts(Body):
    """The facts of an entity. Its kind and bureau follow from the code and the legal form."""

    uscc: Annotated[str, StringConstraints(min_length=1, max_length=64), Field(description="统一社会信用代码.")]
    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LIMIT), Field(description="名称.")
    ]
    division_code: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9]{12}$"),
        Field(description="行政区划, 12 digits; zeros while unassigned."),
    ] = UNASSIGNED_DIVISION
    registered_on: Annotated[date | None, Field(description="注册日期.")] = None
    legal_form: Annotated[str | None, StringConstraints(max_length=LEGAL_FORM_LIMIT)] = None
    capital: CapitalBody | None = None
    business_scope: Annotated[str | None, StringConstraints(max_length=BUSINESS_SCOPE_LIMIT)] = None
    address: Annotated[str | None, StringConstraints(max_length=ADDRESS_LIMIT)] = None

    def registration(self, pointer: str = "") -> Registration:
        """Return the facts.

        Args:
            pointer: where these facts stand in the request, for the problem.

        Raises:
            Problem: `invalid`: the code is none, or a text holds what can't be stored.
        """
        uscc = valid_uscc(self.uscc, f"{pointer}/uscc")
        capital = None if self.capital is None else Capital(self.capital.amount, self.capital.currency)
        try:
            return Registration(
                uscc=uscc,
                name=self.name,
                kind=kind_of(uscc, self.legal_form),
                division_code=self.division_code,
                bureau=bureau_of(uscc),
                registered_on=self.registered_on,
                legal_form=self.legal_form or None,
                capital=capital,
                business_scope=self.business_scope or None,
                address=self.address or None,
            )
        except ValueError as error:  # its text names the field and the rule
            raise _invalid(pointer or "/", str(error), "内容无法存储") from None


class Register(EntityFacts, WithPartyBuilding):
    """Command: register an entity."""

    effective_on: Annotated[
        date | None, Field(description="Day from which it holds; the registration day, or today, where not given.")
    ] = None


class Change(EntityFacts, WithPartyBuilding):
    """Command: replace the facts of an entity."""

    expected_version: Annotated[int, Field(ge=1, description="The version on which this change was decided.")]
    effective_on: Annotated[date | None, Field(description="Day from which it holds; today where not given.")] = None


class Deregister(WithPartyBuilding):
    """Command: deregister an entity 注销."""

    expected_version: Annotated[int, Field(ge=1, description="The version on which this was decided.")]
    effective_on: Annotated[date | None, Field(description="Day from which it holds; today where not given.")] = None


class Classify(Body):
    """Command: classify an entity; that goes before what follows from its code."""

    kind: Annotated[EntityKind, Field(description="What it counts as 类别.")]
    expected_version: Annotated[int, Field(ge=1, description="The version on which this was decided.")]
    effective_on: Annotated[date | None, Field(description="Day from which it holds; today where not given.")] = None


class BatchEntity(EntityFacts, WithPartyBuilding):
    """An entity of a batch."""


class RegisterBatch(Body):
    """Command: the state of many entities is as stated; those that are new or different are taken in."""

    entities: Annotated[Sequence[BatchEntity], Field(min_length=1, max_length=BATCH_LIMIT)]
    carried_over: Annotated[
        bool,
        Field(
            description="Whether these are registrations of before, carried over from another system 存量移交: nobody "
            "is asked the Party-building questions for that; answers that come along are taken in all the same."
        ),
    ] = False

    def stated(self) -> list[StatedEntity | Problem]:
        """Return what is stated of each entity, or why there are no facts."""
        return [_stated_or_problem(one, index) for index, one in enumerate(self.entities)]


class BatchOutcome(Body):
    """What became of the entity at one place of the batch."""

    index: int
    outcome: Outcome
    id: UUID | None = None
    version: int | None = None
    reason: str | None = None
    reason_zh: str | None = None

    @classmethod
    def of(cls, index: int, line: Line) -> Self:
        """Return the body of a line."""
        return cls(
            index=index,
            outcome=line.outcome,
            id=line.entity_id,
            version=line.version,
            reason=line.problem and line.problem.detail,
            reason_zh=line.problem and line.problem.detail_zh,
        )


class BatchAnswer(Body):
    """What became of a batch. What is not rejected was taken in together."""

    outcomes: Sequence[BatchOutcome]
    correlation_id: UUID


class EntityNow(Body):
    """An entity as registration knows it."""

    id: UUID
    version: int
    state: EntityState
    uscc: str
    name: str
    kind: EntityKind
    division_code: str
    bureau: Bureau
    registered_on: date | None
    legal_form: str | None
    capital: CapitalBody | None
    business_scope: str | None
    address: str | None
    effective_on: date
    recorded_at: datetime

    @classmethod
    def of(cls, known: Known) -> Self:
        """Return the body of a stored entity."""
        capital = known.capital and CapitalBody(amount=known.capital.amount, currency=known.capital.currency)
        return cls(
            id=known.id,
            version=known.version,
            state=known.state,
            uscc=known.uscc,
            name=known.name,
            kind=known.kind,
            division_code=known.division_code,
            bureau=known.bureau,
            registered_on=known.registered_on,
            legal_form=known.legal_form,
            capital=capital,
            business_scope=known.business_scope,
            address=known.address,
            effective_on=known.effective_on,
            recorded_at=known.recorded_at,
        )


def _stated_or_problem(one: BatchEntity, index: int) -> StatedEntity | Problem:
    try:
        return StatedEntity(one.registration(f"/entities/{index}"), one.answers())
    except Problem as problem:
        return problem


def _invalid(pointer: str, reason: str, reason_zh: str) -> Problem:
    return Problem(
        INVALID,
        f"{pointer} {reason}. Correct it and send the command again.",
        f"{pointer} {reason_zh}。请更正后重新提交。",
        {"errors": [{"pointer": pointer, "reason": reason, "reasonZh": reason_zh}]},
    )
