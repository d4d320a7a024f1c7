"""Commands about gatherings: record, correct, withdraw.

Locks are taken in the ledgers' order: the organisation, then the gathering, then the files that it carries. What is or
was an election changes its organisation, too, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.ledgers.life import (
    GatheringCorrected,
    GatheringRecorded,
    GatheringWithdrawn,
    RecordedGathering,
)
from contracts.events.ledgers.organisations import RecordedOrganisation
from contracts.vocabulary import CallerRole, GatheringKind, GatheringState
from kit import evidence
from kit.clock import today
from kit.command_routes import Commanded
from kit.commands import allow, expect
from kit.database import Connection
from kit.ids import new_id
from kit.outbox import tell
from kit.problems import CONFLICT, Problem
from kit.sealing import Sealer
from services.ledgers.domain.gathering import GatheringFacts, election_rule, misfits, term_of
from services.ledgers.domain.misfit import Misfit
from services.ledgers.handlers.elections import follow_elections
from services.ledgers.handlers.organisations import FOUNDERS
from services.ledgers.handlers.refusals import refuse_misfits
from services.ledgers.repository.life import (
    Statement,
    StoredStatement,
    all_rules,
    find_gathering,
    lock_gathering,
    statements,
    write_gathering,
)
from services.ledgers.repository.organisations import find_organisation, hold_organisations, lock_organisation

RECORDERS: Final = FOUNDERS | {CallerRole.STATION}
"""Who may record gatherings: who may found organisations, and the stations 市场监管所 that attend them."""

AGENDA, ON_BEHALF_OF, NOTE = b"agenda", b"on behalf of", b"note"
"""What stands behind a gathering's id in the place that a seal is bound to."""


@dataclass(frozen=True, slots=True)
class StatedGathering:
    """What a command states of a gathering beside its facts.

    Attributes:
        agenda: what it was about, in free text; kept sealed.
        on_behalf_of: for whom it is recorded; kept sealed.
        note: why it is corrected or withdrawn; kept sealed.
        evidence_ids: files that it carries from now on.
    """

    agenda: str | None = None
    on_behalf_of: str | None = None
    note: str | None = None
    evidence_ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class KeptGathering:
    """A gathering as it is kept, and its organisation where that changed with it: by an election."""

    gathering: RecordedGathering
    organisation: RecordedOrganisation | None


@dataclass(frozen=True, slots=True)
class OpenedStatement:
    """A state of a gathering, who stated it, and what in free text."""

    stored: StoredStatement
    agenda: str | None
    on_behalf_of: str | None
    note: str | None


