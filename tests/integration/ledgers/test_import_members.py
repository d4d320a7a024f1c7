"""Files of members, taken into the ledgers by the command line on the real database."""

import asyncio
import signal
import stat
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from contracts.events.ledgers.members import MemberRecorded
from contracts.vocabulary import MemberStanding
from services.ledgers.handlers import import_files
from tests.id_numbers import id_number
from tests.integration.ledgers.desk import DISTRICT, KEY, TOWNSHIP, USCCS, Desk
from tests.integration.ledgers.files import Counter, member
from tests.integration.ledgers.people import person, revealed

pytestmark = pytest.mark.servers

NUMBER, OTHER_NUMBER = id_number("19850308"), id_number("19850308", 2)


@pytest.fixture
def counter(desk: Desk, tmp_path: Path) -> Counter:
    return Counter(tmp_path, desk.url)


async def branch(desk: Desk, name: str, code: str | None = None) -> UUID:
    facts = {"name": name, "form": "BRANCH", "mode": "CATCH_ALL", "divisionCode": TOWNSHIP, "code": code}
    return await desk.made("/organisations", facts)


async def test_a_new_member_is_recorded_with_all_that_the_row_states(desk: Desk, counter: Counter) -> None:
    entity = await desk.knows_entity()
    related, managing = await branch(desk, "五金支部", "A-1"), await branch(desk, "社区支部")
    row = member(
        "王小明",
        "A-1",
        id_number=NUMBER.lower(),
        telephone="139 0000 0001",
        standing="预备党员",
        workplace=USCCS[0],
        management="社区支部",
        effective_on="2024-01-31",
    )

    assert await counter.imports("members", counter.csv("members", row)) == (1, 0, 0, 0)

    [told] = await desk.told(MemberRecorded)
    assert (told.masked_name, told.born_in, told.standing) == ("王**", "1985-03", MemberStanding.PROBATIONARY)
    assert (told.workplace_entity_id, told.relation_organisation_id, told.management_organisation_id) == (
        entity,
        related,
        managing,
    )
    assert str(told.relation_since) == "2024-01-31"
    [facts] = await revealed(desk, told.member_id)
    assert (facts["name"], facts["idNumber"], facts["telephone"]) == ("王小明", NUMBER, "13900000001")
    [coverage] = await desk.rows("SELECT probationary_members FROM coverage")
    assert coverage["probationary_members"] == 1


async def test_the_same_file_again_changes_nothing(desk: Desk, counter: Counter) -> None:
    await branch(desk, "五金支部")
    file = counter.csv("members", member("王小明", "五金支部", id_number=NUMBER), member("李四", "五金支部"))
    assert await counter.imports("members", file) == (2, 0, 0, 0)
    told = len(await desk.outbox())

    assert await counter.imports("members", file) == (0, 0, 2, 0)

    assert len(await desk.outbox()) == told


async def test_another_file_changes_what_it_states_and_keeps_the_rest(desk: Desk, counter: Counter) -> None:
    one, other = await branch(desk, "一支部"), await branch(desk, "二支部")
    known = await person(desk, one, idNumber=NUMBER, telephone="13900000001", managementOrganisationId=str(one))
    namesake = await person(desk, one, name="赵六", bornIn="1990-01")
    same = await person(desk, other, name="孙七")
    file = counter.csv(
        "members",
        {"name": "王小明", "id_number": NUMBER, "relation": "二支部", "telephone": "13900000002"},
        {"name": "赵 六", "id_number": id_number("19900102"), "relation": "一支部"},
        {"name": "孙七", "relation": "二支部", "standing": "正式党员"},
    )

    assert await counter.imports("members", file) == (0, 2, 1, 0)

    moved, told = (await desk.told(MemberRecorded))[-2:], {row.member_id for row in await desk.told(MemberRecorded)}
    assert told == {known, namesake, same}
    assert moved[0].member_id == known
    assert (moved[0].relation_organisation_id, moved[0].management_organisation_id) == (other, one)
    [facts] = await revealed(desk, known)
    assert facts["telephone"] == "13900000002"
    [facts] = await revealed(desk, namesake)
    assert (facts["name"], facts["idNumber"]) == ("赵六", id_number("19900102"))


