"""Files that registration's records carry: uploaded to registration, given to who may see the record."""

import pytest

from tests.integration.registration.desk import ELSEWHERE, TOWNSHIP, Desk, pointers, problem

pytestmark = pytest.mark.servers

PDF = b"%PDF-1.7\n"


async def test_a_commitment_carries_a_file_to_who_may_see_it(front: Desk) -> None:
    headers = front.issuer.header("STATION", TOWNSHIP, sub="clerk-20")
    answer = await front.client.post(
        "/evidence", content=PDF, headers=headers | {"Content-Type": "application/pdf", "File-Name": "a.pdf"}
    )
    assert answer.status_code == 201, answer.text
    evidence = answer.json()["evidenceId"]
    body = {"entityId": str(await front.registers()), "kind": "MISSING_PAPERS", "promisedUntil": "2024-03-15"}
    foreign = await front.send("POST", "/commitments", body | {"evidenceIds": [evidence]})
    assert (problem(foreign), pointers(foreign)) == ((422, "invalid"), ["/evidenceIds/0"])
    made = await front.client.post(
        "/commitments", json=body | {"evidenceIds": [evidence]}, headers=headers | {"Idempotency-Key": "1"}
    )
    assert made.status_code == 201, made.text
    others = front.issuer.header("STATION", TOWNSHIP, sub="clerk-21")
    assert (await front.client.get(f"/evidence/{evidence}", headers=others)).content == PDF
    elsewhere = front.issuer.header("STATION", ELSEWHERE, sub="clerk-21")
    assert problem(await front.client.get(f"/evidence/{evidence}", headers=elsewhere)) == (403, "forbidden")
