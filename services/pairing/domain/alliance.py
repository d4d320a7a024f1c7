"""An alliance 党建联合体 of “群众+企业+街道” (domain rule 11): at least one party on each of the three sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from contracts.vocabulary import AllianceSide, AllianceState, Bureau, DivisionLevel
from services.pairing.domain.misfit import Misfit


class PartyKind(StrEnum):
    """What a party is, by the field of the request that names it."""

    ENTITY = "entityId"
    ORGANISATION = "organisationId"
    ASSOCIATION = "associationId"
    DIVISION = "divisionCode"


Named = tuple[PartyKind, UUID | str]
"""What a party is, and its id or code."""

FITS: Final[Mapping[AllianceSide, frozenset[PartyKind]]] = {
    AllianceSide.MASSES: frozenset({PartyKind.ASSOCIATION, PartyKind.ORGANISATION}),
    AllianceSide.ENTERPRISE: frozenset({PartyKind.ENTITY, PartyKind.ORGANISATION}),
    AllianceSide.SUBDISTRICT: frozenset({PartyKind.DIVISION, PartyKind.ORGANISATION}),
}
"""Which kinds can stand on which side; an organisation of a community, too, stands for the masses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party, on one side; one of its four ids names it."""

    side: AllianceSide
    entity_id: UUID | None = None
    organisation_id: UUID | None = None
    association_id: UUID | None = None
    division_code: str | None = None

    @property
    def ids(self) -> Sequence[Named]:
        """The ids that are there."""
        stated = (
            (PartyKind.ENTITY, self.entity_id),
            (PartyKind.ORGANISATION, self.organisation_id),
            (PartyKind.ASSOCIATION, self.association_id),
            (PartyKind.DIVISION, self.division_code),
        )
        return [(kind, value) for kind, value in stated if value is not None]


@dataclass(frozen=True, slots=True)
class KnownParty:
    """What pairing knows of a party.

    Attributes:
        active: whether it is registered, not dissolved, not closed.
        bureau: its line 条; a division has none.
        level: of a division.
    """

    active: bool
    bureau: Bureau | None = None
    level: DivisionLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alliance:
    """An alliance. Its line is that of its first enterprise.

    Attributes:
        version: counts its changes from 1.
        formed_on: 成立日期, Asia/Shanghai.
        effective_on: day from which this state holds.
    """

    alliance_id: UUID
    version: int
    name: str
    parties: tuple[Party, ...]
    state: AllianceState
    formed_on: date
    division_code: str
    bureau: Bureau
    effective_on: date
    recorded_at: datetime


def misfits(parties: Sequence[Party]) -> list[Misfit]:
    """Return what is wrong with the parties as they are stated.

    Each needs one id, of a kind that fits its side; none is there twice; on every side there is one.
    """
    found = []
    seen: set[Named] = set()
    for place, party in enumerate(parties):
        pointer = f"/parties/{place}"
        if len(party.ids) != 1:
            found.append(Misfit(pointer, "needs exactly one id", "应当且只能填写一个编号"))
            continue
        [named] = party.ids
        kind, _ = named
        if kind not in FITS[party.side]:
            fitting = ", ".join(sorted(FITS[party.side]))
            found.append(
                Misfit(
                    f"{pointer}/{kind}",
                    f"can't stand on the side {party.side.value}; that takes {fitting}",
                    f"不能作为“{party.side.zh}”一方，应填写：{fitting}",
                )
            )
        if named in seen:
            found.append(Misfit(f"{pointer}/{kind}", "is a party already", "重复"))
        seen.add(named)
    there = {party.side for party in parties}
    found += [
        Misfit("/parties", f"has nobody on the side {side.value}", f"缺少“{side.zh}”一方")
        for side in AllianceSide
        if side not in there
    ]
    return found


def unknown(parties: Sequence[Party], known: Mapping[Named, KnownParty]) -> list[Misfit]:
    """Return the parties that pairing doesn't know."""
    return [
        Misfit(f"/parties/{place}/{named[0]}", "is not known yet, or wrong", "尚未收到或编号有误")
        for place, party in enumerate(parties)
        for named in party.ids
        if named not in known
    ]


def gone(parties: Sequence[Party], known: Mapping[Named, KnownParty]) -> list[Misfit]:
    """Return the parties that are no more. All of them are known."""
    return [
        Misfit(f"/parties/{place}/{named[0]}", "is not active any more", "已注销或撤销")
        for place, party in enumerate(parties)
        for named in party.ids
        if not known[named].active
    ]


def no_townships(parties: Sequence[Party], known: Mapping[Named, KnownParty]) -> list[Misfit]:
    """Return the divisions that are no township or subdistrict 镇街. All parties are known."""
    return [
        Misfit(f"/parties/{place}/{PartyKind.DIVISION}", "is no township or subdistrict", "不是镇街")
        for place, party in enumerate(parties)
        for named in party.ids
        if named[0] is PartyKind.DIVISION and known[named].level is not DivisionLevel.TOWNSHIP
    ]


def line_of(parties: Sequence[Party], known: Mapping[Named, KnownParty]) -> Bureau:
    """Return the line of an alliance: that of its first enterprise. All parties are known, and fit their sides."""
    lines = [known[named].bureau for party in parties if party.side is AllianceSide.ENTERPRISE for named in party.ids]
    return next(line for line in lines if line is not None)


def dissolve(known: Alliance, *, effective_on: date, now: datetime) -> Alliance:
    """Return an alliance that is no more from a day on, neither before it was formed nor in the future."""
    return replace(
        known,
        version=known.version + 1,
        state=AllianceState.DISSOLVED,
        effective_on=effective_on,
        recorded_at=now,
    )