async def test_what_is_ambiguous_is_rejected_and_never_merged(desk: Desk, counter: Counter) -> None:
    await desk.knows_entity()
    place = await branch(desk, "五金支部")
    for facts in ({"name": "双生"}, {"name": "双生"}, {"bornIn": "1985-03"}, {"name": "李四", "idNumber": NUMBER}):
        await person(desk, place, **facts)
    told = len(await desk.outbox())
    file = counter.csv(
        "members",
        member("双生", "五金支部"),
        member("王小明", "五金支部", born_in="1985.04"),
        member("李四", "五金支部", id_number=OTHER_NUMBER),
        member("张三", "五金支部", id_number=NUMBER),
        {"name": "王小明", "standing": "正式党员", "workplace": USCCS[0]},
        member("新人", "没有的支部"),
    )

    assert await counter.imports("members", file) == (0, 0, 0, 6)

    assert counter.reasons() == [
        ("2", "姓名", "AMBIGUOUS"),
        ("3", "姓名", "AMBIGUOUS"),
        ("4", "公民身份号码", "AMBIGUOUS"),
        ("5", "公民身份号码", "AMBIGUOUS"),
        ("6", "姓名", "AMBIGUOUS"),
        ("7", "组织关系所在党组织", "UNKNOWN"),
    ]
    assert [row["姓名"] for row in counter.rejected()] == ["双生", "王小明", "李四", "张三", "王小明", "新人"]
    assert len({row["原因"] for row in counter.rejected()}) == 6, "each has its own way out"
    assert len(await desk.outbox()) == told


async def test_two_rows_of_a_file_about_one_member_are_not_both_taken(desk: Desk, counter: Counter) -> None:
    await branch(desk, "五金支部")
    twice = [member("王小明", "五金支部", telephone=f"1390000000{digit}") for digit in (1, 2)]
    file = counter.csv("members", *twice)

    assert await counter.imports("members", file) == (1, 0, 0, 1)

    [row] = counter.rejected()
    assert (row["行"], row["原因代码"]) == ("3", "TWICE")
    assert "第2行" in row["原因"]


async def test_a_bad_row_is_rejected_alone_and_leaves_nothing_half_written(desk: Desk, counter: Counter) -> None:
    place = await branch(desk, "五金支部")
    known = await person(desk, place)
    file = counter.csv(
        "members",
        member("甲", "五金支部", id_number="99999919850308001"),
        member("乙", "五金支部", telephone="12"),
        member("丙", "五金支部", born_in="1985-13"),
        member("丁", "五金支部", standing="群众"),
        {"name": "戊", "relation": "五金支部"},
        member("己", "五金支部", id_number="9.99999198503080E+17"),
        member("", "五金支部"),
        member("王小明", "五金支部", telephone="13900000009", workplace=USCCS[0]),
        {"name": "王小明", "relation": "五金支部", "telephone": "13900000009", "effective_on": "2999-01-01"},
        member("庚", "五金支部"),
    )

    assert await counter.imports("members", file) == (1, 0, 0, 9)

    assert counter.reasons() == [
        ("2", "公民身份号码", "REFUSED"),
        ("3", "联系电话", "REFUSED"),
        ("4", "出生年月", "DAY"),
        ("5", "党员类别", "WORD"),
        ("6", "党员类别", "MISSING"),
        ("7", "公民身份号码", "NUMBER"),
        ("8", "姓名", "MISSING"),
        ("9", "从业主体统一社会信用代码", "UNKNOWN"),
        ("10", "生效日期", "REFUSED"),
    ]
    [facts] = await revealed(desk, known)
    assert "telephone" not in facts, "what the row did before it was refused is undone"
    assert len(await desk.rows("SELECT FROM person")) == 2


async def test_a_preview_writes_nothing(desk: Desk, counter: Counter) -> None:
    place = await branch(desk, "五金支部")
    await person(desk, place, idNumber=NUMBER)
    tables = ("member", "person", "person_index", "outbox", "imported_row", "membership", "coverage")
    before = await counter.kept(*tables)
    file = counter.csv(
        "members",
        member("王小明", "五金支部", id_number=NUMBER, telephone="13900000001"),
        member("李四", "五金支部"),
        member("李四", "五金支部"),
        member("王五", "没有的支部"),
    )

    assert await counter.imports("members", file, "--dry-run") == (1, 1, 0, 2)

    assert counter.reasons() == [("4", "", "TWICE"), ("5", "组织关系所在党组织", "UNKNOWN")]
    assert await counter.kept(*tables) == before


