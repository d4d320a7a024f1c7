"""What is under way at an organisation that goes: transfers, floatings and developments go on elsewhere, each told."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.events.ledgers.development import DevelopmentMoved
from contracts.events.ledgers.floatings import FloatingMoved
from contracts.events.ledgers.organisations import RecordedOrganisation
from contracts.events.ledgers.transfers import TransferMoved
from contracts.vocabulary import DevelopmentAction, FloatingAction, TransferAction
from kit.command_routes import Commanded
from kit.problems import CONFLICT, Problem
from services.ledgers.handlers.about_members import AboutMembers
from services.ledgers.repository.reorganisations import lock_naming

_TRANSFERS: Final = ("from_organisation_id", "to_organisation_id")
_FLOATINGS: Final = ("organisation_id", "to_organisation_id")
_DEVELOPMENTS: Final = ("organisation_id",)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What names an organisation, locked in the order of `AboutMembers`."""

    transfers: list[TransferMoved]
    floatings: list[FloatingMoved]
    developments: list[DevelopmentMoved]

    @property
    def ids(self) -> set[UUID]:
        """The processes."""
        return {one.process_id for one in (*self.transfers, *self.floatings, *self.developments)}


class Redirection:
    """Lets what is under way at an organisation go on elsewhere.

    Args:
        commanded: the command under way.
        about: the processes about members.
        source_id: the organisation that goes.
    """

    def __init__(self, commanded: Commanded, about: AboutMembers, source_id: UUID) -> None:
        self._commanded = commanded
        self._about = about
        self._source_id = source_id

    async def lock(self) -> UnderWay:
        """Lock what names the organisation, and return it."""
        connection, source = self._commanded.connection, self._source_id
        return UnderWay(
            await lock_naming(connection, TransferMoved, source, *_TRANSFERS),
            await lock_naming(connection, FloatingMoved, source, *_FLOATINGS),
            await lock_naming(connection, DevelopmentMoved, source, *_DEVELOPMENTS),
        )

    async def refuse_newcomers(self, known: UnderWay) -> None:
        """Refuse to go on where something began between these locks and that of the organisation.

        Raises:
            Problem: `conflict`.
        """
        if (await self.lock()).ids - known.ids:
            raise Problem(
                CONFLICT,
                "Something about a member of the organisation began meanwhile. Send the command again.",
                "该党组织党员的业务刚有新的办理，请重新提交。",
            )

    async def redirect(
        self,
        under_way: UnderWay,
        homes: dict[UUID, UUID],
        heir_id: UUID | None,
        organisations: dict[UUID, RecordedOrganisation],
    ) -> None:
        """Let each go on, or end it where there is nothing left to do.

        Args:
            under_way: what names the organisation.
            homes: where the persons of the organisation go.
            heir_id: what takes over for all others; None where members are named one by one.
            organisations: those to which anything goes, by id.
        """
        for transfer in under_way.transfers:
            await self._transfer(transfer, homes, heir_id, organisations)
        for floating in under_way.floatings:
            await self._floating(floating, homes, heir_id, organisations)
        for development in under_way.developments:
            there = organisations[homes[development.person_id]]
            await self._about.developments.take_by_the_clock(
                self._commanded,
                development,
                DevelopmentAction.MOVE,
                organisation_id=there.organisation_id,
                division_code=there.division_code,
                bureau=there.bureau,
            )

    async def _transfer(
        self,
        known: TransferMoved,
        homes: dict[UUID, UUID],
        heir_id: UUID | None,
        organisations: dict[UUID, RecordedOrganisation],
    ) -> None:
        leaves = known.from_organisation_id == self._source_id
        giving = homes.get(known.member_id, known.from_organisation_id) if leaves else known.from_organisation_id
        receiving = known.to_organisation_id if leaves else heir_id
        if receiving is None or giving == receiving:
            await self._about.transfers.take_by_the_clock(self._commanded, known, TransferAction.WITHDRAW)
            return
        changed: dict[str, object] = {"from_organisation_id": giving, "to_organisation_id": receiving}
        if leaves:
            changed |= {"division_code": organisations[giving].division_code, "bureau": organisations[giving].bureau}
        else:
            changed["to_division_code"] = organisations[receiving].division_code
        await self._about.transfers.take_by_the_clock(self._commanded, known, TransferAction.REDIRECT, **changed)

    async def _floating(
        self,
        known: FloatingMoved,
        homes: dict[UUID, UUID],
        heir_id: UUID | None,
        organisations: dict[UUID, RecordedOrganisation],
    ) -> None:
        home, away = known.organisation_id, known.to_organisation_id
        changed: dict[str, object] = {}
        if home == self._source_id:
            home = homes[known.member_id]
            changed |= {
                "organisation_id": home,
                "division_code": organisations[home].division_code,
                "bureau": organisations[home].bureau,
            }
        elif away == self._source_id:
            away = heir_id
            changed["to_organisation_id"] = away
            if away is not None:
                changed["to_division_code"] = organisations[away].division_code
        if home == away:
            await self._about.floatings.take_by_the_clock(self._commanded, known, FloatingAction.END)
            return
        await self._about.floatings.take_by_the_clock(self._commanded, known, FloatingAction.REDIRECT, **changed)
