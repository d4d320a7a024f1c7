"""Who or what a row of a file is about, among those that are known. A doubt is told, never decided."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final
from uuid import UUID

from services.ledgers.domain.organisation import compared_code

_MIDDLE_DOTS: Final = re.compile(r"[·•・‧]")


class Doubt(Enum):
    """Why it can't be said who or what is meant."""

    SEVERAL = "SEVERAL"
    OTHER_CODE = "OTHER_CODE"
    NAME_OF_ANOTHER = "NAME_OF_ANOTHER"
    OTHER_NAME = "OTHER_NAME"
    OTHER_ID_NUMBER = "OTHER_ID_NUMBER"
    OTHER_BIRTH_MONTH = "OTHER_BIRTH_MONTH"
    NO_RELATION = "NO_RELATION"


def compared_organisation_name(name: str) -> str:
    """Return a name of an organisation as it is compared: half-width, without spaces, letters in one case."""
    return _MIDDLE_DOTS.sub("·", re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))).casefold()


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """What tells an organisation from others."""

    organisation_id: UUID
    name: str
    code: str | None
    division_code: str
    active: bool


class Directory:
    """The organisations among which rows find theirs.

    Args:
        known: all of them.
    """

    def __init__(self, known: Iterable[KnownOrganisation]) -> None:
        self._known = {one.organisation_id: one for one in known}
        self._by_code: dict[str, UUID] = {}
        self._by_name: dict[str, set[UUID]] = {}
        for one in self._known.values():
            self._index(one)

    def put(self, known: KnownOrganisation) -> None:
        """Take an organisation in, in place of what was known of it."""
        before = self._known.get(known.organisation_id)
        if before is not None:
            self._by_name[compared_organisation_name(before.name)].discard(before.organisation_id)
            if before.code is not None:
                del self._by_code[before.code]
        self._known[known.organisation_id] = known
        self._index(known)

    def match(self, code: str | None, name: str, division_code: str | None) -> UUID | Doubt | None:
        """Return the organisation that a row is about, None where it is new, or why that can't be said.

        Args:
            code: as it is compared.
            name: as it was stated.
            division_code: where it belongs; None looks everywhere.
        """
        compared = compared_organisation_name(name)
        named = [one for one in self._named(compared) if division_code in {None, one.division_code}]
        holder = self._known[self._by_code[code]] if code in self._by_code else None
        if holder is not None:
            renamed = compared_organisation_name(holder.name) != compared
            return Doubt.NAME_OF_ANOTHER if renamed and named else holder.organisation_id
        if len(named) != 1:
            return Doubt.SEVERAL if named else None
        [one] = named
        return Doubt.OTHER_CODE if code is not None and one.code is not None else one.organisation_id

    def meant(self, reference: str) -> UUID | Doubt | None:
        """Return the organisation that a code or a name stands for, None where there is none, or a doubt."""
        found = {one.organisation_id for one in self._named(compared_organisation_name(reference))}
        by_code = self._by_code.get(compared_code(reference))
        if by_code is not None:
            found.add(by_code)
        if len(found) > 1:
            return Doubt.SEVERAL
        return next(iter(found), None)

    def _named(self, compared: str) -> list[KnownOrganisation]:
        return [known for one in self._by_name.get(compared, ()) if (known := self._known[one]).active]

    def _index(self, known: KnownOrganisation) -> None:
        self._by_name.setdefault(compared_organisation_name(known.name), set()).add(known.organisation_id)
        if known.code is not None:
            self._by_code[known.code] = known.organisation_id


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What tells a member from others.

    Attributes:
        member_id: of the member.
        names: as they are compared; several where records were merged.
        id_number: as it is compared.
        born_in: month of birth, YYYY-MM.
    """

    member_id: UUID
    names: frozenset[str]
    id_number: str | None
    born_in: str | None


@dataclass(frozen=True, slots=True)
class StatedIdentity:
    """What a row says of who is meant.

    Attributes:
        name: as it is compared.
        id_number: as it is compared.
        born_in: month of birth, that of the ID number where there is one.
        related: whether the row says where the relation is.
    """

    name: str
    id_number: str | None
    born_in: str | None
    related: bool


def match_member(
    stated: StatedIdentity, holder: KnownPerson | None, namesakes: Sequence[KnownPerson]
) -> UUID | Doubt | None:
    """Return the member whom a row is about, None where they are new, or why that can't be said.

    Args:
        stated: by the row.
        holder: who has its ID number.
        namesakes: who have its name and its relation; where it says no relation, all who have its name.
    """
    if holder is not None:
        return holder.member_id if stated.name in holder.names else Doubt.OTHER_NAME
    if not namesakes:
        return None
    if not stated.related:
        return Doubt.NO_RELATION
    if len(namesakes) > 1:
        return Doubt.SEVERAL
    [one] = namesakes
    return _contradiction(stated, one) or one.member_id


def _contradiction(stated: StatedIdentity, known: KnownPerson) -> Doubt | None:
    # Whoever has the stated number was asked for before, so a number that is known here is another one.
    if stated.id_number is not None and known.id_number is not None:
        return Doubt.OTHER_ID_NUMBER
    if stated.born_in is not None and known.born_in is not None and stated.born_in != known.born_in:
        return Doubt.OTHER_BIRTH_MONTH
    return None
