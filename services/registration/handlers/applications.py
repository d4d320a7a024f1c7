"""Online registration of households: applied for, looked at, and registered as by the registrar's own command."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.registration.applications import ApplicationMoved
from contracts.processes.registration import APPLICATION
from contracts.vocabulary import INTAKE, ApplicationAction, Bureau
from kit.callers import Caller
from kit.clock import Clock
from kit.command_routes import Commanded
from kit.commands import allow
from kit.database import Connection
from kit.problems import INVALID, NOT_FOUND, Problem
from kit.processes import Given, Processes
from kit.sealing import Sealer
from services.registration.domain.entity import Registration
from services.registration.domain.kind import kind_of
from services.registration.domain.misfit import Misfit
from services.registration.domain.party_building import Answers
from services.registration.handlers.entities import Entities
from services.registration.handlers.forms import Forms
from services.registration.handlers.refusals import refuse_misfits
from services.registration.repository.applications import Kept, find_papers, keep_papers, note_look

APPLICANT: Final = b"applicant"
_HOUSEHOLD: Final = "92"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies. It is sealed, and never told.

    Attributes:
        name: of the person.
        telephone: where to reach them.
    """

    name: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Papers:
    """What is applied for, and by whom.

    Attributes:
        name: 名称 of the household.
        business_scope: 经营范围.
        address: 经营场所.
        applicant: who applies.
    """

    name: str
    business_scope: str | None
    address: str | None
    applicant: Applicant


@dataclass(frozen=True, slots=True)
class Registering:
    """What the registrar adds to the papers.

    Attributes:
        uscc: the code that the household is given, normalised and valid.
        answers: to the Party-building questions, where they came along.
    """

    uscc: str
    answers: Answers | None = None


def applications(sealer: Sealer) -> Processes[ApplicationMoved]:
    """Return the processes of this kind; each is about nothing but itself until it is registered."""
    return Processes(APPLICATION, ApplicationMoved, lambda moved: moved.process_id, sealer)


class Applications:
    """Carries out commands about applications.

    Args:
        commanded: the command under way.
        processes: of this kind.
        forms: of the same command.
        sealer: seals who applies.
    """

    def __init__(
        self, commanded: Commanded, processes: Processes[ApplicationMoved], forms: Forms, sealer: Sealer
    ) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._processes = processes
        self._forms = forms
        self._sealer = sealer

    async def apply(self, papers: Papers, division_code: str, given: Given) -> ApplicationMoved:
        """Take an application in.

        Raises:
            Problem: `forbidden` or `invalid`.
        """
        moved = await self._processes.begin(
            self._commanded, given, division_code=division_code, bureau=Bureau.MARKET_REGULATION
        )
        await self._keep(moved.process_id, papers)
        return moved

    async def take(
        self, process_id: UUID, expected_version: int, action: ApplicationAction, given: Given, papers: Papers | None
    ) -> ApplicationMoved:
        """Take a step that registers nothing; with papers where they were mended.

        Raises:
            Problem: `not-found`, `version-conflict`, `illegal-step`, `forbidden`, or `invalid` where papers come with
                another step than REAPPLY.
        """
        known, step = await self._processes.expected(self._commanded, process_id, expected_version, action, given)
        if papers is not None:
            if action is not ApplicationAction.REAPPLY:
                refuse_misfits([Misfit("/papers", "come with REAPPLY alone", "仅在补正后再申请时提交")])
            await self._keep(process_id, papers)
        return await self._processes.take(self._commanded, known, step, given)

    async def register(
        self, process_id: UUID, expected_version: int, given: Given, registering: Registering | None
    ) -> ApplicationMoved:
        """Register the household that was applied for, as `POST /entities` does, and tell its id and code.

        Raises:
            Problem: `not-found`, `version-conflict`, `illegal-step`, `forbidden`, `invalid` where the code is missing
                or no household's, or `conflict` where it is known.
        """
        known, step = await self._processes.expected(
            self._commanded, process_id, expected_version, ApplicationAction.REGISTER, given
        )
        if registering is None:
            refuse_misfits([Misfit("/uscc", "is missing: the code that the household is given", "须填写所赋代码")])
            raise LookupError(process_id)
        if not registering.uscc.startswith(_HOUSEHOLD):
            refuse_misfits([Misfit("/uscc", "is no household's: those begin with 92", "不是个体工商户代码（92开头）")])
        facts = await self._facts(known, registering.uscc, given.effective_on)
        done = await Entities(self._commanded, self._forms).register(facts, given.effective_on, registering.answers)
        return await self._processes.take(
            self._commanded, known, step, given, entity_id=done.entity_id, uscc=registering.uscc
        )

    async def _facts(self, known: ApplicationMoved, uscc: str, day: date | None) -> Registration:
        kept = await find_papers(self._connection, known.process_id)
        if kept is None:
            raise LookupError(known.process_id)
        try:
            return Registration(
                uscc=uscc,
                name=kept.name,
                kind=kind_of(uscc, None),
                division_code=known.division_code,
                bureau=known.bureau,
                registered_on=day,
                business_scope=kept.business_scope,
                address=kept.address,
            )
        except ValueError as error:  # its text names the field and the rule
            raise Problem(INVALID, f"{error}. Return the application.", "申请材料内容无法登记，请退回补正。") from None

    async def _keep(self, process_id: UUID, papers: Papers) -> None:
        opened = json.dumps(asdict(papers.applicant)).encode()
        sealed = self._sealer.seal(opened, place=process_id.bytes + APPLICANT)
        await keep_papers(
            self._connection, process_id, Kept(papers.name, papers.business_scope, papers.address, sealed)
        )


class Applied:
    """What is applied for, and who applies, for who takes applications in.

    Args:
        processes: of this kind.
        sealer: opens who applies.
        clock: tells now.
    """

    def __init__(self, processes: Processes[ApplicationMoved], sealer: Sealer, clock: Clock) -> None:
        self._processes = processes
        self._sealer = sealer
        self._clock = clock

    async def papers(self, connection: Connection, caller: Caller, process_id: UUID) -> Kept:
        """Return what is applied for.

        Raises:
            Problem: `not-found` or `forbidden`.
        """
        known = await self._processes.find(connection, process_id)
        kept = await find_papers(connection, process_id)
        if known is None or kept is None:
            raise Problem(NOT_FOUND, "There is no such application.", "没有该登记申请。")
        allow(caller, INTAKE, known.division_code)
        return kept

    async def applicant(self, connection: Connection, caller: Caller, process_id: UUID, purpose: str) -> Applicant:
        """Return who applies; who looked, when and why is kept in the same transaction.

        Raises:
            Problem: `not-found` or `forbidden`.
        """
        kept = await self.papers(connection, caller, process_id)
        await note_look(connection, process_id, caller.subject, purpose, self._clock.now())
        opened = self._sealer.open(kept.sealed_applicant, place=process_id.bytes + APPLICANT)
        return Applicant(**json.loads(opened))
