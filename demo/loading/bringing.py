"""What brings states about in the small district: commands with days before the district's, and persons of its own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from demo.district import names
from demo.district.district import District
from demo.loading.doors import Doors
from demo.loading.loader import Loader
from kit.commands import Answer

FIRST_PERSON: Final = 100
"""So far behind the district's members and cadres are the numbers of those whom states name."""
_A_DAY: Final = timedelta(days=1)


class Bringing:
    """Gives commands that bring states about.

    Args:
        district: the small one.
        doors: of the services.
        loader: which has loaded the district; it knows the ids, also those of `demo.loading.states`.
    """

    def __init__(self, district: District, doors: Doors, loader: Loader) -> None:
        self._district = district
        self._doors = doors
        self._loader = loader
        self._day = district.as_of
        self._persons = len(district.members) + len(district.cadres) + FIRST_PERSON

    def _person(self, number: int) -> str:
        return names.person(self._persons + number)

    def _before(self, days: int) -> str:
        return (self._day - days * _A_DAY).isoformat()

    def _id(self, key: str) -> str:
        return str(self._loader.ids[key])

    async def _make(self, service: str, path: str, key: str, **body: object) -> UUID:
        """Give a command that makes something; return its id."""
        return await self._loader.make(service, path, key, body)

    async def _give(
        self, service: str, path: str, key: str, body: Mapping[str, object], *, method: str = "POST"
    ) -> Answer:
        return await self._doors.command(service, path, key, body, method=method)
