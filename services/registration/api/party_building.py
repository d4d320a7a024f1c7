"""The Party-building questions over HTTP: the edition of a day, answers, and forms to be answered."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from contracts.events.registration.forms import FormMoved
from contracts.vocabulary import FORM_KEEPERS, FormAction
from kit.callers import Caller
from kit.clock import Clock, today
from kit.command_routes import Commanded, Commands
from kit.commands import Body
from kit.database import Connection, Database
from kit.http_api import PROBLEMS, TheCaller
from kit.problems import NOT_FOUND, Problem
from kit.process_routes import ProcessNow, ProcessRoutes, StepBody
from kit.processes import Processes
from services.registration.domain.party_building import AnswerKind, Answers, Edition, edition_of
from services.registration.handlers.forms import Forms

_MOST: int = 10_000_000
_Count = Annotated[int, Field(ge=0, le=_MOST, strict=True)]
_YesNo = Annotated[bool, Field(strict=True)]


class PartyBuildingBody(Body):
    """Answers to the Party-building questions 党建信息, as `GET /party-building-form` asks them."""

    employees: Annotated[_Count | None, Field(description="从业人数.")] = None
    full_members: Annotated[_Count | None, Field(description="正式党员人数.")] = None
    probationary_members: Annotated[_Count | None, Field(description="预备党员人数.")] = None
    has_organisation: Annotated[_YesNo | None, Field(description="是否建立党组织.")] = None
    has_secretary: Annotated[_YesNo | None, Field(description="是否配备书记；未建立党组织的可不填.")] = None
    wishes_guidance: Annotated[_YesNo | None, Field(description="是否需要党建指导.")] = None

    def answers(self) -> Answers:
        """Return the answers."""
        return Answers(**self.model_dump())


class WithPartyBuilding(Body):
    """A command that asks the Party-building questions."""

    party_building: Annotated[
        PartyBuildingBody | None,
        Field(description="Answers, where they came along; without them the form stays open as a to-do 党建信息."),
    ] = None

    def answers(self) -> Answers | None:
        """Return the answers that came along."""
        return None if self.party_building is None else self.party_building.answers()


class QuestionNow(Body):
    """A question."""

    name: Annotated[str, Field(description="Field of the answers.")]
    kind: AnswerKind
    text: str
    text_zh: str
    only_after: Annotated[str | None, Field(description="The question whose yes it depends on.")] = None


class EditionNow(Body):
    """The questions that are asked from a day on."""

    edition: str
    valid_from: date
    source: str
    questions: Sequence[QuestionNow]

    @classmethod
    def of(cls, edition: Edition) -> "EditionNow":
        """Return it as it goes over HTTP."""
        names = PartyBuildingBody.model_fields
        return cls(
            edition=edition.edition,
            valid_from=edition.valid_from,
            source=edition.source,
            questions=[
                QuestionNow(
                    name=names[one.name].alias or one.name,
                    kind=one.kind,
                    text=one.text,
                    text_zh=one.text_zh,
                    only_after=one.only_after and (names[one.only_after].alias or one.only_after),
                )
                for one in edition.questions
            ],
        )


class FormStep(StepBody[FormAction], WithPartyBuilding):
    """A step of a form: its answers, or better ones."""


class FormNow(ProcessNow, FormMoved):
    """A Party-building form as it is now."""


class PartyBuildingRoutes:
    """The routes `/party-building-form` and under `/party-building-forms`.

    Args:
        database: registration's.
        commands: carries commands out.
        processes: the forms.
        clock: tells today.
    """

    def __init__(self, database: Database, commands: Commands, processes: Processes[FormMoved], clock: Clock) -> None:
        self._processes = processes
        self._clock = clock
        self._routes = ProcessRoutes(
            processes,
            database,
            commands,
            take=self._take,
            body=FormStep,
            shown=FormNow,
            readers=FORM_KEEPERS,
        )

    async def may_see(self, connection: Connection, caller: Caller, process_id: str) -> bool:
        """Tell whether a caller may see a Party-building form, and so the files that it carries."""
        return await self._routes.may_see(connection, caller, process_id)

    def router(self) -> APIRouter:
        """Return the routes."""
        tags: list[Any] = ["Party-building forms 党建信息采集"]
        routes = APIRouter(tags=tags, responses=PROBLEMS)
        routes.add_api_route(
            "/party-building-form",
            self.edition,
            response_model=EditionNow,
            response_model_exclude_none=True,
            summary="The questions of a day 采集表",
        )
        forms = APIRouter(prefix="/party-building-forms", tags=tags, responses=PROBLEMS)
        self._routes.add_to(forms)
        routes.include_router(forms)
        return routes

    async def edition(
        self, _caller: TheCaller, on: Annotated[date | None, Query(description="A day; today where not given.")] = None
    ) -> EditionNow:
        """Return the edition of the questions that holds on a day, to whoever has a token."""
        day = on or today(self._clock)
        edition = edition_of(day)
        if edition is None:
            raise Problem(
                NOT_FOUND,
                f"Nothing was asked yet on {day}; ask for a later day.",
                f"{day}尚无采集表，请查询之后的日期。",
            )
        return EditionNow.of(edition)

    async def _take(self, commanded: Commanded, process_id: Any, body: StepBody[Any]) -> FormMoved:
        answers = body.answers() if isinstance(body, FormStep) else None
        forms = Forms(commanded, self._processes)
        return await forms.take(process_id, body.expected_version, body.action, body.given(), answers)
