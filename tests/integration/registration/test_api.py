"""What registration answers over HTTP."""

from pathlib import Path

import httpx
import pytest

from kit.callers import Verifier
from kit.clock import ManualClock
from kit.database import Database
from kit.http_api import application
from kit.sessions import Sessions
from services.registration.api.imports import ImportRoutes
from services.registration.handlers.import_files import Importer
from tests.conftest import MakeDatabase
from tests.integration.registration.test_import import HEADER, NOW, A, Heard, row
from tests.tokens import ISSUER, Issuer

pytestmark = pytest.mark.servers


async def test_the_files_taken_in_are_listed_newest_first(make_database: MakeDatabase, tmp_path: Path) -> None:
    url = await make_database("registration")
    database, sessions = Database(url, application_name="test"), Sessions(url, application_name="test")
    issuer = Issuer()
    app = application("registration", "", Verifier.of(ISSUER, str(issuer.publish(tmp_path))), [])
    app.include_router(ImportRoutes(sessions).router())
    transport = httpx.ASGITransport(app)
    clock = ManualClock(NOW)
    importer = Importer(database, clock, trace_sample_ratio=0, watcher=Heard())
    for name, rows in (("first.csv", (row(A),)), ("second.csv", (row(A, name="改"), row("broken")))):
        path = tmp_path / name
        path.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
        await importer.take_in(path)
        clock.advance(NOW - NOW.replace(hour=1))

    async with httpx.AsyncClient(transport=transport, base_url="http://registration") as client:
        answer = await client.get("/imports", headers=issuer.header("READER"))
        refused = await client.get("/imports")
    await database.close()
    await sessions.close()

    assert refused.status_code == 401
    assert answer.status_code == 200
    listed = answer.json()
    assert [(one["file"], one["read"], one["new"], one["changed"], one["rejected"]) for one in listed] == [
        ("second.csv", 2, 0, 1, 1),
        ("first.csv", 1, 1, 0, 0),
    ]
    assert [one["finishedAt"] for one in listed] == ["2024-02-28T03:00:00Z", "2024-02-28T02:00:00Z"]
    assert all(len(one["digest"]) == 64 for one in listed)
