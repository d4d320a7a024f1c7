"""What the imports of organisations and of members have in common: how a row is told as refused, and how it ends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final, Protocol, TypeVar
from uuid import UUID

from kit.command_routes import Commanded
from kit.problems import Problem
from services.ledgers.domain.matching import Directory, Doubt
from services.ledgers.intake.statements import RejectReason, Row, RowError, S

Of = TypeVar("Of")

_DOUBTS: Final[Mapping[Doubt, tuple[str, str]]] = {
    Doubt.SEVERAL: (
        "several in the ledger may be meant. Say which, by the code of the organisation or the ID number of the member",
        "台账中有多个可能的对象，请用组织编码或公民身份号码指明",
    ),
    Doubt.OTHER_CODE: (
        "the organisation of this name in this division has another code. Correct the code or the name",
        "该区划内同名党组织的编码与此不同，请更正编码或名称",
    ),
    Doubt.NAME_OF_ANOTHER: (
        "the code is one organisation's and the name another's. Correct the code or the name",
        "编码与名称分属两个党组织，请更正编码或名称",
    ),
    Doubt.OTHER_NAME: (
        "the ID number is that of a member of another name. Correct it, or change the name of the member first",
        "该公民身份号码登记在另一姓名的党员名下，请更正，或先变更该党员姓名",
    ),
    Doubt.OTHER_ID_NUMBER: (
        "a member of this name and relation has another ID number. Correct it, or record somebody else by command",
        "同名且组织关系相同的党员登记有另一公民身份号码，请更正；如确为另一人，请单独登记",
    ),
    Doubt.OTHER_BIRTH_MONTH: (
        "a member of this name and relation was born in another month. Correct it, or record somebody else by command",
        "同名且组织关系相同的党员出生年月与此不同，请更正；如确为另一人，请单独登记",
    ),
    Doubt.NO_RELATION: (
        "a member of this name is in the ledger. Give the ID number, or the organisation of the relation",
        "台账中已有同名党员，请填写公民身份号码或组织关系所在党组织",
    ),
}


class Outcome(StrEnum):
    """What a row did."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row that was taken in."""

    outcome: Outcome
    aggregate_id: UUID


class Taking(Protocol[S]):
    """Takes rows of one kind in."""

    @property
    def aggregate(self) -> str:
        """Topic of what the rows are about."""
        ...

    async def hold(self, commanded: Commanded, rows: Sequence[Row[S]]) -> None:
        """Load what a batch refers to, and lock what it touches in the one order. Called first in each transaction."""
        ...

    async def find(self, commanded: Commanded, row: Row[S]) -> UUID | None:
        """Return what a row is about; None where it is new.

        Raises:
            RowError: that can't be said.
        """
        ...

    async def take(self, commanded: Commanded, row: Row[S], known: UUID | None) -> Taken:
        """Take a row in, as the commands do that it stands for.

        Raises:
            RowError: it refers to what isn't there, or lacks what something new needs.
            Problem: a command refuses it.
        """
        ...


def batched(rows: Iterator[Of], size: int) -> Iterator[list[Of]]:
    """Yield what comes in groups, in order."""
    while batch := list(islice(rows, size)):
        yield batch


def ambiguous(doubt: Doubt, column: str) -> RowError:
    """Return the error for a row, or a cell of it, that may mean several, or contradicts what is known."""
    message_en, message_zh = _DOUBTS[doubt]
    return RowError(column, RejectReason.AMBIGUOUS, f"{message_en}.", f"{message_zh}。")


def organisation_meant(directory: Directory, reference: str, column: str, reason: RejectReason) -> UUID:
    """Return the organisation that a cell names by code or name.

    Args:
        directory: the organisations.
        reference: the cell.
        column: where it stands.
        reason: why the row is rejected where there is none.

    Raises:
        RowError: there is none, or there are several.
    """
    found = directory.meant(reference)
    if isinstance(found, Doubt):
        raise ambiguous(found, column)
    if found is None:
        raise RowError(
            column,
            reason,
            "no organisation that is active has this code or name. Correct it, or import the organisation first.",
            "没有该编码或名称的在用党组织，请更正，或先导入该党组织。",
        )
    return found


def unknown_entity(column: str) -> RowError:
    """Return the error for a code that no entity of the ledger has."""
    return RowError(
        column,
        RejectReason.UNKNOWN,
        "the ledger knows no entity of this code. Correct it, or import its registration first.",
        "台账中没有该统一社会信用代码的市场主体，请更正，或先导入其登记信息。",
    )


def refused(problem: Problem, columns: Mapping[str, str]) -> RowError:
    """Return a refusal of a command as the error of the row that it stands for.

    Args:
        problem: the refusal.
        columns: by the places of the command, those of the row.
    """
    errors = problem.extensions.get("errors")
    if not isinstance(errors, Sequence) or isinstance(errors, str):
        return RowError(None, RejectReason.REFUSED, problem.detail, problem.detail_zh)
    places = [columns.get("/" + str(one["pointer"]).split("/")[1]) for one in errors]
    several = len(errors) > 1  # of one the column stands beside the message
    said = [(f"{place}: " if several and place else "", one) for place, one in zip(places, errors, strict=True)]
    message_en = "; ".join(f"{place}{one['reason']}" for place, one in said)
    message_zh = "；".join(f"{place}{one['reasonZh']}" for place, one in said)
    return RowError(places[0], RejectReason.REFUSED, f"{message_en}. Correct the row.", f"{message_zh}。请更正本行。")
