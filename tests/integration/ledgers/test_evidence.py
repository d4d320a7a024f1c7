"""Evidence files: what is taken, whom they are given to, which records carry them, and what is thrown away."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest

from kit.evidence import Uploaded, keep, prune_evidence, seal
from kit.evidence_types import EvidenceType
from kit.sealing import Sealer
from tests.integration.ledgers.desk import KEY, TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

PDF = b"%PDF-1.7\n" + "王小明的入党申请书".encode()
ELSEWHERE = "500111102000"
NAME = "王小明 入党申请书.pdf"


async def upload(
    desk: Desk,
    content: bytes = PDF,
    *,
    media_type: str = "application/pdf",
    name: str | None = NAME,
    role: str = "TOWNSHIP",
    division: str = TOWNSHIP,
    subject: str = "clerk-17",
) -> httpx.Response:
    headers = desk.issuer.header(role, division, sub=subject) | {"Content-Type": media_type}
    if name is not None:
        headers["File-Name"] = quote(name)
    return await desk.client.post("/evidence", content=content, headers=headers)


async def uploaded(desk: Desk, content: bytes = PDF, **options: Any) -> UUID:
    answer = await upload(desk, content, **options)
    assert answer.status_code in {200, 201}, answer.text
    return UUID(answer.json()["evidenceId"])


async def fetched(desk: Desk, evidence: UUID, **options: Any) -> httpx.Response:
    return await desk.send("GET", f"/evidence/{evidence}", **options)


async def branch(desk: Desk, division: str = TOWNSHIP) -> UUID:
    return await desk.made(
        "/organisations", {"name": "支部", "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": division}
    )


def gathering(organisation: UUID, *evidence: UUID) -> dict[str, Any]:
    return {
        "organisationId": str(organisation),
        "kind": "LECTURE",
        "heldOn": "2024-02-20",
        "place": "ONLINE",
        "expected": 5,
        "present": 4,
        "evidenceIds": [str(one) for one in evidence],
    }


async def test_a_file_is_kept_sealed_and_given_back_as_it_was(desk: Desk) -> None:
    answer = await upload(desk)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["sha256"], body["size"], body["mediaType"]) == (sha256(PDF).hexdigest(), len(PDF), "application/pdf")
    again = await upload(desk)
    assert (again.status_code, again.json()["evidenceId"]) == (200, body["evidenceId"]), "the same bytes are one file"
    kept = str(await desk.rows("SELECT * FROM evidence"))
    assert "王小明" not in kept
    assert "王小明".encode().hex() not in kept
    given = await fetched(desk, UUID(body["evidenceId"]), role="TOWNSHIP", division=TOWNSHIP)
    assert (given.status_code, given.content, given.headers["content-type"]) == (200, PDF, "application/pdf")
    assert given.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME, safe='')}"
    assert given.headers["x-content-type-options"] == "nosniff"
    [look] = await desk.rows("SELECT * FROM evidence_look")
    assert (look["evidence_id"], look["looked_by"], look["aggregate"]) == (UUID(body["evidenceId"]), "clerk-17", None)


@pytest.mark.parametrize(
    ("content", "media_type", "refused"),
    [
        (PDF, "text/html", (415, "unsupported-type")),
        (PDF, "image/png", (415, "unsupported-type")),
        (b"<html>", "application/pdf", (415, "unsupported-type")),
        (b"", "application/pdf", (415, "unsupported-type")),
        (b"PK\x03\x04 no archive", "application/ofd", (415, "unsupported-type")),
        (b"%PDF-" + b"x" * 10 * 2**20, "application/pdf", (413, "too-large")),
    ],
)
async def test_what_is_not_taken_is_refused_in_both_languages(
    desk: Desk, content: bytes, media_type: str, refused: tuple[int, str]
) -> None:
    assert problem(await upload(desk, content, media_type=media_type)) == refused
    assert await desk.rows("SELECT * FROM evidence") == []


async def test_a_body_of_unknown_length_is_read_no_further_than_a_file_may_be(desk: Desk) -> None:
    read = 0

    async def chunks() -> Any:
        nonlocal read
        for _ in range(40):
            read += 1
            yield b"%PDF-" + bytes(2**20)

    headers = desk.issuer.header("TOWNSHIP", TOWNSHIP) | {"Content-Type": "application/pdf", "File-Name": "a.pdf"}
    assert problem(await desk.client.post("/evidence", content=chunks(), headers=headers)) == (413, "too-large")


async def test_a_name_is_needed_and_a_reader_uploads_nothing(desk: Desk) -> None:
    assert problem(await upload(desk, name=None)) == (422, "invalid")
    assert problem(await upload(desk, name="\x00 ")) == (422, "invalid")
    assert problem(await upload(desk, role="READER")) == (403, "forbidden")
    headers = {"Content-Type": "application/pdf", "File-Name": "a.pdf"}
    assert problem(await desk.client.post("/evidence", content=PDF, headers=headers)) == (401, "unauthenticated")
    assert await desk.rows("SELECT * FROM evidence") == []


async def test_a_file_is_given_to_who_may_see_a_record_that_carries_it(desk: Desk) -> None:
    evidence, organisation = await uploaded(desk), await branch(desk)
    others = {"role": "TOWNSHIP", "division": TOWNSHIP, "subject": "clerk-18"}
    assert problem(await fetched(desk, evidence, **others)) == (403, "forbidden")
    await desk.made("/gatherings", gathering(organisation, evidence), role="TOWNSHIP", division=TOWNSHIP)
    assert (await fetched(desk, evidence, **others)).content == PDF
    assert problem(await fetched(desk, evidence, role="READER", subject="clerk-18")) == (403, "forbidden")
    elsewhere = await fetched(desk, evidence, role="TOWNSHIP", division=ELSEWHERE, subject="clerk-18")
    assert problem(elsewhere) == (403, "forbidden")
    assert problem(await fetched(desk, UUID(int=1))) == (404, "not-found")
    [look] = await desk.rows("SELECT * FROM evidence_look")
    assert (look["looked_by"], look["aggregate"]) == ("clerk-18", "ledgers-gathering")


async def test_only_its_uploader_attaches_a_file_and_a_record_keeps_what_it_carries(desk: Desk) -> None:
    organisation, mine = await branch(desk), await uploaded(desk)
    theirs = await uploaded(desk, PDF + b"2", subject="clerk-18")
    refused = await desk.send("POST", "/gatherings", gathering(organisation, mine, theirs))
    assert (problem(refused), pointers(refused)) == ((422, "invalid"), ["/evidenceIds/1"])
    assert await desk.rows("SELECT * FROM evidence_use") == [], "nothing half-written"
    made = await desk.made("/gatherings", gathering(organisation, mine))
    body = {name: value for name, value in gathering(organisation, mine, theirs).items() if name != "organisationId"}
    path = f"/gatherings/{made}"
    corrected = await desk.send("PUT", path, body | {"expectedVersion": 1}, subject="clerk-18")
    assert corrected.status_code == 200, corrected.text
    seen = (await desk.send("GET", path)).json()
    assert seen["evidenceIds"] == [str(mine), str(theirs)]
    fewer = body | {"expectedVersion": 2, "evidenceIds": [], "present": 1}
    assert (await desk.send("PUT", path, fewer)).status_code == 200
    assert (await desk.send("GET", path)).json()["evidenceIds"] == [str(mine), str(theirs)]


async def test_a_step_of_a_process_carries_files_for_both_sides(desk: Desk) -> None:
    giving, receiving = await branch(desk), await branch(desk, ELSEWHERE)
    member = await desk.knows_member(relationOrganisationId=str(giving))
    evidence = await uploaded(desk)
    body = {"memberId": str(member), "toOrganisationId": str(receiving), "evidenceIds": [str(evidence)]}
    foreign = await desk.send("POST", "/transfers", body, division=TOWNSHIP, subject="clerk-18")
    assert (problem(foreign), pointers(foreign)) == ((422, "invalid"), ["/evidenceIds/0"])
    transfer = await desk.made("/transfers", body, division=TOWNSHIP)
    seen = (await desk.send("GET", f"/transfers/{transfer}", division=ELSEWHERE)).json()
    assert seen["evidenceIds"] == [str(evidence)]
    assert (await fetched(desk, evidence, division=ELSEWHERE, subject="clerk-18")).content == PDF
    stranger = await fetched(desk, evidence, role="TOWNSHIP", division=TOWNSHIP, subject="clerk-18")
    assert problem(stranger) == (403, "forbidden"), "a township may not see transfers"
    step = {"action": "RELEASE", "expectedVersion": 1, "evidenceIds": [str(evidence)]}
    again = await desk.send("POST", f"/transfers/{transfer}/steps", step, division=TOWNSHIP, subject="clerk-18")
    assert again.status_code == 200, "it is of the same process"


async def test_what_nobody_attached_goes_after_a_month_and_what_is_attached_stays(desk: Desk) -> None:
    organisation = await branch(desk)
    attached = await uploaded(desk)
    left = await uploaded(desk, PDF + b"2")
    await desk.made("/gatherings", gathering(organisation, attached), role="TOWNSHIP", division=TOWNSHIP)
    desk.clock.advance(timedelta(days=29))
    newer = await uploaded(desk, PDF + b"3")
    assert await pruned(desk) == 0
    desk.clock.advance(timedelta(days=2))
    assert await pruned(desk) == 1
    rows = await desk.rows("SELECT evidence_id FROM evidence ORDER BY evidence_id")
    assert [row["evidence_id"] for row in rows] == sorted([attached, newer])
    refused = await desk.send("POST", "/gatherings", gathering(organisation, left))
    assert pointers(refused) == ["/evidenceIds/0"]
    assert await uploaded(desk, PDF + b"2") != left, "uploaded again it is another file"


async def test_uploading_again_what_was_never_attached_keeps_it_from_being_thrown_away(desk: Desk) -> None:
    first = await uploaded(desk)
    desk.clock.advance(timedelta(days=29))
    assert await uploaded(desk) == first
    desk.clock.advance(timedelta(days=2))
    assert await pruned(desk) == 0


async def test_of_attaching_and_throwing_away_at_once_one_finds_what_the_other_did(desk: Desk) -> None:
    organisation = await branch(desk)
    sealer = Sealer(KEY)
    outcomes = set()
    for number in range(30):
        file = seal(sealer, Uploaded("a.pdf", EvidenceType.PDF, PDF + str(number).encode()))
        async with desk.database.transaction() as transaction:
            long_ago = desk.clock.now() - timedelta(days=40)
            evidence, _ = await keep(transaction.connection, "clerk-17", file, long_ago)
        body = gathering(organisation, evidence)
        answer, gone = await asyncio.gather(desk.send("POST", "/gatherings", body), pruned(desk))
        left = await desk.rows(f"SELECT FROM evidence WHERE evidence_id = '{evidence}'")
        assert (answer.status_code, gone, len(left)) in {(201, 0, 1), (422, 1, 0)}
        outcomes.add(answer.status_code)
    assert outcomes


async def pruned(desk: Desk) -> int:
    async with desk.database.transaction() as transaction:
        return await prune_evidence(transaction.connection, desk.clock.now())