class Gatherings:
    """Carries out commands about gatherings.

    Args:
        commanded: the command under way.
        sealer: seals free text, which may name people.
    """

    def __init__(self, commanded: Commanded, sealer: Sealer) -> None:
        self._commanded = commanded
        self._connection = commanded.connection
        self._sealer = sealer

    async def record(self, organisation_id: UUID, facts: GatheringFacts, stated: StatedGathering) -> KeptGathering:
        """Record that an organisation held something.

        Raises:
            Problem: `invalid` where facts don't fit together, the organisation isn't there or a file isn't the
                caller's; `forbidden`.
        """
        organisation = await self._held_organisation(organisation_id, facts.kind)
        gathering = await self._state(GatheringRecorded, new_id(), 1, organisation, facts)
        return await self._keep(gathering, stated, None, facts.held_on)

    async def correct(
        self, gathering_id: UUID, expected_version: int, facts: GatheringFacts, stated: StatedGathering
    ) -> KeptGathering | None:
        """Replace the facts of a gathering; None where they are so already. Files that it carries stay with it.

        Raises:
            Problem: as for `record`; `not-found`, `version-conflict`, or `conflict` where it was withdrawn.
        """
        known, organisation = await self._expected(gathering_id, expected_version)
        corrected = await self._state(GatheringCorrected, gathering_id, known.version + 1, organisation, facts, known)
        carried = set(known.evidence_ids)
        if _content(corrected) == _content(known) and carried.issuperset(stated.evidence_ids) and not stated.agenda:
            return None
        return await self._keep(corrected, stated, known.kind, facts.held_on)

    async def withdraw(self, gathering_id: UUID, expected_version: int, stated: StatedGathering) -> KeptGathering:
        """Withdraw the record of a gathering: it counts no more. It stays, with its history and its files.

        Raises:
            Problem: `not-found`, `version-conflict`, `forbidden`, or `conflict` where it was withdrawn already.
        """
        known, _ = await self._expected(gathering_id, expected_version)
        withdrawn = GatheringWithdrawn.model_validate(
            known.model_dump()
            | {
                "version": known.version + 1,
                "state": GatheringState.WITHDRAWN,
                "recorded_at": self._commanded.clock.now(),
            }
        )
        return await self._keep(withdrawn, stated, known.kind, today(self._commanded.clock))

    async def _expected(
        self, gathering_id: UUID, expected_version: int
    ) -> tuple[RecordedGathering, RecordedOrganisation]:
        seen = await find_gathering(self._connection, gathering_id)
        if seen is not None:  # which organisation it is of never changes; what the gathering is may
            await lock_organisation(self._connection, seen.organisation_id)
        known = await lock_gathering(self._connection, gathering_id)
        expect(known, expected_version, "gathering", "组织生活记录")
        organisation = None if known is None else await find_organisation(self._connection, known.organisation_id)
        if known is None or organisation is None:
            raise LookupError(gathering_id)
        allow(self._commanded.caller, RECORDERS, known.division_code)
        if known.state is GatheringState.WITHDRAWN:
            raise Problem(
                CONFLICT,
                "The record was withdrawn; it can't be changed. Record the gathering anew.",
                "该记录已撤回，不能再变更，请重新记录。",
            )
        return known, organisation

    async def _held_organisation(self, organisation_id: UUID, kind: GatheringKind) -> RecordedOrganisation:
        if kind is GatheringKind.ELECTION:
            await lock_organisation(self._connection, organisation_id)
        places = await hold_organisations(self._connection, [organisation_id])
        place = places.get(organisation_id)
        if place is None or place.external:
            refuse_misfits([Misfit("/organisationId", "no organisation of the district", "不是本区党组织")])
        organisation = await find_organisation(self._connection, organisation_id)
        if organisation is None:
            raise LookupError(organisation_id)
        allow(self._commanded.caller, RECORDERS, organisation.division_code)
        return organisation

    async def _state(
        self,
        model: type[RecordedGathering],
        gathering_id: UUID,
        version: int,
        organisation: RecordedOrganisation,
        facts: GatheringFacts,
        known: RecordedGathering | None = None,
    ) -> RecordedGathering:
        rule = election_rule(organisation.form, await all_rules(self._connection), facts.held_on)
        found = misfits(facts, rule, today(self._commanded.clock))
        if organisation.founded_on is not None and facts.held_on < organisation.founded_on:
            found.append(Misfit("/heldOn", "is before the organisation was founded", "早于党组织成立日期"))
        refuse_misfits(found)
        return model(
            gathering_id=gathering_id,
            version=version,
            organisation_id=organisation.organisation_id,
            kind=facts.kind,
            audience=facts.audience,
            held_on=facts.held_on,
            place=facts.place,
            topics=tuple(facts.topics),
            expected=facts.expected,
            present=facts.present,
            term_until=term_of(facts, rule),
            postponed_until=facts.postponed_until,
            evidence_ids=() if known is None else known.evidence_ids,
            state=GatheringState.RECORDED,
            division_code=organisation.division_code if known is None else known.division_code,
            bureau=organisation.bureau if known is None else known.bureau,
            effective_on=facts.held_on,
            recorded_at=self._commanded.clock.now(),
        )

    async def _keep(
        self, gathering: RecordedGathering, stated: StatedGathering, was: GatheringKind | None, day: date
    ) -> KeptGathering:
        caller, place = self._commanded.caller, gathering.gathering_id.bytes
        use = evidence.Use(gathering.topic, gathering.key)
        now = self._commanded.clock.now()
        await evidence.attach(self._connection, caller.subject, stated.evidence_ids, use, now)
        carried = tuple(dict.fromkeys([*gathering.evidence_ids, *stated.evidence_ids]))
        gathering = gathering.model_copy(update={"evidence_ids": carried})
        statement = Statement(
            caller.subject,
            caller.role.value,
            self._sealed(stated.agenda, place + AGENDA),
            self._sealed(stated.on_behalf_of, place + ON_BEHALF_OF),
            self._sealed(stated.note, place + NOTE),
        )
        await write_gathering(self._connection, gathering, statement)
        await tell(self._connection, [self._commanded.told(gathering)])
        if GatheringKind.ELECTION not in {gathering.kind, was}:
            return KeptGathering(gathering, None)
        return KeptGathering(gathering, await follow_elections(self._commanded, gathering.organisation_id, day))

    def _sealed(self, text: str | None, place: bytes) -> bytes | None:
        return None if text is None else self._sealer.seal(text.encode(), place=place)


async def opened_statements(connection: Connection, sealer: Sealer, gathering_id: UUID) -> list[OpenedStatement]:
    """Return what each state of a gathering was stated with, in order.

    Raises:
        SealBrokenError: it was sealed under another key, or changed.
    """
    place = gathering_id.bytes

    def opened(sealed: bytes | None, what: bytes) -> str | None:
        return None if sealed is None else sealer.open(sealed, place=place + what).decode()

    return [
        OpenedStatement(
            one,
            opened(one.statement.sealed_agenda, AGENDA),
            opened(one.statement.sealed_on_behalf_of, ON_BEHALF_OF),
            opened(one.statement.sealed_note, NOTE),
        )
        for one in await statements(connection, gathering_id)
    ]


def _content(gathering: RecordedGathering) -> dict[str, object]:
    return gathering.model_dump(exclude={"version", "recorded_at"})
