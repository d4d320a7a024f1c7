"""Which files were taken in, and how far."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from fastapi import APIRouter
from sqlmodel import desc, select

from kit.commands import Body
from kit.http_api import PROBLEMS, TheCaller
from kit.sessions import Sessions
from services.registration.tables import ImportedFile

NEWEST: Final = 100


class FileTakenIn(Body):
    """A file by its content, and what became of its records so far. `finishedAt` is absent while it is under way."""

    file: str
    digest: str
    read: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    started_at: datetime
    finished_at: datetime | None = None


class ImportRoutes:
    """The route `/imports`.

    Args:
        sessions: on registration's database.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def router(self) -> APIRouter:
        """Return the route."""
        routes = APIRouter(tags=["imports 导入"], responses=PROBLEMS)
        routes.add_api_route(
            "/imports",
            self.imports,
            response_model=Sequence[FileTakenIn],
            response_model_exclude_none=True,
            summary=f"The newest {NEWEST} files taken in, newest first 导入记录",
        )
        return routes

    async def imports(self, _caller: TheCaller) -> Sequence[FileTakenIn]:
        """Return the files, newest first; to whoever has a token."""
        async with self._sessions.transaction() as transaction:
            newest = select(ImportedFile).order_by(desc(ImportedFile.started_at)).limit(NEWEST)
            return [_told(one) for one in (await transaction.session.exec(newest)).all()]


def _told(one: ImportedFile) -> FileTakenIn:
    return FileTakenIn(
        file=one.name,
        digest=one.digest.hex(),
        read=one.done,
        new=one.new,
        changed=one.changed,
        unchanged=one.unchanged,
        rejected=one.rejected,
        started_at=one.started_at,
        finished_at=one.finished_at,
    )
