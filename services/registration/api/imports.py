"""What registration answers over HTTP: which files were taken in, and how far."""

import orjson
from sqlmodel import desc, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.sessions import Sessions
from services.registration.tables import ImportedFile

NEWEST = 100


def routes(sessions: Sessions) -> list[Route]:
    """Return `GET /imports`: the newest 100 files, the newest first."""

    async def imports(_request: Request) -> Response:
        async with sessions.transaction() as transaction:
            newest = select(ImportedFile).order_by(desc(ImportedFile.started_at)).limit(NEWEST)
            files = (await transaction.session.exec(newest)).all()
        body = [
            {
                "file": one.name,
                "sha256": one.digest.hex(),
                "read": one.done,
                "new": one.new,
                "changed": one.changed,
                "unchanged": one.unchanged,
                "rejected": one.rejected,
                "started_at": one.started_at,
                "finished_at": one.finished_at,
            }
            for one in files
        ]
        return Response(orjson.dumps(body), media_type="application/json")

    return [Route("/imports", imports)]
