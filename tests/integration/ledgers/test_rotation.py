"""Another master key: everything sealed is sealed anew in batches, whoever is killed, and the former key can go."""

import asyncio
import base64
import json
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from cli.main import command_line
from kit import rotation
from kit.health import Progress
from kit.rotation import KeyCheck, KeyNotHereError, rotate
from kit.sealing import KeyRing, SealBrokenError
from services.ledgers.handlers.rotation import SEALED
from tests.conftest import MakeDatabase
from tests.id_numbers import id_number
from tests.integration.ledgers.desk import KEY, TOWNSHIP, Desk, desk_on, problem
from tests.integration.ledgers.people import NUMBER, WHY, branch, found, person, revealed
from tests.tokens import ISSUER, Issuer

pytestmark = pytest.mark.servers

ELSEWHERE = "500111102000"
NEW = SecretStr(base64.b64encode(bytes([7]) * 32).decode())
PHONE = "13800000000"
COLUMNS = {
    "person.wrapped_key",
    "person_index.digest",
    "person_look.sealed_reason",
    "process_step.sealed_note",
    "process_step.sealed_on_behalf_of",
    "evidence.sealed_name",
    "evidence.sealed",
    "gathering_history.sealed_agenda",
    "gathering_history.sealed_on_behalf_of",
    "gathering_history.sealed_note",
}


class KilledError(Exception):
    """Stands for the end of the process in the middle of a run."""


def _silent(_what: str, _done: int, _left: int) -> None:
    pass


@pytest.fixture
async def url(make_database: MakeDatabase) -> str:
    return await make_database("ledgers")


async def filled(desk: Desk) -> tuple[UUID, UUID]:
    """Keep something in every place that is sealed; return a member and a transfer."""
    place, elsewhere = await branch(desk), await branch(desk, ELSEWHERE)
    member = await person(desk, place, idNumber=NUMBER, telephone=PHONE)
    body = {"memberId": str(member), "toOrganisationId": str(elsewhere), "note": "换了工作", "onBehalfOf": "王小明"}
    transfer = await desk.made("/transfers", body, division=TOWNSHIP)
    for expected, action, note in ((1, "RELEASE", "同意"), (2, "WITHDRAW", "不转了")):
        step = {"expectedVersion": expected, "action": action, "note": note}
        assert (await desk.send("POST", f"/transfers/{transfer}/steps", step, division=TOWNSHIP)).status_code == 200
    await revealed(desk, member)
    for number in range(6):
        await person(desk, place, name=f"王{number}", idNumber=id_number("19900101", number))
    await desk.made("/cadres", {"name": "李四", "divisionCode": TOWNSHIP})
    headers = desk.issuer.header("TOWNSHIP", TOWNSHIP, sub="clerk-17")
    headers |= {"Content-Type": "application/pdf", "File-Name": "list.pdf"}
    evidence = (await desk.client.post("/evidence", content=b"%PDF-1.7\n", headers=headers)).json()["evidenceId"]
    gathering = {
        "organisationId": str(place),
        "kind": "LECTURE",
        "heldOn": "2024-02-20",
        "place": "ACTIVITY_ROOM",
        "topics": ["STUDY"],
        "expected": 5,
        "present": 4,
        "agenda": "王小明讲党课",
        "onBehalfOf": "李四",
        "evidenceIds": [evidence],
    }
    held = await desk.made("/gatherings", gathering, role="TOWNSHIP", division=TOWNSHIP)
    corrected = gathering | {"expectedVersion": 1, "present": 5, "note": "补记"}
    del corrected["organisationId"]
    answer = await desk.send("PUT", f"/gatherings/{held}", corrected, role="TOWNSHIP", division=TOWNSHIP)
    assert answer.status_code == 200, answer.text
    return member, transfer


async def seen(desk: Desk, member: UUID, transfer: UUID) -> None:
    """Expect all that was kept to be readable and to be found."""
    assert await revealed(desk, member) == [
        {"memberId": str(member), "name": "王小明", "idNumber": NUMBER, "telephone": PHONE}
    ]
    for wanted in ({"name": "王小明"}, {"idNumber": NUMBER}, {"telephone": PHONE}):
        assert await found(desk, **wanted) == [member]
    steps = (await desk.send("GET", f"/transfers/{transfer}", division=TOWNSHIP)).json()["steps"]
    assert [(one.get("note"), one.get("onBehalfOf")) for one in steps] == [
        ("换了工作", "王小明"),
        ("同意", None),
        ("不转了", None),
    ]
    [row] = await desk.rows("SELECT gathering_id, evidence_ids ->> 0 AS evidence FROM gathering")
    held = (await desk.send("GET", f"/gatherings/{row['gathering_id']}", role="TOWNSHIP", division=TOWNSHIP)).json()
    assert "王小明讲党课" in str(held)
    file = await desk.send("GET", f"/evidence/{row['evidence']}", role="TOWNSHIP", division=TOWNSHIP)
    assert file.content == b"%PDF-1.7\n"
    looks = (await desk.send("GET", "/audit")).json()["looks"]
    assert {one["reason"] for one in looks} == {WHY["reason"]}


