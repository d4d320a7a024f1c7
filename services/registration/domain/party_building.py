"""The Party-building questions 党建信息采集 that registering asks: dated editions, and what answers must be."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final

from services.registration.domain.misfit import Misfit


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers to the questions; None where one is not answered.

    Attributes:
        employees: 从业人数.
        full_members: 正式党员人数, of them.
        probationary_members: 预备党员人数, of them.
        has_organisation: whether it has a Party organisation.
        has_secretary: whether that has a secretary.
        wishes_guidance: whether it wishes guidance.
    """

    employees: int | None = None
    full_members: int | None = None
    probationary_members: int | None = None
    has_organisation: bool | None = None
    has_secretary: bool | None = None
    wishes_guidance: bool | None = None

    def stated(self) -> dict[str, int | bool | None]:
        """Return the answers by the name of the question."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


class AnswerKind(StrEnum):
    """What an answer is."""

    COUNT = "COUNT"
    YES_NO = "YES_NO"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an edition.

    Attributes:
        name: a field of `Answers`.
        kind: what its answer is.
        text: in English.
        text_zh: in Chinese, as it is asked.
        only_after: the question whose yes it depends on; without that it need not be answered.
    """

    name: str
    kind: AnswerKind
    text: str
    text_zh: str
    only_after: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """The questions that are asked from a day on.

    Attributes:
        edition: names it.
        valid_from: first day, Asia/Shanghai; it holds until the next one's.
        source: where it is written.
        questions: in the order in which they are asked.
    """

    edition: str
    valid_from: date
    source: str
    questions: tuple[Question, ...]


EDITIONS: Final[tuple[Edition, ...]] = (
    Edition(
        "2024",
        date(2024, 1, 1),
        "Study of 小个专 Party building in district X (2024), on 同步采集 at registration; worded here",
        (
            Question("employees", AnswerKind.COUNT, "How many people work there?", "现有从业人员多少人？"),
            Question("full_members", AnswerKind.COUNT, "How many of them are full members?", "其中正式党员多少人？"),
            Question(
                "probationary_members",
                AnswerKind.COUNT,
                "How many of them are probationary members?",
                "其中预备党员多少人？",
            ),
            Question("has_organisation", AnswerKind.YES_NO, "Is there a Party organisation?", "是否已建立党组织？"),
            Question(
                "has_secretary",
                AnswerKind.YES_NO,
                "Has the organisation a secretary?",
                "党组织是否配备书记？",
                only_after="has_organisation",
            ),
            Question("wishes_guidance", AnswerKind.YES_NO, "Is guidance wished for?", "是否需要党建工作指导？"),
        ),
    ),
)
"""In order of their first day."""


def edition_of(day: date) -> Edition | None:
    """Return the edition that holds on a day; None before the first."""
    return next((one for one in reversed(EDITIONS) if one.valid_from <= day), None)


def misfits(edition: Edition, answers: Answers, pointer: str) -> list[Misfit]:
    """Return what is wrong with answers to an edition: what is missing, not asked, or contradicts the rest.

    Args:
        edition: what was asked.
        answers: what was answered.
        pointer: where the answers stand in the command.
    """
    stated, asked = answers.stated(), {one.name: one for one in edition.questions}
    found = []
    for name, answer in stated.items():
        place = f"{pointer}/{_camel(name)}"
        question = asked.get(name)
        if question is None:
            if answer is not None:
                found.append(Misfit(place, f"was not asked by edition {edition.edition}", "本版采集表未设此项"))
        elif answer is None and (question.only_after is None or stated[question.only_after] is True):
            found.append(Misfit(place, f"is missing: {question.text}", f"未填写：{question.text_zh}"))
    return found or _contradictions(answers, pointer)


def _contradictions(answers: Answers, pointer: str) -> list[Misfit]:
    found = []
    employees, full = answers.employees, answers.full_members or 0
    members = full + (answers.probationary_members or 0)
    if employees is not None and members > employees:
        place = "fullMembers" if full > employees else "probationaryMembers"
        found.append(Misfit(f"{pointer}/{place}", "makes more members than employees", "党员人数多于从业人数"))
    if answers.has_secretary and not answers.has_organisation:
        found.append(
            Misfit(f"{pointer}/hasSecretary", "is of no organisation: there is none", "未建立党组织，不应有书记")
        )
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