async def test_a_command_in_the_middle_of_an_import_waits_or_goes_first(desk: Desk, counter: Counter) -> None:
    place = await branch(desk, "五金支部", "A-1")
    rows = [member(f"党员{number}", "A-1") for number in range(60)]
    file = counter.csv("members", *rows)

    imported, *members = await asyncio.gather(
        counter.imports("members", file), *(person(desk, place, name=f"其他{number}") for number in range(5))
    )

    assert imported == (60, 0, 0, 0)
    assert len(set(members)) == 5
    [counted] = await desk.rows("SELECT related FROM membership")
    assert counted["related"] == 65


async def test_an_import_that_was_killed_goes_on(desk: Desk, counter: Counter) -> None:
    await branch(desk, "五金支部", "A-1")
    many = 4 * import_files.BATCH_SIZE
    file = counter.csv("members", *(member(f"党员{number}", "A-1") for number in range(many)))
    arguments = ("import-members", file, "--division", DISTRICT, "--rejects", counter.rejects, "--json")
    command = [sys.executable, "-m", "cli.main", *map(str, arguments)]
    process = subprocess.Popen(command, env=counter.settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: ASYNC220 - the command as an operator gives it
    try:
        while not (taken := (await desk.rows("SELECT count(*) FROM imported_row"))[0][0]):
            assert process.poll() is None, process.stderr and process.stderr.read()
            await asyncio.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert taken < many, "it was over before it was killed"
    # what the killed one had asked for may still be carried out: the lock that it held tells when that is over
    await desk.rows("SELECT pg_advisory_xact_lock(hashtextextended('ledgers import', 0))")
    [(taken,)] = await desk.rows("SELECT count(*) FROM imported_row")

    assert await counter.imports("members", file) == (many - taken, 0, taken, 0)

    [(members, told)] = await desk.rows(
        "SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM outbox WHERE topic = 'ledgers-member')"
    )
    assert (members, told) == (many, many)


async def test_under_another_key_than_the_ledgers_nothing_is_taken_in(desk: Desk, counter: Counter) -> None:
    await person(desk, await branch(desk, "五金支部"))
    other = Counter(counter.place, counter.url, "/" + KEY.get_secret_value()[1:])

    result = await other.run(
        "import-members", counter.csv("members", member("李四", "五金支部")), "--division", DISTRICT
    )

    assert result.exit_code == 1
    assert "PERSONAL_DATA_KEYS_FORMER" in result.stderr
    assert len(await desk.rows("SELECT FROM member")) == 1


async def test_the_rejects_file_is_for_its_owner_alone(desk: Desk, counter: Counter) -> None:
    await branch(desk, "五金支部")
    await counter.imports("members", counter.csv("members", member("王小明", "没有的支部")))

    assert stat.S_IMODE(counter.rejects.stat().st_mode) == 0o600


async def test_lines_of_json_name_columns_in_english(desk: Desk, counter: Counter) -> None:
    await branch(desk, "五金支部")

    assert await counter.imports("members", counter.json_lines(member("王小明", "五金支部"))) == (1, 0, 0, 0)


NAME, BAD_NAME = "麒麟曌", "饕餮龘"
CANARY, BAD_CANARY, PHONE = id_number("19870613", 271), "999999198706132719", "13957294816"


def _sung(text: str) -> list[str]:
    canaries = (NAME, NAME[1:], BAD_NAME, BAD_NAME[1:], CANARY, BAD_CANARY, PHONE, PHONE[:9])
    return [one for one in canaries if one in text or one.encode().hex() in text]


async def test_no_name_or_number_gets_out(
    desk: Desk, counter: Counter, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await branch(desk, "五金支部")
    file = counter.csv(
        "members",
        member(NAME, "五金支部", id_number=CANARY, telephone=PHONE),
        member(BAD_NAME, "五金支部", id_number=BAD_CANARY, telephone=PHONE),
        member(BAD_NAME, NAME, telephone=PHONE[:9]),
        name=f"{BAD_CANARY}.csv",
    )
    arguments = (file, "--division", DISTRICT, "--rejects", counter.rejects)

    results = [
        await counter.run("import-members", *arguments, *further) for further in (("--dry-run",), (), ("--json",))
    ]

    assert [one.exit_code for one in results] == [0, 0, 0]
    assert NAME in counter.rejects.read_text(encoding="utf-8-sig"), "the clerk's own row"
    tables = await desk.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    kept = [str(await desk.rows(f'SELECT t::text FROM "{name}" AS t')) for (name,) in tables]  # noqa: S608 - names of the schema
    assert "imported_row" in {name for (name,) in tables}
    said = [capfd.readouterr().out, capfd.readouterr().err, caplog.text, *kept]
    said += [one.stdout + one.stderr for one in results]
    assert [found for text in said if (found := _sung(text))] == []