async def under(desk: Desk) -> dict[str, set[bytes]]:
    """Return the ids of the keys under which each thing is kept."""
    async with desk.database.transaction() as transaction:
        return {one.name: set(await one.under(transaction.connection)) for one in SEALED}


async def test_all_is_sealed_anew_and_the_former_key_can_go(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH_SIZE", 2)
    async with desk_on(url, tmp_path) as desk:
        member, transfer = await filled(desk)
    ring = KeyRing(NEW, (KEY,))
    async with desk_on(url, tmp_path, NEW, [KEY]) as desk:
        await seen(desk, member, transfer)
        before = await under(desk)
        assert set(before) == COLUMNS
        said: list[tuple[str, int, int]] = []
        rotated = await rotate(desk.database, ring, SEALED, lambda *one: said.append(one))
        assert (rotated.renewed > 0, rotated.left, rotated.lost) == (True, {}, {})
        assert {name: left for name, _, left in said} == dict.fromkeys(COLUMNS, 0), "in the end"
        assert [(done, left) for name, done, left in said if name == "process_step.sealed_note"] == [(2, 1), (3, 0)]
        assert await under(desk) == {one.name: {one.current(ring)} for one in SEALED}
        again = await rotate(desk.database, ring, SEALED, lambda *one: said.append(one))
        assert again.renewed == 0, "nothing to do"
    async with desk_on(url, tmp_path, NEW) as desk:
        await seen(desk, member, transfer)


async def test_a_run_that_was_killed_is_begun_again(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH_SIZE", 2)
    async with desk_on(url, tmp_path) as desk:
        member, transfer = await filled(desk)
    ring = KeyRing(NEW, (KEY,))
    async with desk_on(url, tmp_path, NEW, [KEY]) as desk:
        runs = 0
        while True:
            batches: list[tuple[str, int, int]] = []

            def killed_after_a_batch(*one: Any, said: list[tuple[str, int, int]] = batches) -> None:
                said.append(one)
                raise KilledError

            try:
                await rotate(desk.database, ring, SEALED, killed_after_a_batch)
                break
            except KilledError:
                runs += 1
            await seen(desk, member, transfer)
            assert batches[0][1] >= 1
        assert runs > 8, "batches of two"
    async with desk_on(url, tmp_path, NEW) as desk:
        await seen(desk, member, transfer)


async def test_two_runs_and_commands_at_once_leave_nothing_behind(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH_SIZE", 2)
    async with desk_on(url, tmp_path) as desk:
        member, transfer = await filled(desk)
        place = await branch(desk)
        pairs = [(await person(desk, place), await person(desk, place, telephone=PHONE)) for _ in range(8)]
    ring = KeyRing(NEW, (KEY,))
    async with desk_on(url, tmp_path, NEW, [KEY]) as desk:

        async def merged(pair: Sequence[UUID]) -> int:
            body = {"otherId": str(pair[1]), "standing": "FULL", "expectedVersion": 1, "otherExpectedVersion": 1}
            answer = await desk.send("POST", f"/members/{pair[0]}/merge", body)
            return answer.status_code

        async def commands() -> list[int]:
            return [await merged(pair if number % 2 else pair[::-1]) for number, pair in enumerate(pairs)]

        first, second, statuses = await asyncio.gather(
            rotate(desk.database, ring, SEALED, _silent), rotate(desk.database, ring, SEALED, _silent), commands()
        )
        # A command that came to the same rows the other way round is told to come again.
        assert set(statuses) <= {200, 503}
        assert not first.lost
        assert not second.lost
        assert (await rotate(desk.database, ring, SEALED, _silent)).left == {}
    async with desk_on(url, tmp_path, NEW) as desk:
        for one in (member, *(one for pair in pairs for one in pair)):
            assert await revealed(desk, one)
        steps = (await desk.send("GET", f"/transfers/{transfer}", division=TOWNSHIP)).json()["steps"]
        assert steps[0]["note"] == "换了工作"


async def test_while_some_replicas_have_the_new_key_an_id_number_is_one_members_still(url: str, tmp_path: Path) -> None:
    async with desk_on(url, tmp_path, KEY, [NEW]) as before:
        place = await branch(before)
        member = await person(before, place, idNumber=NUMBER)
    async with desk_on(url, tmp_path, NEW, [KEY]) as after:
        body = {"name": "李四", "standing": "FULL", "relationOrganisationId": str(place), "idNumber": NUMBER}
        assert problem(await after.send("POST", "/members", body)) == (409, "conflict")
        changed = {"expectedVersion": 1, "telephone": PHONE}
        assert (await after.send("PUT", f"/members/{member}/person", changed)).status_code == 200
    async with desk_on(url, tmp_path, KEY, [NEW]) as before:
        assert await found(before, idNumber=NUMBER) == [member]
        assert problem(await before.send("POST", "/members", body)) == (409, "conflict")


async def test_a_retry_under_another_key_is_known_again(url: str, tmp_path: Path) -> None:
    async with desk_on(url, tmp_path) as desk:
        body = {"name": "李四", "standing": "FULL", "relationOrganisationId": str(await branch(desk))}
        first = await desk.send("POST", "/members", body, key="k1")
    async with desk_on(url, tmp_path, NEW, [KEY]) as desk:
        assert (await desk.send("POST", "/members", body, key="k1")).json() == first.json()
        other = body | {"name": "李五"}
        assert problem(await desk.send("POST", "/members", other, key="k1")) == (422, "idempotency-key-reused")


async def test_a_key_that_is_not_here_ends_the_start_with_the_way_out(url: str, tmp_path: Path) -> None:
    async with desk_on(url, tmp_path) as desk:
        await filled(desk)
        with pytest.raises(KeyNotHereError) as told:
            await KeyCheck(desk.database, KeyRing(NEW), SEALED, Progress("keys")).run(asyncio.Event())
        for part in (*COLUMNS, "PERSONAL_DATA_KEYS_FORMER", "lianhe rotate-keys", "轮换"):
            assert part in str(told.value)
        stop, progress = asyncio.Event(), Progress("keys")
        running = asyncio.create_task(KeyCheck(desk.database, KeyRing(NEW, (KEY,)), SEALED, progress).run(stop))
        for _ in range(100):
            if progress.ready:
                break
            await asyncio.sleep(0.05)
        assert progress.ready
        stop.set()
        await running


async def test_a_process_without_the_key_ends_and_says_so(url: str, tmp_path: Path) -> None:
    async with desk_on(url, tmp_path) as desk:
        await desk.knows_member(relationOrganisationId=str(await branch(desk)))
    environment = os.environ | {
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "DATABASE_URL_LEDGERS": url,
        "DEAD_LETTER_KEY": KEY.get_secret_value(),
        "PERSONAL_DATA_KEY": NEW.get_secret_value(),
        "AUTH_ISSUER": ISSUER,
        "AUTH_JWKS": str(Issuer().publish(tmp_path)),
        "HTTP_PORT": str(_free_port()),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", "serve", "ledgers", "--role", "service"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode == 1
    assert b"person.wrapped_key: 1" in said
    assert b"PERSONAL_DATA_KEYS_FORMER" in said
    for key in (KEY, NEW):
        assert key.get_secret_value().encode() not in said


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def test_a_row_that_was_changed_is_named_and_stays(url: str, tmp_path: Path) -> None:
    async with desk_on(url, tmp_path) as desk:
        member, _ = await filled(desk)
        async with desk.database.transaction() as transaction:
            await transaction.connection.execute(
                "UPDATE person SET wrapped_key = set_byte(wrapped_key, 30, get_byte(wrapped_key, 30) # 1) "
                "WHERE person_id = $1",
                member,
            )
        with pytest.raises(SealBrokenError, match=str(member)):
            await rotate(desk.database, KeyRing(NEW, (KEY,)), SEALED, _silent)


async def _command(*options: str) -> Result:
    # in a thread of its own, for a command has an event loop of its own
    return await asyncio.to_thread(CliRunner().invoke, command_line("rotate-keys"), ["rotate-keys", *options])


async def test_the_command_says_what_it_did_and_what_is_left(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_database: MakeDatabase
) -> None:
    async with desk_on(url, tmp_path) as desk:
        await filled(desk)
    monkeypatch.setenv("DATABASE_URL_LEDGERS", url)
    monkeypatch.setenv("DATABASE_URL_REGISTRATION", await make_database("registration"))
    monkeypatch.delenv("PERSONAL_DATA_KEYS_FORMER", raising=False)
    monkeypatch.setenv("PERSONAL_DATA_KEY", NEW.get_secret_value())
    lost = await _command()
    assert lost.exit_code == 1
    assert "ledgers: sealed by a key that is not here" in lost.stdout
    assert "PERSONAL_DATA_KEYS_FORMER" in lost.stdout

    monkeypatch.setenv("PERSONAL_DATA_KEYS_FORMER", KEY.get_secret_value())
    done = await _command()
    assert done.exit_code == 0, done.output
    assert "registration: nothing to do 无需轮换" in done.stdout
    assert "the former keys can be taken out 旧密钥可以移除" in done.stdout
    assert "person.wrapped_key: 8 renewed 已轮换, 0 left 剩余" in done.stderr

    monkeypatch.delenv("PERSONAL_DATA_KEYS_FORMER")
    again = await _command("--json")
    assert again.exit_code == 0
    assert [json.loads(line) for line in again.stdout.splitlines()] == [
        {"service": one, "renewed": 0, "left": {}, "lost": {}} for one in ("registration", "ledgers")
    ]
    monkeypatch.delenv("PERSONAL_DATA_KEY")
    without = await _command()
    assert without.exit_code == 1
    assert "PERSONAL_DATA_KEY" in without.stderr
